// What the map shows, and the address that says so.

/** A condition on a field. */
export type Condition =
  | { kind: "codes"; codes: string[] }
  | { kind: "range"; least: string; most: string }
  | { kind: "contains"; text: string };

/** A record, by the id of its layer and its own. */
export interface Chosen {
  layer: string;
  id: number;
}

/** The middle of the map in degrees (WGS 84), and its zoom. */
export interface View {
  lon: number;
  lat: number;
  zoom: number;
}

/** A raster survey on the map. */
export interface ShownSurvey {
  id: number;
  style: string;
  /** Percent. */
  opacity: number;
  /** Percent of the map's width that it covers from the left. */
  edge: number;
  relief: boolean;
}

export interface State {
  /** Nothing: all of the register. */
  view: View | null;
  theme: string;
  /** The layer of the table, to which the conditions apply. */
  layer: string;
  hidden: string[];
  words: string;
  region: string;
  conditions: Record<string, Condition>;
  sort: string;
  /** A day (ISO 8601), or nothing for now. */
  asOf: string;
  chosen: Chosen | null;
  survey: ShownSurvey | null;
}

/** The middle of Serbia, for a register without places. */
export const MIDDLE: View = { lon: 20.9, lat: 44.2, zoom: 6 };

export const BEGINNING: State = {
  view: null,
  theme: "type",
  layer: "facilities",
  hidden: [],
  words: "",
  region: "",
  conditions: {},
  sort: "",
  asOf: "",
  chosen: null,
  survey: null,
};

/** A code that stands for records of which nothing is recorded. */
export const NOT_RECORDED = "";
const WHERE = "where.";

/** The part of the address after `#`. What is as in the beginning is left out. */
export function toHash(state: State): string {
  const parts = new URLSearchParams();
  const put = (name: string, value: string, usual = "") => {
    if (value !== usual) parts.set(name, value);
  };
  if (state.view) {
    const { lon, lat, zoom } = state.view;
    parts.set("view", `${lon.toFixed(5)},${lat.toFixed(5)},${zoom.toFixed(4)}`);
  }
  put("theme", state.theme, BEGINNING.theme);
  put("layer", state.layer, BEGINNING.layer);
  put("hidden", state.hidden.join(","));
  put("q", state.words);
  put("region", state.region);
  put("sort", state.sort);
  put("as-of", state.asOf);
  for (const [field, condition] of Object.entries(state.conditions)) {
    parts.set(WHERE + field, conditionText(condition));
  }
  if (state.chosen) put("chosen", `${state.chosen.layer}/${state.chosen.id}`);
  if (state.survey) {
    const { id, style, opacity, edge, relief } = state.survey;
    put("survey", [id, style, opacity, edge, relief ? "3d" : "flat"].join(","));
  }
  return parts.toString();
}

/** Reads it; what makes no sense is as in the beginning. */
export function fromHash(hash: string): State {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const get = (name: string, usual = "") => parts.get(name) ?? usual;
  const conditions: Record<string, Condition> = {};
  for (const [name, text] of parts) {
    if (name.startsWith(WHERE)) conditions[name.slice(WHERE.length)] = readCondition(text);
  }
  return {
    view: readView(get("view")),
    theme: get("theme", BEGINNING.theme),
    layer: get("layer", BEGINNING.layer),
    hidden: get("hidden").split(",").filter(Boolean),
    words: get("q"),
    region: get("region"),
    conditions,
    sort: get("sort"),
    asOf: /^\d{4}-\d\d-\d\d$/.test(get("as-of")) ? get("as-of") : "",
    chosen: readChosen(get("chosen")),
    survey: readSurvey(get("survey")),
  };
}

/** `a,b`, `1..2` or `~text`. */
function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case "codes":
      return condition.codes.join(",");
    case "range":
      return `${condition.least}..${condition.most}`;
    case "contains":
      return `~${condition.text}`;
  }
}

function readCondition(text: string): Condition {
  if (text.startsWith("~")) return { kind: "contains", text: text.slice(1) };
  const [least, most] = text.split("..");
  if (least !== undefined && most !== undefined) return { kind: "range", least, most };
  return { kind: "codes", codes: text.split(",") };
}

function readView(text: string): View | null {
  const [lon, lat, zoom] = text.split(",").map(Number);
  const good =
    text !== "" && [lon, lat, zoom].every(Number.isFinite) && Math.abs(lat!) <= 85 && zoom! <= 24;
  return good ? { lon: lon!, lat: lat!, zoom: zoom! } : null;
}

function readChosen(text: string): Chosen | null {
  const found = /^([a-z_]+)\/(\d+)$/.exec(text);
  return found ? { layer: found[1]!, id: Number(found[2]) } : null;
}

function readSurvey(text: string): ShownSurvey | null {
  const [id, style, opacity, edge, relief] = text.split(",");
  if (!id || !/^\d+$/.test(id) || !style) return null;
  const percent = (text: string | undefined) => Math.min(100, Math.max(0, Number(text) || 0));
  return { id: Number(id), style, opacity: percent(opacity), edge: percent(edge), relief: relief === "3d" };
}

type Listener = (state: State, changed: Set<keyof State>) => void;

/** The state, and those who follow it. */
export class Store {
  private listeners: Listener[] = [];

  constructor(public state: State) {}

  follow(listener: Listener): void {
    this.listeners.push(listener);
  }

  set(change: Partial<State>): void {
    const before = this.state;
    this.state = { ...before, ...change };
    const names = Object.keys(change) as (keyof State)[];
    const changed = names.filter(
      (name) => JSON.stringify(before[name]) !== JSON.stringify(this.state[name]),
    );
    if (changed.length === 0) return;
    for (const listener of this.listeners) listener(this.state, new Set(changed));
  }
}
