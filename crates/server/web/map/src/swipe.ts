// A second map over the first, without the survey, beyond an edge that the reader moves.

import { Map as LibreMap, type StyleSpecification } from "maplibre-gl";

import { el } from "./dom";
import { say } from "./texts";

export class Swipe {
  private over: { map: LibreMap; element: HTMLElement } | null = null;

  constructor(
    private readonly under: LibreMap,
    private readonly rewrite: (url: string) => string,
  ) {
    under.on("move", () => this.follow());
  }

  /** Covers what is to the right of `edge`, percent of the width, with another style. */
  cover(edge: number, style: () => StyleSpecification): void {
    if (edge >= 100) {
      this.over?.map.remove();
      this.over?.element.remove();
      this.over = null;
      return;
    }
    this.over ??= this.begin(style());
    this.over.element.style.clipPath = `inset(0 0 0 ${edge}%)`;
  }

  private begin(style: StyleSpecification): NonNullable<Swipe["over"]> {
    const element = el("div", { class: "over", "aria-hidden": "true" });
    this.under.getContainer().append(element);
    const { rewrite } = this;
    const map = new LibreMap({
      container: element,
      style,
      interactive: false,
      attributionControl: false,
      locale: { "Map.Title": say("map") },
      center: this.under.getCenter(),
      zoom: this.under.getZoom(),
      transformRequest: (url) => ({ url: rewrite(url) }),
      canvasContextAttributes: { preserveDrawingBuffer: true },
    });
    return { map, element };
  }

  private follow(): void {
    this.over?.map.jumpTo({
      center: this.under.getCenter(),
      zoom: this.under.getZoom(),
      bearing: this.under.getBearing(),
      pitch: this.under.getPitch(),
    });
  }
}
