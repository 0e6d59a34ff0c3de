// Raster surveys: which there are in view, and one of them on the map.

import type { App } from "./app";
import { type Features, Latest } from "./api";
import { boxOf } from "./box";
import { button, el } from "./dom";
import { pastOf } from "./filter";
import type { ShownSurvey } from "./state";
import { nameOf, say } from "./texts";

interface Style {
  id: string;
  title: string;
}

interface Tilesets {
  tilesets: { title: string; links: { rel: string; href: string }[] }[];
}

/** The style whose colours are heights. */
const HEIGHTS = "terrain-rgb";
const MOST = 50;

export class SurveysPanel {
  private readonly latest = new Latest();
  private readonly list = el("ul", { class: "surveys" });
  private readonly controls = el("div", { class: "survey-controls" });
  readonly element: HTMLElement;

  constructor(private readonly app: App) {
    const summary = el("summary", {}, el("h2", {}, say("surveys")));
    const details = el("details", { open: app.store.state.survey !== null }, summary, this.list, this.controls);
    this.element = el("section", { id: "surveys" }, details);
    this.element.hidden = (app.catalogue.layer("surveys")?.itemCount ?? 0) === 0;
  }

  async refresh(): Promise<void> {
    if (this.element.hidden) return;
    await this.latest.run(async (signal) => {
      const { api, store } = this.app;
      const parameters = new URLSearchParams([["limit", String(MOST)], ...pastOf(store.state)]);
      const box = this.app.box();
      if (box) parameters.set("bbox", box.join(","));
      const found = await api.get<Features>("/collections/surveys/items", parameters, signal);
      const lines = found.features.map(({ id, geometry, properties }) => {
        const name = String(properties["code"] ?? nameOf(properties, id));
        const isShown = store.state.survey?.id === id;
        const input = el("input", { type: "checkbox", checked: isShown });
        input.addEventListener("change", () => {
          if (input.checked) void this.show(id, boxOf(geometry));
          else store.set({ survey: null });
        });
        return el("li", {}, el("label", {}, input, name));
      });
      const none = el("li", {}, say("surveys-none"));
      this.list.replaceChildren(...(lines.length > 0 ? lines : [none]));
      await this.control(signal);
    });
  }

  private async show(id: number, box: ReturnType<typeof boxOf>): Promise<void> {
    const styles = await this.styles(id);
    const style = styles.find((one) => one.id !== HEIGHTS) ?? styles[0];
    if (!style) return;
    this.app.store.set({ survey: { id, style: style.id, opacity: 100, edge: 100, relief: false } });
    if (box) this.app.fit(box);
  }

  /** The styles of a survey, as they stand in the addresses of its tilesets. */
  private async styles(id: number, signal?: AbortSignal): Promise<Style[]> {
    const { tilesets } = await this.app.api.get<Tilesets>(`/collections/surveys/items/${id}/tiles`, undefined, signal);
    return tilesets.flatMap(({ title, links }) => {
      const href = links.find((link) => link.rel === "self")?.href ?? "";
      const id = /\/tiles\/([^/]+)\/WebMercatorQuad/.exec(href)?.[1];
      // Titles begin with the code of the survey.
      return id ? [{ id, title: title.slice(title.indexOf(": ") + 2) }] : [];
    });
  }

  private async control(signal: AbortSignal): Promise<void> {
    const { survey } = this.app.store.state;
    if (!survey) return this.controls.replaceChildren();
    if (this.controls.dataset["id"] === String(survey.id) && this.controls.childElementCount > 0) return;
    const styles = await this.styles(survey.id, signal);
    this.controls.dataset["id"] = String(survey.id);
    const pictures = styles.filter((one) => one.id !== HEIGHTS);
    const choice = el("select", {}, ...pictures.map(({ id, title }) => el("option", { value: id }, title)));
    choice.value = survey.style;
    choice.addEventListener("change", () => this.put({ style: choice.value }));
    const slider = (label: string, name: "opacity" | "edge") => {
      const input = el("input", { type: "range", min: "0", max: "100", value: String(survey[name]) });
      input.addEventListener("input", () => this.put({ [name]: Number(input.value) }));
      return el("label", { class: "field" }, label, input);
    };
    const theme = el("label", { class: "field" }, say("theme"), choice);
    const relief = button(say("relief"), () => {
      const rises = !this.app.store.state.survey?.relief;
      relief.setAttribute("aria-pressed", String(rises));
      this.put({ relief: rises });
    });
    relief.setAttribute("aria-pressed", String(survey.relief));
    const rows = [theme, slider(say("opacity"), "opacity"), slider(say("swipe"), "edge")];
    this.controls.replaceChildren(...rows, ...(styles.length > pictures.length ? [relief] : []));
  }

  private put(change: Partial<ShownSurvey>): void {
    const { store } = this.app;
    if (store.state.survey) store.set({ survey: { ...store.state.survey, ...change } });
  }
}
