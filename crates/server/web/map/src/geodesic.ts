// Lengths and areas on the ellipsoid of WGS 84.

export type Position = [lon: number, lat: number];

const A_M = 6_378_137;
const F = 1 / 298.257223563;
const B_M = A_M * (1 - F);
const E2 = F * (2 - F);
const E = Math.sqrt(E2);

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** The shortest way between two positions in metres (Vincenty 1975, inverse). */
export function distance([lon1, lat1]: Position, [lon2, lat2]: Position): number {
  const L = radians(lon2 - lon1);
  const [U1, U2] = [lat1, lat2].map((lat) => Math.atan((1 - F) * Math.tan(radians(lat)))) as [number, number];
  const [sinU1, cosU1, sinU2, cosU2] = [Math.sin(U1), Math.cos(U1), Math.sin(U2), Math.cos(U2)];
  let lambda = L;
  for (let step = 0; step < 100; step++) {
    const [sin, cos] = [Math.sin(lambda), Math.cos(lambda)];
    const sinSigma = Math.hypot(cosU2 * sin, cosU1 * sinU2 - sinU1 * cosU2 * cos);
    if (sinSigma === 0) return 0;
    const cosSigma = sinU1 * sinU2 + cosU1 * cosU2 * cos;
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (cosU1 * cosU2 * sin) / sinSigma;
    const cos2Alpha = 1 - sinAlpha ** 2;
    const cos2m = cos2Alpha === 0 ? 0 : cosSigma - (2 * sinU1 * sinU2) / cos2Alpha;
    const C = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
    const inner = cos2m + C * cosSigma * (2 * cos2m ** 2 - 1);
    const next = L + (1 - C) * F * sinAlpha * (sigma + C * sinSigma * inner);
    if (Math.abs(next - lambda) < 1e-12) return along(sigma, sinSigma, cosSigma, cos2m, cos2Alpha);
    lambda = next;
  }
  // Nearly opposite points of the earth, where the method does not settle.
  return NaN;
}

function along(sigma: number, sin: number, cos: number, cos2m: number, cos2Alpha: number): number {
  const u2 = (cos2Alpha * (A_M ** 2 - B_M ** 2)) / B_M ** 2;
  const A = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
  const B = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
  const third = (B / 6) * cos2m * (4 * sin ** 2 - 3) * (4 * cos2m ** 2 - 3);
  return B_M * A * (sigma - B * sin * (cos2m + (B / 4) * (cos * (2 * cos2m ** 2 - 1) - third)));
}

/** The length of a line in metres. */
export function length(line: Position[]): number {
  return line.slice(1).reduce((sum, position, at) => sum + distance(line[at]!, position), 0);
}

const authalicQ = (sin: number) =>
  (1 - E2) * (sin / (1 - E2 * sin ** 2) + Math.atanh(E * sin) / E);
const Q_POLE = authalicQ(1);
/** The radius of the sphere with the area of the ellipsoid. */
const R_M = A_M * Math.sqrt(Q_POLE / 2);

/** The area inside a line in square metres: that of the polygon of great circles on the sphere of the same
 * area (Snyder 1987, authalic latitude), good to a hundred-thousandth for what a map of Serbia holds. */
export function area(ring: Position[]): number {
  let excess = 0;
  for (const [at, [lon1, lat1]] of ring.entries()) {
    const [lon2, lat2] = ring[(at + 1) % ring.length]!;
    const [t1, t2] = [half(lat1), half(lat2)];
    excess += 2 * Math.atan2(Math.tan(radians(lon2 - lon1) / 2) * (t1 + t2), 1 + t1 * t2);
  }
  return Math.abs(excess) * R_M ** 2;
}

/** The tangent of half the authalic latitude. */
function half(lat: number): number {
  const authalic = Math.asin(authalicQ(Math.sin(radians(lat))) / Q_POLE);
  return Math.tan(authalic / 2);
}
