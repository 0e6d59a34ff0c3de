import { describe, expect, it } from "vitest";

import { BEGINNING, fromHash, type State, Store, toHash } from "../src/state";

const STATES: Record<string, State> = {
  "the beginning": BEGINNING,
  everything: {
    view: { lon: 22.09571, lat: 44.07412, zoom: 11.25 },
    theme: "status",
    layer: "incidents",
    hidden: ["districts", "dams"],
    words: "Велики Кривељ & co = 50%#",
    region: "RS-14",
    conditions: {
      status: { kind: "codes", codes: ["abandoned", ""] },
      volume_m3: { kind: "range", least: "1000000", most: "" },
      surveyed_on: { kind: "range", least: "2014-05-15", most: "2020-12-31" },
      operator: { kind: "contains", text: "d.o.o., a..b" },
    },
    sort: "-volume_m3",
    asOf: "2026-01-31",
    chosen: { layer: "facility_outlines", id: 17 },
    survey: { id: 3, style: "hillshade", opacity: 60, edge: 45, relief: true },
  },
  "an unknown value": { ...BEGINNING, conditions: { status: { kind: "codes", codes: [""] } } },
};

describe("the address", () => {
  it.each(Object.entries(STATES))("holds %s", (_, state) => {
    expect(fromHash(`#${toHash(state)}`)).toEqual(state);
  });

  it("says nothing of what is as in the beginning", () => {
    expect(toHash(BEGINNING)).toBe("");
  });

  it.each([
    "view=a,b,c",
    "view=1,2",
    "view=20,95,6",
    "chosen=facilities",
    "chosen=../../x/1",
    "survey=x,hillshade",
    "as-of=yesterday",
  ])("is not led astray by %s", (hash) => {
    expect(fromHash(hash)).toEqual(BEGINNING);
  });
});

describe("the store", () => {
  it("tells what changed, once, and nothing when nothing did", () => {
    const store = new Store(BEGINNING);
    const told: string[][] = [];
    store.follow((_, changed) => told.push([...changed]));
    store.set({ theme: "type", region: "RS-14" });
    store.set({ region: "RS-14" });
    store.set({ conditions: {}, words: "bor" });
    expect(told).toEqual([["region"], ["words"]]);
  });
});
