// The chosen record: its values, each with when it was recorded and on which evidence.

import type { App } from "./app";
import { type Feature, Latest, type Property, type Provenance, type Revision, type Value } from "./api";
import { button, el } from "./dom";
import { pastOf } from "./filter";
import { boxOf } from "./box";
import { day, nameOf, say, shown, titleWithoutUnit } from "./texts";

/** Fields that the heading says. */
const IN_HEADING = ["name", "name_latin", "name_en"];

export class Sheet {
  private readonly latest = new Latest();
  /** What is shown; the map marks it. */
  feature: Feature | null = null;

  constructor(
    private readonly app: App,
    private readonly container: HTMLElement,
    private readonly shownOnMap: (feature: Feature | null) => void,
  ) {
    container.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  async refresh(): Promise<void> {
    const { api, store, catalogue } = this.app;
    const { chosen } = store.state;
    if (!chosen) {
      this.container.hidden = true;
      this.show(null);
      await this.latest.run(async () => {});
      return;
    }
    await this.latest.run(async (signal) => {
      const path = `/collections/${chosen.layer}/items/${chosen.id}`;
      const asked = api.get<Feature>(path, pastOf(store.state), signal);
      const evidence = api.get<Provenance>(`${path}/provenance`, undefined, signal).catch(() => null);
      const [feature, fields] = await Promise.all([
        asked,
        catalogue.fields(chosen.layer),
        catalogue.levels,
      ]);
      this.fill(path, chosen.layer, feature, fields, await evidence);
      this.show(feature);
    });
  }

  private show(feature: Feature | null): void {
    this.feature = feature;
    this.shownOnMap(feature);
  }

  private close(): void {
    this.app.store.set({ chosen: null });
    document.getElementById("results")?.focus();
  }

  private fill(
    path: string,
    layer: string,
    feature: Feature,
    fields: Record<string, Property>,
    evidence: Provenance | null,
  ): void {
    const { catalogue } = this.app;
    const title = el("h2", { tabindex: "-1" }, nameOf(feature.properties, feature.id));
    const kind = el("p", { class: "kind" }, catalogue.layer(layer)?.title ?? layer);
    const close = button("×", () => this.close(), { class: "close", "aria-label": say("close") });
    const told = Object.entries(fields).filter(([name]) => !IN_HEADING.includes(name));
    const known = told.filter(([name]) => isKnown(feature.properties[name]));
    const unknown = told.filter(([name]) => !isKnown(feature.properties[name]));
    const values = el("dl", {});
    for (const [name, property] of known) {
      const text = shown(property, feature.properties[name], catalogue.names);
      const from = evidence && source(evidence, name);
      const value = el("dd", {}, text, from && el("small", {}, from));
      values.append(el("div", {}, el("dt", {}, titleWithoutUnit(property)), value));
    }
    const titles = unknown.map(([, property]) => titleWithoutUnit(property)).join("; ");
    const rest = titles && el("p", { class: "unknown" }, say("unknown-fields", { fields: titles }));
    const links = this.links(path, feature);
    this.container.replaceChildren(close, title, kind, links, values, rest);
    this.container.hidden = false;
    title.focus({ preventScroll: true });
  }

  private links(path: string, feature: Feature): HTMLElement {
    const { api, store, catalogue } = this.app;
    const past = pastOf(store.state);
    const box = boxOf(feature.geometry);
    const code = feature.properties["code"];
    const isFacility = typeof code === "string" && path.startsWith("/collections/facilities/");
    // Facilities have an address that stays when the register is made anew.
    const own = isFacility ? `/facilities/${encodeURIComponent(code)}` : path;
    const list = el(
      "ul",
      { class: "links" },
      el("li", {}, el("a", { href: api.page(own, past) }, say("about-all"))),
      el("li", {}, el("a", { href: api.page(`${path}/history`) }, say("history"))),
    );
    if (isFacility && (catalogue.layer("surveys")?.itemCount ?? 0) > 0) {
      const ofFacility = new URLSearchParams({ facility: code });
      list.append(el("li", {}, el("a", { href: api.page("/collections/surveys/items", ofFacility) }, say("surveys"))));
    }
    if (box) list.append(el("li", {}, button(say("on-the-map"), () => this.app.fit(box), { class: "link" })));
    return list;
  }
}

function isKnown(value: Value | undefined): boolean {
  return value !== null && value !== undefined && value !== "";
}

/** When a value was recorded, and from which source or file; nothing for what the register keeps itself. */
function source({ values, revisions }: Provenance, field: string): string {
  const number = values.find((value) => value.field === field)?.revision;
  const revision = revisions.find((one) => one.revision === number);
  return revision ? say("recorded", { date: day(revision.made_at), source: nameOfSource(revision) }) : "";
}

function nameOfSource({ source, file }: Revision): string {
  return source ?? file?.name ?? say("source-unnamed");
}
