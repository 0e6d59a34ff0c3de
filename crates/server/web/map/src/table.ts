// The records in view, as a table: what the map shows, for everybody.

import { type App, selectionInView } from "./app";
import { type Feature, type Features, Latest, type Property } from "./api";
import { announce, button, el } from "./dom";
import { nameOf, namingFields, number, say, shown, unit } from "./texts";

const PAGE = 50;

export class Table {
  private readonly latest = new Latest();
  private readonly caption = el("h2", { id: "table-caption" });
  private readonly head = el("thead");
  private readonly body = el("tbody");
  private readonly scroll: HTMLElement;
  private readonly more = button(say("more"), () => void this.nextPage(), { hidden: true });
  private next: string | null = null;
  private columns: [string, Property][] = [];

  constructor(
    private readonly app: App,
    container: HTMLElement,
  ) {
    const table = el("table", { "aria-labelledby": "table-caption" }, this.head, this.body);
    this.scroll = el("div", { class: "scroll", role: "region", tabindex: "0", "aria-labelledby": "table-caption" }, table, this.more);
    container.append(this.caption, this.scroll);
  }

  async refresh(): Promise<void> {
    const { api, catalogue, store } = this.app;
    const { layer, sort } = store.state;
    await this.latest.run(async (signal) => {
      const fields = await catalogue.fields(layer);
      this.columns = columns(fields);
      const parameters = await selectionInView(this.app);
      const names = [...namingFields(fields), ...this.columns.map(([name]) => name)];
      parameters.set("properties", [...new Set(names)].join(","));
      parameters.set("skipGeometry", "true");
      parameters.set("limit", String(PAGE));
      if (sort) parameters.set("sortby", sort);
      const found = await api.get<Features>(`/collections/${layer}/items`, parameters, signal);
      await catalogue.levels;
      this.headings(await catalogue.sortables(layer));
      this.body.replaceChildren();
      this.append(found);
      this.title(found);
      this.scroll.scrollTop = 0;
    });
  }

  /** Marks the row of the record that is chosen. */
  mark(): void {
    const { chosen, layer } = this.app.store.state;
    for (const row of this.body.rows) {
      const isChosen = chosen?.layer === layer && row.dataset["id"] === String(chosen.id);
      row.classList.toggle("chosen", isChosen);
      if (isChosen) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  private async nextPage(): Promise<void> {
    if (!this.next) return;
    const first = this.body.rows.length;
    const found = await this.app.api.get<Features>(this.next);
    this.append(found);
    this.body.rows[first]?.querySelector("button")?.focus();
  }

  private append(found: Features): void {
    this.body.append(...found.features.map((feature) => this.row(feature)));
    this.next = found.links.find((link) => link.rel === "next")?.href ?? null;
    this.more.hidden = this.next === null;
    if (this.body.rows.length === 0) {
      const cell = el("td", { colspan: String(this.columns.length + 1) }, say("no-match"));
      this.body.append(el("tr", {}, cell));
    }
    this.mark();
  }

  private title(found: Features): void {
    const { catalogue, store } = this.app;
    const shownCount = found.features.length;
    const counted = found.numberMatched ?? (this.next ? null : shownCount);
    const count = counted === null ? `${number(shownCount)}+` : number(counted);
    const title = catalogue.layer(store.state.layer)?.title ?? store.state.layer;
    const text = say("table-caption", { layer: title, count: say("in-view", { count }) });
    this.caption.textContent = text;
    announce(text);
  }

  private row({ id, properties }: Feature): HTMLTableRowElement {
    const { store, catalogue } = this.app;
    const choose = () => store.set({ chosen: { layer: store.state.layer, id } });
    const name = el("th", { scope: "row" }, button(nameOf(properties, id), choose, { class: "link" }));
    const cells = this.columns.map(([field, property]) => {
      const text = shown(property, properties[field], catalogue.names);
      const kind = isQuantity(property) ? "number" : "";
      return text ? el("td", { class: kind }, text) : el("td", { class: "unknown" }, say("unknown"));
    });
    return el("tr", { "data-id": String(id) }, name, ...cells);
  }

  private headings(sortables: Record<string, Property>): void {
    const nameField = Object.keys(sortables).find((name) => name === "name") ?? "code";
    const [first] = [[nameField, sortables[nameField]] as [string, Property]];
    const all = [first, ...this.columns].filter(([, property]) => property);
    const cells = all.map(([name, property]) => this.heading(name, property, name in sortables));
    this.head.replaceChildren(el("tr", {}, ...cells));
  }

  private heading(name: string, property: Property, canSort: boolean): HTMLElement {
    const { store } = this.app;
    const { sort } = store.state;
    const order = sort === name ? "ascending" : sort === `-${name}` ? "descending" : "none";
    const kind = isQuantity(property) ? "number" : "";
    if (!canSort) return el("th", { scope: "col", class: kind }, property.title);
    const next = order === "ascending" ? `-${name}` : order === "descending" ? "" : name;
    const arrow = { ascending: " ▲", descending: " ▼", none: "" }[order];
    const spoken = order === "none" ? "" : `, ${order === "ascending" ? say("ascending") : say("descending")}`;
    const press = button(property.title + arrow, () => store.set({ sort: next }), {
      class: "link",
      "aria-label": property.title + spoken,
    });
    return el("th", { scope: "col", class: kind, "aria-sort": order }, press);
  }
}

function isQuantity(property: Property): boolean {
  return unit(property) !== "" || property.type === "number" || property.type === "integer";
}

/** The first lists of codes, the region, the volume and the date: what fits beside a map. */
function columns(fields: Record<string, Property>): [string, Property][] {
  const all = Object.entries(fields);
  const lists = all.filter(([, property]) => property.oneOf).slice(0, 2);
  const others = [
    all.find(([name]) => name === "municipality") ?? all.find(([name]) => name === "district"),
    all.find(([, property]) => property["x-ogc-unit"] === "m3"),
    all.find(([, property]) => property["x-ogc-role"] === "primary-instant"),
  ];
  return [...lists, ...others.filter((one) => one !== undefined)];
}
