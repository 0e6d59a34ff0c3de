// The map itself.

import {
  Map as LibreMap,
  NavigationControl,
  ScaleControl,
  type LngLatBoundsLike,
  type MapGeoJSONFeature,
  type MapMouseEvent,
  type MapOptions,
  type StyleSpecification,
} from "maplibre-gl";

import type { Box } from "./box";
import { RELIEF } from "./compose";
import { MIDDLE, type Chosen, type View } from "./state";
import { say } from "./texts";

export interface StageEvents {
  moved(view: View): void;
  /** The map shows more or less around the same middle. */
  resized(): void;
  picked(chosen: Chosen): void;
  /** A click on the map in degrees; answers whether it was used up. */
  clicked(lon: number, lat: number): boolean;
  /** Whether clicks are points of a line, and none of them zooms. */
  isMeasuring(): boolean;
}

/** Pixels around a click in which something is taken for meant. */
const NEAR = 5;
const DURATION_MS = 500;

export class Stage {
  private constructor(
    readonly map: LibreMap,
    private readonly events: StageEvents,
  ) {
    map.addControl(new NavigationControl({ visualizePitch: true }), "top-right");
    map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
    // For tests/browser/budget.mjs, and whoever looks at how long a page takes.
    map.once("load", () => performance.mark("map-drawn"));
    map.on("moveend", () => events.moved(this.view()));
    map.on("resize", () => events.resized());
    map.on("click", (event) => this.click(event));
    map.on("dblclick", (event) => {
      if (events.isMeasuring()) event.preventDefault();
    });
    map.on("mousemove", (event) => {
      map.getCanvas().style.cursor = this.under(event) ? "pointer" : "";
    });
  }

  /** The map; nothing where the browser cannot draw it. */
  static begin(
    container: HTMLElement,
    style: StyleSpecification,
    view: View | null,
    all: Box | null,
    rewrite: (url: string) => string,
    events: StageEvents,
  ): Stage | null {
    try {
      const map = new LibreMap({
        container,
        style,
        ...begun(view, all),
        maxZoom: 21,
        transformRequest: (url) => ({ url: rewrite(url) }),
        locale: {
          "Map.Title": say("map"),
          "NavigationControl.ZoomIn": say("zoom-in"),
          "NavigationControl.ZoomOut": say("zoom-out"),
          "NavigationControl.ResetBearing": say("north"),
        },
        // Printed pages show what is drawn.
        canvasContextAttributes: { preserveDrawingBuffer: true },
      });
      return new Stage(map, events);
    } catch {
      return null;
    }
  }

  view(): View {
    const { lng, lat } = this.map.getCenter();
    return { lon: lng, lat, zoom: this.map.getZoom() };
  }

  box(): Box {
    const bounds = this.map.getBounds();
    const clamp = (value: number, most: number) => Math.max(-most, Math.min(most, value));
    return [
      clamp(bounds.getWest(), 180),
      clamp(bounds.getSouth(), 90),
      clamp(bounds.getEast(), 180),
      clamp(bounds.getNorth(), 90),
    ];
  }

  /** Relief needs its source there before it and after it. */
  draw(style: StyleSpecification): void {
    const { map } = this;
    const { terrain, ...flat } = style;
    const hadRelief = map.getSource(RELIEF) !== undefined;
    if (terrain && !hadRelief) {
      map.setStyle(flat, { diff: true });
      if (map.getSource(RELIEF)) map.setTerrain(terrain);
      else map.once("style.load", () => map.setTerrain(terrain));
      return;
    }
    if (!terrain && hadRelief) map.setTerrain(null);
    map.setStyle(style, { diff: true });
  }

  go({ lon, lat, zoom }: View): void {
    this.map.jumpTo({ center: [lon, lat], zoom });
  }

  /** Shows all of a box; a point is looked at from near, but no nearer than the reader is. */
  fit([west, south, east, north]: Box): void {
    const isPoint = west === east && south === north;
    const bounds: LngLatBoundsLike = [west, south, east, north];
    const maxZoom = isPoint ? Math.max(12, this.map.getZoom()) : 18;
    this.map.fitBounds(bounds, { padding: 60, maxZoom, duration: calmly() });
  }

  private click(event: MapMouseEvent): void {
    if (this.events.clicked(event.lngLat.lng, event.lngLat.lat)) return;
    const found = this.under(event);
    if (!found) return;
    const { west, south, east, north, count } = found.properties;
    if (count !== undefined) {
      if (west === east && south === north) this.closer(event);
      else this.fit([Number(west), Number(south), Number(east), Number(north)]);
    } else if (typeof found.id === "number") {
      this.events.picked({ layer: found.sourceLayer ?? "", id: found.id });
    }
  }

  private closer(event: MapMouseEvent): void {
    const zoom = this.map.getZoom() + 2;
    this.map.easeTo({ center: event.lngLat, zoom, duration: calmly() });
  }

  /** What lies at a pointer: points first, then outlines, never borders of regions. */
  private under({ point }: MapMouseEvent): MapGeoJSONFeature | undefined {
    const found = this.map.queryRenderedFeatures([
      [point.x - NEAR, point.y - NEAR],
      [point.x + NEAR, point.y + NEAR],
    ]);
    const records = found.filter(
      ({ sourceLayer, layer }) =>
        sourceLayer && !["districts", "municipalities"].includes(sourceLayer) && layer.type !== "background",
    );
    return records.find(({ layer }) => layer.type === "symbol") ?? records[0];
  }
}

/** Where the map begins: where the reader was, else with everything in sight. */
function begun(view: View | null, all: Box | null): Partial<MapOptions> {
  if (!view && all) return { bounds: all, fitBoundsOptions: { padding: 20 } };
  const { lon, lat, zoom } = view ?? MIDDLE;
  return { center: [lon, lat], zoom };
}

/** How long a flight may take for a reader who may have asked for no movement. */
function calmly(): number {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : DURATION_MS;
}
