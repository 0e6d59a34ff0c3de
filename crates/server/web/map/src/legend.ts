// Themes, and what the symbols mean with how many records of each are in view.

import { type App, complain, selectionInView } from "./app";
import { Latest, type Legend, type LegendClass, ServiceProblem } from "./api";
import { alike } from "./compose";
import { el } from "./dom";
import { number, say } from "./texts";
import { scheme } from "./scheme";

export interface ThemeTitle {
  id: string;
  title: string;
}

type Sprite = Record<string, { x: number; y: number; width: number; height: number }>;

export class LegendPanel {
  private readonly list = el("ul", { class: "legend" });
  private readonly absent = el("details", { class: "note", hidden: true });
  private readonly note = el("p", { class: "note" });
  private readonly latest = new Latest();
  private readonly themes: HTMLSelectElement;
  readonly element: HTMLElement;

  constructor(
    private readonly app: App,
    themes: ThemeTitle[],
  ) {
    const { store } = app;
    this.themes = el("select", { onchange: () => store.set({ theme: this.themes.value }) });
    this.themes.append(...themes.map(({ id, title }) => el("option", { value: id }, title)));
    const theme = el("label", { class: "field" }, say("theme"), this.themes);
    const heading = el("h2", {}, say("legend"));
    this.element = el("section", { "aria-label": say("legend") }, heading, theme, this.list, this.absent, this.note);
  }

  async refresh(): Promise<void> {
    const { theme, layer } = this.app.store.state;
    this.themes.value = theme;
    await this.latest.run(async (signal) => {
      const parameters = await this.parameters(layer);
      parameters.set("theme", theme);
      parameters.set("scheme", scheme());
      const about = alike(layer)[0] === "facilities" ? layer : "facilities";
      try {
        const legend = await this.app.api.get<Legend>(`/collections/${about}/legend`, parameters, signal);
        const sprite = await this.app.api.get<Sprite>(`${legend.sprite}.json`, undefined, signal);
        this.show(legend, sprite);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ServiceProblem)) throw error;
        this.note.textContent = error.status === 503 ? say("legend-late") : error.message;
      }
    });
  }

  /** Conditions on another layer do not narrow the facilities. */
  private async parameters(layer: string): Promise<URLSearchParams> {
    const parameters = await selectionInView(this.app);
    if (alike(layer)[0] === "facilities") return parameters;
    const kept = [...parameters].filter(([name]) => ["bbox", "as-of"].includes(name));
    return new URLSearchParams(kept);
  }

  private show(legend: Legend, sprite: Sprite): void {
    this.note.textContent = legend.note ?? "";
    const lines = legend.classes.filter(({ count }) => count > 0).map((one) => {
      const count = el("span", { class: "count" }, number(one.count));
      return el("li", {}, picture(one, legend, sprite), el("span", {}, one.label), count);
    });
    this.list.replaceChildren(...lines);
    const absent = legend.classes.filter(({ count }) => count === 0).map(({ label }) => label);
    const summary = el("summary", {}, say("not-in-view", { count: number(absent.length) }));
    this.absent.replaceChildren(summary, absent.join("; "));
    this.absent.hidden = absent.length === 0;
  }
}

function picture({ icon }: LegendClass, legend: Legend, sprite: Sprite): HTMLElement {
  const element = el("span", { class: "symbol", "aria-hidden": "true" });
  const place = sprite[icon];
  if (place) {
    const inner = el("span");
    inner.style.cssText = `display:block;width:${place.width}px;height:${place.height}px;
      background:url("${legend.sprite}.png") -${place.x}px -${place.y}px`;
    element.append(inner);
  }
  return element;
}

/** Refreshes, and says what went wrong. */
export function refreshed(panel: { refresh(): Promise<void> }): void {
  panel.refresh().catch(complain);
}
