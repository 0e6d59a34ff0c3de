import { describe, expect, it } from "vitest";

import { area, distance, length, type Position } from "../src/geodesic";

// `geod +ellps=WGS84 -I` of PROJ, which uses Karney's method.
describe("a distance", () => {
  it.each<[Position, Position, number]>([
    [[22.1, 44.1], [22.2, 44.0], 13699.76951],
    [[18.9, 46.0], [22.9, 42.3], 520843.495104],
    [[20.0, 44.001], [20.001, 44.0], 137.035973],
    [[20.0, 44.0], [20.0, 44.0], 0],
  ])("from %s to %s", (one, other, metres) => {
    expect(distance(one, other)).toBeCloseTo(metres, 3);
    expect(distance(other, one)).toBeCloseTo(metres, 3);
  });

  it("adds up along a line", () => {
    const line: Position[] = [[22.1, 44.1], [22.2, 44.0], [22.1, 44.1]];
    expect(length(line)).toBeCloseTo(2 * 13699.76951, 3);
    expect(length(line.slice(0, 1))).toBe(0);
  });
});

// `ST_Area(geography)` of PostGIS, which uses Karney's method.
describe("an area", () => {
  it.each<[Position[], number]>([
    [[[22.0, 44.0], [22.1, 44.0], [22.1, 44.1], [22.0, 44.1]], 89044784.434],
    [[[19, 43], [22, 43], [22, 46], [19, 46]], 79519473000.808],
    [[[22.0, 44.0], [22.001, 44.0], [22.0005, 44.001]], 4455.94],
  ])("of %s", (ring, squareMetres) => {
    expect(Math.abs(area(ring) / squareMetres - 1)).toBeLessThan(1e-5);
    expect(Math.abs(area([...ring].reverse()) / squareMetres - 1)).toBeLessThan(1e-5);
  });
});
