// The style of the service with what the reader wants of it.

import type {
  FilterSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from "maplibre-gl";

import type { Config, Feature } from "./api";
import type { ShownSurvey } from "./state";

export interface Scene {
  /** The layer of the table, and its conditions as parameters. */
  layer: string;
  selecting: URLSearchParams;
  /** What applies to the other layers too: the day. */
  past: URLSearchParams;
  hidden: string[];
  chosen: Feature | null;
  measured: GeoJSON.FeatureCollection;
  survey: ShownSurvey | null;
  background: Config["background"];
}

type Address = (path: string, parameters?: URLSearchParams) => string;

const FINEST = 16;
const XYZ = "{z}/{x}/{y}";
const MARK = "#d81b60";
/** The source of heights. */
export const RELIEF = "relief";

/** Layers that show the records of the same table: conditions on one are conditions on the other. */
export function alike(layer: string): string[] {
  const facilities = ["facilities", "facility_outlines"];
  return facilities.includes(layer) ? facilities : [layer];
}

/** The layers of the service that a style draws. */
export function drawn(style: StyleSpecification): string[] {
  return [...new Set(style.layers.flatMap((layer) => sourceLayer(layer) ?? []))];
}

function sourceLayer(layer: LayerSpecification): string | undefined {
  return "source-layer" in layer ? layer["source-layer"] : undefined;
}

export function compose(style: StyleSpecification, scene: Scene, address: Address): StyleSpecification {
  const selected = alike(scene.layer);
  const sources: Record<string, SourceSpecification> = {};
  const layers: LayerSpecification[] = [];
  for (const layer of style.layers) {
    const of = sourceLayer(layer);
    if (of === undefined) layers.push(layer);
    else if (!scene.hidden.includes(of)) {
      const source = selected.includes(of) ? of : "others";
      layers.push({ ...layer, source } as LayerSpecification);
    }
  }
  for (const layer of new Set(layers.flatMap((layer) => sourceLayer(layer) ?? []))) {
    if (selected.includes(layer)) {
      sources[layer] = tiles(address(`/collections/${layer}/tiles/xyz/`), scene.selecting);
    }
  }
  const others = drawn(style).filter((id) => !selected.includes(id) && !scene.hidden.includes(id));
  if (others.length > 0) {
    const collections = new URLSearchParams([["collections", others.join(",")], ...scene.past]);
    sources["others"] = tiles(address("/tiles/xyz/"), collections);
  }
  // The letters are the browser's own, which it has without asking.
  const { glyphs: _, ...rest } = style;
  const composed: StyleSpecification = { ...rest, sources, layers };
  addBackground(composed, scene.background);
  if (scene.survey) addSurvey(composed, scene.survey, address);
  const geometry = scene.chosen?.geometry;
  addShapes(composed, "chosen", geometry ? [{ type: "Feature", properties: {}, geometry }] : []);
  addShapes(composed, "measured", scene.measured.features);
  return composed;
}

function tiles(start: string, parameters: URLSearchParams): SourceSpecification {
  const query = parameters.toString();
  return { type: "vector", tiles: [start + XYZ + (query && `?${query}`)], maxzoom: FINEST };
}

function addBackground(style: StyleSpecification, background: Config["background"]): void {
  if (!background) return;
  const { tiles, attribution } = background;
  const source: SourceSpecification = { type: "raster", tiles: [tiles], tileSize: 256 };
  style.sources["background-tiles"] = attribution
    ? { ...source, attribution: plain(attribution) }
    : source;
  insertAbove(style, "background", { id: "background-tiles", type: "raster", source: "background-tiles" });
}

/** Attributions are HTML for the map; this one is plain text. */
function plain(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function insertAbove(style: StyleSpecification, id: string, layer: LayerSpecification): void {
  const at = style.layers.findIndex((one) => one.id === id);
  style.layers.splice(at + 1, 0, layer);
}

/** Below the facilities, above the ground. */
function addSurvey(style: StyleSpecification, survey: ShownSurvey, address: Address): void {
  const tilejson = (name: string) =>
    address(`/collections/surveys/items/${survey.id}/tiles/${name}/tilejson.json`);
  style.sources["survey"] = { type: "raster", url: tilejson(survey.style), tileSize: 256 };
  const paint = { "raster-opacity": survey.opacity / 100, "raster-fade-duration": 0 };
  const layer: LayerSpecification = { id: "survey", type: "raster", source: "survey", paint };
  const first = style.layers.findIndex((one) => /^(surveys|outlines|dams|settlements|incidents|facilities)/.test(one.id));
  style.layers.splice(first < 0 ? style.layers.length : first, 0, layer);
  if (survey.relief) {
    const url = tilejson("terrain-rgb");
    style.sources[RELIEF] = { type: "raster-dem", url, encoding: "mapbox", tileSize: 256 };
    style.terrain = { source: RELIEF, exaggeration: 1.5 };
  }
}

/** Points, lines and areas in the colour of marks. */
function addShapes(style: StyleSpecification, id: string, features: GeoJSON.Feature[]): void {
  const data: GeoJSON.FeatureCollection = { type: "FeatureCollection", features };
  style.sources[id] = { type: "geojson", data };
  const kinds = (...kinds: string[]): FilterSpecification => [
    "match",
    ["geometry-type"],
    kinds.flatMap((kind) => [kind, `Multi${kind}`]),
    true,
    false,
  ];
  style.layers.push(
    {
      id: `${id}-line`,
      type: "line",
      source: id,
      filter: kinds("LineString", "Polygon"),
      paint: { "line-color": MARK, "line-width": 3 },
    },
    {
      id: `${id}-point`,
      type: "circle",
      source: id,
      filter: kinds("Point"),
      paint: {
        "circle-radius": id === "chosen" ? 13 : 5,
        "circle-color": MARK,
        "circle-opacity": id === "chosen" ? 0 : 1,
        "circle-stroke-color": MARK,
        "circle-stroke-width": 3,
      },
    },
  );
}
