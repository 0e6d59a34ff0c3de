// Measuring lengths and areas by points on the map.

import { announce, button, el } from "./dom";
import { area, length, type Position } from "./geodesic";
import { number, say } from "./texts";

export class Measure {
  private points: Position[] = [];
  private readonly result = el("p", { "aria-live": "polite" });
  private readonly box: HTMLElement;

  constructor(
    container: HTMLElement,
    private readonly middle: () => Position | null,
    private readonly changed: () => void,
  ) {
    const buttons = el(
      "div",
      {},
      button(say("add-middle"), () => this.addMiddle()),
      button(say("undo"), () => this.put(this.points.slice(0, -1))),
      button(say("cancel"), () => this.stop()),
    );
    this.box = el("div", { class: "measure", hidden: true }, el("p", {}, say("measure-how")), this.result, buttons);
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.stop();
    });
    container.append(this.box);
  }

  get isOn(): boolean {
    return !this.box.hidden;
  }

  start(): void {
    this.box.hidden = false;
    this.put([]);
    this.box.querySelector("button")?.focus();
  }

  stop(): void {
    this.box.hidden = true;
    this.put([]);
  }

  /** Takes a click; a second one at the same place is half of a double click. */
  add(position: Position): void {
    const last = this.points.at(-1);
    if (last && Math.hypot(last[0] - position[0], last[1] - position[1]) < 1e-9) return;
    this.put([...this.points, position]);
  }

  shapes(): GeoJSON.FeatureCollection {
    const geometries: GeoJSON.Geometry[] = this.points.map((coordinates) => ({ type: "Point", coordinates }));
    if (this.points.length > 1) geometries.push({ type: "LineString", coordinates: this.points });
    const features = geometries.map((geometry) => ({ type: "Feature" as const, properties: {}, geometry }));
    return { type: "FeatureCollection", features };
  }

  private addMiddle(): void {
    const middle = this.middle();
    if (middle) this.add(middle);
  }

  private put(points: Position[]): void {
    this.points = points;
    const text = measured(points);
    this.result.textContent = text;
    if (text) announce(text);
    this.changed();
  }
}

/** Such as “Length: 1.24 km; Area: 3.1 ha”. */
export function measured(points: Position[]): string {
  if (points.length < 2) return "";
  const parts = [`${say("length")}: ${inMetres(length(points))}`];
  if (points.length > 2) parts.push(`${say("area")}: ${inSquareMetres(area(points))}`);
  return parts.join("; ");
}

function inMetres(metres: number): string {
  return metres < 1000 ? `${number(metres, 1)} m` : `${number(metres / 1000, 3)} km`;
}

function inSquareMetres(squareMetres: number): string {
  if (squareMetres < 10_000) return `${number(squareMetres, 0)} m²`;
  const hectares = squareMetres / 10_000;
  return hectares < 1000 ? `${number(hectares, 2)} ha` : `${number(hectares / 100, 2)} km²`;
}
