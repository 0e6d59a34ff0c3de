// Questions to the service.

/** What the page hands over. */
export interface Config {
  base: string;
  lang: string;
  texts: Record<string, string>;
  background: { tiles: string; attribution: string | null } | null;
}

export interface Choice {
  const: string;
  title: string;
}

/** A field as JSON Schema says it. */
export interface Property {
  title: string;
  type?: string;
  format?: string;
  oneOf?: Choice[];
  items?: { oneOf?: Choice[] };
  pattern?: string;
  "x-ogc-unit"?: string;
  "x-ogc-role"?: string;
}

export interface Schema {
  title: string;
  properties: Record<string, Property>;
}

export interface Link {
  href: string;
  rel: string;
  type?: string;
  title?: string;
}

export type Value = string | number | boolean | string[] | null;

export interface Feature {
  type: "Feature";
  id: number;
  geometry: GeoJSON.Geometry | null;
  properties: Record<string, Value>;
  links?: Link[];
}

export interface Features {
  type: "FeatureCollection";
  features: Feature[];
  numberMatched?: number;
  links: Link[];
}

export interface Layer {
  id: string;
  title: string;
  itemCount: number;
  extent?: { spatial?: { bbox: [number, number, number, number][] } };
  links: Link[];
}

export interface LegendClass {
  label: string;
  colour: string;
  shape: string;
  size_px: number;
  icon: string;
  code?: string;
  unknown?: boolean;
  count: number;
}

export interface Legend {
  id: string;
  title: string;
  note: string | null;
  sprite: string;
  numberMatched: number;
  classes: LegendClass[];
}

export interface Revision {
  revision: number;
  made_at: string;
  source: string | null;
  file: { name: string } | null;
}

export interface Provenance {
  values: { field: string; revision: number | null }[];
  revisions: Revision[];
}

/** An answer that says what is wrong (RFC 9457). */
export class ServiceProblem extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

export class Api {
  private readonly root: string;
  /** What the page was sent with; each answer is good for once. */
  private readonly first: Map<string, unknown>;

  constructor(
    private readonly config: Config,
    address: URL,
    first = "{}",
  ) {
    this.root = new URL(".", address).href.replace(/\/$/, "");
    const answers = JSON.parse(this.reach(first)) as Record<string, unknown>;
    this.first = new Map(Object.entries(answers).map(([path, answer]) => [inOrder(path), answer]));
  }

  /** An address of the service as this page reaches it. */
  address(path: string, parameters?: URLSearchParams): string {
    const query = parameters?.toString();
    const sign = path.includes("?") ? "&" : "?";
    return this.reach(path.startsWith("/") ? this.root + path : path) + (query ? sign + query : "");
  }

  /** The page of something for people. */
  page(path: string, parameters = new URLSearchParams()): string {
    const all = new URLSearchParams([...parameters, ["f", "html"], ["lang", this.config.lang]]);
    return this.address(path, all);
  }

  /** Asks for JSON. */
  async get<T>(path: string, parameters?: URLSearchParams, signal?: AbortSignal): Promise<T> {
    const url = new URL(this.address(path, parameters));
    url.searchParams.set("lang", this.config.lang);
    const known = inOrder(url.href.slice(this.root.length));
    const sent = this.first.get(known);
    if (sent !== undefined) {
      this.first.delete(known);
      return sent as T;
    }
    const headers = { accept: "application/json, application/geo+json, application/schema+json" };
    const answer = await fetch(url, { headers, signal: signal ?? null });
    const text = await answer.text();
    if (!answer.ok) throw new ServiceProblem(answer.status, problem(text) ?? answer.statusText);
    return JSON.parse(this.reach(text)) as T;
  }

  /** Links name the address that the operator chose; the reader may have come by another. */
  reach(text: string): string {
    return this.config.base === this.root ? text : text.replaceAll(this.config.base, this.root);
  }
}

/** A path with its parameters in the order of their names. */
function inOrder(path: string): string {
  const url = new URL(path, "http://localhost");
  url.searchParams.sort();
  return url.pathname + url.search;
}

function problem(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { detail?: string }).detail;
  } catch {
    return undefined;
  }
}

/** Asks anew whenever it is told to, and drops what is on its way. */
export class Latest {
  private running = new AbortController();

  async run(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.running.abort();
    const own = new AbortController();
    this.running = own;
    try {
      await work(own.signal);
    } catch (error) {
      if (!own.signal.aborted) throw error;
    }
  }
}

/** Calls `what` once nobody has asked for a while, in milliseconds. */
export function calm(pause: number, what: () => void): () => void {
  let timer = 0;
  return () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(what, pause);
  };
}
