// Which layers are on the map, and which one is in the table.

import type { App } from "./app";
import { el } from "./dom";
import { compare, number, say } from "./texts";

export class LayersPanel {
  private readonly list = el("ul", { class: "layers" });
  private readonly choice: HTMLSelectElement;
  readonly element: HTMLElement;

  constructor(
    private readonly app: App,
    private readonly drawn: string[],
  ) {
    const { store, catalogue } = app;
    this.choice = el("select", {
      onchange: () =>
        store.set({ layer: this.choice.value, conditions: {}, sort: "", chosen: null }),
    });
    const layers = [...catalogue.layers].filter((layer) => layer.itemCount > 0);
    this.choice.append(...layers.map(({ id, title }) => el("option", { value: id }, title)));
    const inTable = el("label", { class: "field" }, say("layer-of-table"), this.choice);
    const summary = el("summary", {}, el("h2", {}, say("layers")));
    this.element = el("section", {}, inTable, el("details", {}, summary, this.list));
  }

  refresh(): void {
    const { store, catalogue } = this.app;
    this.choice.value = store.state.layer;
    const layers = this.drawn.flatMap((id) => catalogue.layer(id) ?? []);
    layers.sort((one, other) => compare(one.title, other.title));
    const lines = layers.map(({ id, title, itemCount }) => {
      const box = el("input", { type: "checkbox", checked: !store.state.hidden.includes(id) });
      box.addEventListener("change", () => this.toggle(id, box.checked));
      const count = el("span", { class: "count" }, number(itemCount));
      return el("li", {}, el("label", {}, box, title), count);
    });
    // Boxes that the reader is using stay.
    if (this.list.childElementCount !== lines.length) this.list.replaceChildren(...lines);
  }

  private toggle(id: string, isShown: boolean): void {
    const { store } = this.app;
    const hidden = store.state.hidden.filter((one) => one !== id);
    store.set({ hidden: isShown ? hidden : [...hidden, id] });
  }
}
