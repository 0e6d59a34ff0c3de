import { type StyleSpecification, validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { describe, expect, it } from "vitest";

import { compose, drawn, type Scene } from "../src/compose";

const BASE = "https://example.org/cadastre";

const STYLE: StyleSpecification = {
  version: 8,
  sources: { cadastre: { type: "vector", url: `${BASE}/tiles/tilejson.json` } },
  glyphs: `${BASE}/glyphs/{fontstack}/{range}.pbf`,
  layers: [
    { id: "background", type: "background" },
    { id: "districts", type: "line", source: "cadastre", "source-layer": "districts" },
    { id: "outlines-fill", type: "fill", source: "cadastre", "source-layer": "facility_outlines" },
    { id: "incidents", type: "circle", source: "cadastre", "source-layer": "incidents" },
    { id: "facilities", type: "circle", source: "cadastre", "source-layer": "facilities" },
  ],
};

const PLAIN: Scene = {
  layer: "facilities",
  selecting: new URLSearchParams(),
  past: new URLSearchParams(),
  hidden: [],
  chosen: null,
  measured: { type: "FeatureCollection", features: [] },
  survey: null,
  background: null,
};

const FULL: Scene = {
  layer: "facilities",
  selecting: new URLSearchParams({ filter: "volume_m3 >= 1", "as-of": "2026-01-31T23:59:59Z" }),
  past: new URLSearchParams({ "as-of": "2026-01-31T23:59:59Z" }),
  hidden: ["incidents"],
  chosen: { type: "Feature", id: 1, properties: {}, geometry: { type: "Point", coordinates: [22, 44] } },
  measured: {
    type: "FeatureCollection",
    features: [
      { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: [[22, 44], [23, 44]] } },
    ],
  },
  survey: { id: 7, style: "hillshade", opacity: 60, edge: 50, relief: true },
  background: { tiles: "https://tiles.example.org/{z}/{x}/{y}.png", attribution: "A & <b>" },
};

const address = (path: string, parameters?: URLSearchParams) =>
  BASE + path + (parameters?.size ? `?${parameters}` : "");
const made = (scene: Partial<Scene>) => compose(STYLE, { ...PLAIN, ...scene }, address);
const tilesOf = (style: StyleSpecification, id: string) =>
  (style.sources[id] as { tiles: string[] } | undefined)?.tiles[0];
const order = (style: StyleSpecification) => style.layers.map(({ id }) => id);

describe("a style", () => {
  it.each([
    ["of nothing but the register", PLAIN],
    ["of everything", FULL],
    ["of incidents", { ...FULL, layer: "incidents", hidden: [] }],
  ])("%s is one that the specification allows", (_, scene) => {
    expect(validateStyleMin(made(scene))).toEqual([]);
  });

  it("leaves the one that it is made of as it is", () => {
    const before = structuredClone(STYLE);
    made(FULL);
    expect(STYLE).toEqual(before);
  });

  it("has conditions on the layer of the table and on no other", () => {
    const query = "filter=volume_m3+%3E%3D+1&as-of=2026-01-31T23%3A59%3A59Z";
    const facilities = made({ ...FULL, hidden: [] });
    for (const layer of ["facilities", "facility_outlines"]) {
      expect(tilesOf(facilities, layer)).toBe(`${BASE}/collections/${layer}/tiles/xyz/{z}/{x}/{y}?${query}`);
    }
    const past = "as-of=2026-01-31T23%3A59%3A59Z";
    expect(tilesOf(facilities, "others")).toBe(
      `${BASE}/tiles/xyz/{z}/{x}/{y}?collections=districts%2Cincidents&${past}`,
    );
    const incidents = made({ ...FULL, layer: "incidents", hidden: [] });
    expect(tilesOf(incidents, "incidents")).toContain("filter=");
    expect(tilesOf(incidents, "others")).toContain("districts%2Cfacility_outlines%2Cfacilities");
  });

  it("asks for nothing that is hidden", () => {
    const style = made({ hidden: ["districts", "incidents", "facility_outlines"] });
    expect(drawn(style)).toEqual(["facilities"]);
    expect(Object.keys(style.sources)).toEqual(["facilities", "chosen", "measured"]);
  });

  it("has a background below, surveys between ground and facilities, marks on top", () => {
    expect(order(made(FULL))).toEqual([
      "background",
      "background-tiles",
      "districts",
      "survey",
      "outlines-fill",
      "facilities",
      "chosen-line",
      "chosen-point",
      "measured-line",
      "measured-point",
    ]);
  });

  it("shows who is owed a background as plain text", () => {
    expect(made(FULL).sources["background-tiles"]).toMatchObject({ attribution: "A &amp; &lt;b>" });
  });
});
