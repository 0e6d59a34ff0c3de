// Searching by words in either script, with suggestions (ARIA combobox with a list).

import { type App, bringIntoView, complain } from "./app";
import { calm, type Feature, type Features, Latest } from "./api";
import { boxOf } from "./box";
import { el } from "./dom";
import { nameOf, namingFields, say } from "./texts";

/** Layers whose names are suggested, with how many of each. */
const SUGGESTED: [layer: string, most: number][] = [
  ["facilities", 6],
  ["municipalities", 3],
  ["districts", 2],
  ["settlements", 3],
];
const PAUSE_MS = 200;
const REGIONS = ["municipalities", "districts"];

interface Suggestion {
  layer: string;
  title: string;
  feature: Feature;
}

export class SearchBox {
  private readonly latest = new Latest();
  private readonly list = el("ul", { id: "suggestions", role: "listbox", hidden: true });
  private readonly input: HTMLInputElement;
  private suggestions: Suggestion[] = [];
  private active = -1;

  constructor(
    private readonly app: App,
    form: HTMLElement,
  ) {
    this.list.setAttribute("aria-label", say("search"));
    this.input = el("input", {
      id: "words",
      type: "search",
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": "suggestions",
      "aria-label": say("search"),
      placeholder: say("search-how"),
      maxlength: "200",
    });
    const press = el("button", { type: "submit" }, say("search"));
    form.append(el("div", { class: "combobox" }, this.input, this.list), press);
    const suggest = calm(PAUSE_MS, () => this.suggest().catch(complain));
    this.input.addEventListener("input", suggest);
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => window.setTimeout(() => this.fold(), 150));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.showAll();
    });
  }

  refresh(): void {
    if (document.activeElement !== this.input) this.input.value = this.app.store.state.words;
  }

  private async suggest(): Promise<void> {
    const words = this.input.value.trim();
    if (words.length < 2) return this.fold();
    await this.latest.run(async (signal) => {
      const { catalogue } = this.app;
      const layers = SUGGESTED.filter(([id]) => (catalogue.layer(id)?.itemCount ?? 0) > 0);
      const asked = layers.map(([layer, most]) => this.ask(layer, most, words, signal));
      this.suggestions = (await Promise.all(asked)).flat();
      this.unfold();
    });
  }

  private async ask(layer: string, most: number, words: string, signal: AbortSignal): Promise<Suggestion[]> {
    const { api, catalogue } = this.app;
    const properties = namingFields(await catalogue.fields(layer)).join(",");
    const parameters = new URLSearchParams({ q: words, limit: String(most), properties });
    const found = await api.get<Features>(`/collections/${layer}/items`, parameters, signal);
    const title = catalogue.layer(layer)?.title ?? layer;
    return found.features.map((feature) => ({ layer, title, feature }));
  }

  private unfold(): void {
    this.active = -1;
    const options = this.suggestions.map(({ title, feature }, at) => {
      const choose = (event: Event) => {
        event.preventDefault();
        this.choose(at).catch(complain);
      };
      const name = nameOf(feature.properties, feature.id);
      const kind = el("small", {}, title);
      return el("li", { role: "option", id: `suggestion-${at}`, "aria-selected": "false", onmousedown: choose }, name, kind);
    });
    const none = el("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, say("no-suggestion"));
    this.list.replaceChildren(...(options.length > 0 ? options : [none]));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  private fold(): void {
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape") this.fold();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !this.list.hidden && this.suggestions.length > 0) {
      event.preventDefault();
      this.activate((this.active + step + this.suggestions.length) % this.suggestions.length);
    }
    if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active).catch(complain);
    }
  }

  private activate(at: number): void {
    this.active = at;
    for (const [place, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(place === at));
    }
    this.input.setAttribute("aria-activedescendant", `suggestion-${at}`);
  }

  /** All records with the words, in table and map, and the map around them. */
  private showAll(): void {
    this.fold();
    const words = this.input.value.trim();
    this.app.store.set({ words });
    if (words) bringIntoView(this.app, new URLSearchParams({ q: words })).catch(complain);
  }

  private async choose(at: number): Promise<void> {
    const suggestion = this.suggestions[at];
    this.fold();
    if (!suggestion) return;
    const { layer, feature } = suggestion;
    const { store, fit } = this.app;
    this.input.value = "";
    const box = boxOf(feature.geometry);
    if (REGIONS.includes(layer)) {
      const region = String(feature.properties["code"]);
      store.set({ region, words: "" });
      if (box) fit(box);
      else await bringIntoView(this.app, new URLSearchParams({ region }));
      return;
    }
    if (box) fit(box);
    if (layer === "facilities") store.set({ chosen: { layer, id: feature.id } });
  }
}
