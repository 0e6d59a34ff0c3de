// Boxes in degrees.

/** West, south, east, north in degrees. */
export type Box = [number, number, number, number];

/** The box around boxes; nothing for none. */
export function around(boxes: Box[]): Box | null {
  return boxes.reduce<Box | null>(
    (all, [west, south, east, north]) =>
      all
        ? [Math.min(all[0], west), Math.min(all[1], south), Math.max(all[2], east), Math.max(all[3], north)]
        : [west, south, east, north],
    null,
  );
}

/** The box around a geometry; nothing for none. */
export function boxOf(geometry: GeoJSON.Geometry | null): Box | null {
  return geometry && "coordinates" in geometry ? around(positions(geometry.coordinates)) : null;
}

/** The positions of nested lists, as boxes of no size. */
function positions(part: unknown): Box[] {
  if (!Array.isArray(part)) return [];
  const [x, y] = part as unknown[];
  if (typeof x === "number" && typeof y === "number") return [[x, y, x, y]];
  return part.flatMap(positions);
}
