// What all parts of the page share.

import type { Api, Features } from "./api";
import type { Catalogue } from "./catalogue";
import { selecting } from "./filter";
import { around, type Box, boxOf } from "./box";
import type { Store } from "./state";
import { announce } from "./dom";
import { say } from "./texts";

export interface App {
  api: Api;
  store: Store;
  catalogue: Catalogue;
  /** What the map shows; nothing where there is no map. */
  box(): Box | null;
  fit(box: Box): void;
}

/** The parameters of what the reader selects. */
export async function selection({ store, catalogue }: App): Promise<URLSearchParams> {
  return selecting(store.state, await catalogue.queryables(store.state.layer));
}

/** The same, and only what is on the map. */
export async function selectionInView(app: App): Promise<URLSearchParams> {
  const parameters = await selection(app);
  const box = app.box();
  if (box) parameters.set("bbox", box.map((degrees) => degrees.toFixed(6)).join(","));
  return parameters;
}

/** Brings the records of the table's layer that a parameter selects onto the map. */
export async function bringIntoView(app: App, parameters: URLSearchParams): Promise<void> {
  const { layer } = app.store.state;
  const asked = new URLSearchParams([...parameters, ["properties", "code"]]);
  const found = await app.api.get<Features>(`/collections/${layer}/items`, asked);
  const boxes = found.features.map(({ geometry }) => boxOf(geometry));
  const box = around(boxes.filter((one) => one !== null));
  if (box) app.fit(box);
}

/** Says what went wrong where everybody can read it. */
export function complain(error: unknown): void {
  const text = `${say("failed")} ${error instanceof Error ? error.message : String(error)}`;
  announce(text);
  document.getElementById("status")?.classList.remove("hidden");
}
