import { describe, expect, it } from "vitest";

import { filterText, type Properties, selecting } from "../src/filter";
import { BEGINNING, type Condition } from "../src/state";

const QUERYABLES: Properties = {
  status: { title: "Status", type: "string", oneOf: [] },
  commodities: { title: "Commodities", type: "array", items: { oneOf: [] } },
  in_scope: { title: "In scope", type: "boolean" },
  volume_m3: { title: "Volume (m³)", type: "number" },
  surveyed_on: { title: "Date of survey", type: "string", format: "date" },
  updated_at: { title: "Entered", type: "string", format: "date-time" },
  operator: { title: "Operator", type: "string" },
};

const codes = (...codes: string[]): Condition => ({ kind: "codes", codes });
const range = (least: string, most: string): Condition => ({ kind: "range", least, most });
const contains = (text: string): Condition => ({ kind: "contains", text });

// As OGC 21-065 (CQL2) writes them.
describe("a filter", () => {
  it.each<[string, Record<string, Condition>]>([
    ["", {}],
    ["status IN ('abandoned','closed')", { status: codes("abandoned", "closed") }],
    ["status IS NULL", { status: codes("") }],
    ["(status IS NULL OR status IN ('abandoned'))", { status: codes("abandoned", "") }],
    ["A_OVERLAPS(commodities,('copper','gold'))", { commodities: codes("copper", "gold") }],
    ["in_scope = false", { in_scope: codes("false") }],
    ["(in_scope = true OR in_scope = false)", { in_scope: codes("true", "false") }],
    ["volume_m3 >= 1000000", { volume_m3: range("1e6", "") }],
    ["volume_m3 >= 1 AND volume_m3 <= 2.5", { volume_m3: range("1", "2.5") }],
    ["", { volume_m3: range("much", "") }],
    ["surveyed_on <= DATE('2020-12-31')", { surveyed_on: range("", "2020-12-31") }],
    [
      "updated_at >= TIMESTAMP('2020-01-01T00:00:00Z') AND updated_at <= TIMESTAMP('2020-12-31T23:59:59Z')",
      { updated_at: range("2020-01-01", "2020-12-31") },
    ],
    ["ACCENTI(operator) LIKE ACCENTI('%O''Neil 50\\%%')", { operator: contains(" O'Neil 50% ") }],
    ["status IN ('a') AND volume_m3 <= 3", { status: codes("a"), volume_m3: range("", "3") }],
    ["", { gone: codes("a") }],
  ])("says %s", (text, conditions) => {
    expect(filterText(conditions, QUERYABLES)).toBe(text);
  });

  it("goes with words, region and day", () => {
    const state = { ...BEGINNING, words: " бор ", region: "RS-14", asOf: "2026-01-31" };
    expect(Object.fromEntries(selecting(state, QUERYABLES))).toEqual({
      q: "бор",
      region: "RS-14",
      "as-of": "2026-01-31T23:59:59Z",
    });
  });
});
