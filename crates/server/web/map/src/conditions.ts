// The conditions, made from what the service says a layer can be selected by.

import { type App, bringIntoView, complain } from "./app";
import type { Choice, Property } from "./api";
import { button, el } from "./dom";
import { type Condition, NOT_RECORDED } from "./state";
import { say, shown, titleWithoutUnit, unit } from "./texts";

/** Lists of codes that stand open to the reader at once; the others are behind a line. */
const FIRST_LISTS = 2;

export class ConditionsPanel {
  private readonly inUse = el("ul", { class: "chips" });
  private readonly form = el("div");
  private readonly region: HTMLSelectElement;
  private made = "";
  readonly element: HTMLElement;

  constructor(private readonly app: App) {
    const { store } = app;
    this.region = el("select", {
      onchange: () => {
        const region = this.region.value;
        store.set({ region });
        if (region) bringIntoView(app, new URLSearchParams({ region })).catch(complain);
      },
    });
    this.region.append(el("option", { value: "" }, say("all-of-serbia")));
    const region = el("label", { class: "field" }, say("region"), this.region);
    const heading = el("h2", {}, say("conditions"));
    this.element = el("section", {}, heading, this.inUse, region, this.form);
  }

  async refresh(): Promise<void> {
    const { store, catalogue } = this.app;
    const { layer, conditions, region } = store.state;
    const queryables = await catalogue.queryables(layer);
    await this.offerRegions();
    this.region.value = region;
    this.chips(queryables);
    // Fields that the reader is using stay.
    const now = JSON.stringify([layer, conditions]);
    if (this.made === now) return;
    const open = [...this.form.querySelectorAll("details[open]")].map((one) => one.id);
    const focused = document.activeElement?.id ?? "";
    this.made = now;
    this.form.replaceChildren(...this.fields(queryables));
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (focused) document.getElementById(focused)?.focus();
  }

  private async offerRegions(): Promise<void> {
    const levels = await this.app.catalogue.levels;
    if (this.region.options.length > 1) return;
    for (const { title, regions } of levels) {
      const options = regions.map(({ code, name }) => el("option", { value: code }, name));
      this.region.append(el("optgroup", { label: title }, ...options));
    }
  }

  private fields(queryables: Record<string, Property>): HTMLElement[] {
    const all = Object.entries(queryables).filter(([, property]) => !property.pattern);
    const lists = all.filter(([, property]) => property.oneOf).slice(0, FIRST_LISTS);
    const isFirst = ([name, property]: [string, Property]) =>
      lists.some(([one]) => one === name) ||
      property.type === "array" ||
      property["x-ogc-unit"] === "m3" ||
      property["x-ogc-role"] === "primary-instant";
    const made = (entries: typeof all) => entries.map(([name, property]) => this.field(name, property));
    const rest = el("details", { id: "more-conditions" }, el("summary", {}, say("more-conditions")));
    rest.append(...made(all.filter((entry) => !isFirst(entry))));
    return [...made(all.filter(isFirst)), rest];
  }

  private field(name: string, property: Property): HTMLElement {
    const codes = property.oneOf ?? property.items?.oneOf;
    if (codes) return this.list(name, property, codes);
    if (property.type === "boolean") {
      const choices = ["true", "false"].map((code) => ({ const: code, title: say(code === "true" ? "yes" : "no") }));
      return this.list(name, property, choices);
    }
    return property.type === "string" && !property.format
      ? this.words(name, property)
      : this.range(name, property);
  }

  private list(name: string, property: Property, choices: Choice[]): HTMLElement {
    const condition = this.app.store.state.conditions[name];
    const chosen = condition?.kind === "codes" ? condition.codes : [];
    const all = [...choices, { const: NOT_RECORDED, title: say("not-recorded") }];
    const lines = all.map(({ const: code, title }) => {
      const id = `where-${name}-${code}`;
      const box = el("input", { type: "checkbox", id, checked: chosen.includes(code) });
      box.addEventListener("change", () => {
        const others = chosen.filter((one) => one !== code);
        const codes = box.checked ? [...others, code] : others;
        this.put(name, codes.length > 0 ? { kind: "codes", codes } : null);
      });
      return el("label", {}, box, title);
    });
    const legend = el("legend", { class: "hidden" }, property.title);
    const summary = el("summary", {}, property.title, chosen.length > 0 && ` (${chosen.length})`);
    const fieldset = el("fieldset", { class: "choices" }, legend, ...lines);
    return el("details", { id: `where-${name}` }, summary, fieldset);
  }

  private range(name: string, property: Property): HTMLElement {
    const condition = this.app.store.state.conditions[name];
    const { least, most } = condition?.kind === "range" ? condition : { least: "", most: "" };
    const type = property.format?.startsWith("date") ? "date" : "number";
    const input = (end: string, value: string) =>
      el("input", { type, step: "any", id: `where-${name}-${end}`, value });
    const [from, until] = [input("least", least), input("most", most)];
    const change = () => {
      const condition: Condition = { kind: "range", least: from.value, most: until.value };
      this.put(name, from.value || until.value ? condition : null);
    };
    for (const one of [from, until]) one.addEventListener("change", change);
    const of = unit(property);
    const legend = el("legend", {}, titleWithoutUnit(property) + (of && ` (${of})`));
    const ends = [el("label", {}, say("at-least"), from), el("label", {}, say("at-most"), until)];
    return el("fieldset", { class: "range" }, legend, ...ends);
  }

  private words(name: string, property: Property): HTMLElement {
    const condition = this.app.store.state.conditions[name];
    const value = condition?.kind === "contains" ? condition.text : "";
    const input = el("input", { type: "text", id: `where-${name}`, value });
    input.addEventListener("change", () => {
      const text = input.value.trim();
      this.put(name, text ? { kind: "contains", text } : null);
    });
    return el("label", { class: "field" }, `${property.title} ${say("contains")}`, input);
  }

  private put(name: string, condition: Condition | null): void {
    const { [name]: _, ...others } = this.app.store.state.conditions;
    this.app.store.set({ conditions: condition ? { ...others, [name]: condition } : others });
  }

  /** What is in use, each with a way to be rid of it. */
  private chips(queryables: Record<string, Property>): void {
    const { store, catalogue } = this.app;
    const { conditions, region, words } = store.state;
    const chips = Object.entries(conditions).flatMap(([name, condition]) => {
      const property = queryables[name];
      if (!property) return [];
      return chip(titleWithoutUnit(property), conditionText(property, condition), () => this.put(name, null));
    });
    if (region) {
      const name = catalogue.names.get(region) ?? region;
      chips.push(chip(say("region"), name, () => store.set({ region: "" })));
    }
    if (words) chips.push(chip(say("search"), words, () => store.set({ words: "" })));
    if (chips.length > 1) {
      const all = button(say("clear-all"), () => store.set({ conditions: {}, region: "", words: "" }));
      chips.push(el("li", { class: "all" }, all));
    }
    this.inUse.replaceChildren(...chips);
  }
}

function chip(title: string, value: string, remove: () => void): HTMLLIElement {
  const press = button("×", remove, { "aria-label": `${say("remove")}: ${title}`, title: say("remove") });
  return el("li", {}, el("span", {}, `${title}: `, el("strong", {}, value)), press);
}

export function conditionText(property: Property, condition: Condition): string {
  const known = new Map<string, string>();
  switch (condition.kind) {
    case "contains":
      return condition.text;
    case "codes": {
      const titled = (code: string) => {
        if (code === NOT_RECORDED) return say("not-recorded");
        if (property.type === "boolean") return say(code === "true" ? "yes" : "no");
        return shown(property, property.type === "array" ? [code] : code, known);
      };
      return condition.codes.map(titled).join(", ");
    }
    case "range": {
      const value = (text: string) =>
        shown(property, property.format || text === "" ? text : Number(text), known);
      const [least, most] = [value(condition.least), value(condition.most)];
      return [least && `${say("at-least")} ${least}`, most && `${say("at-most")} ${most}`].filter(Boolean).join(" ");
    }
  }
}
