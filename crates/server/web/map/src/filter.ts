// Conditions as the service reads them (CQL2 text), the same for tiles, table, legend and downloads.

import type { Property } from "./api";
import { NOT_RECORDED, type Condition, type State } from "./state";

export type Properties = Record<string, Property>;

/** The parameters that select the records of a state's layer. */
export function selecting(state: State, queryables: Properties): URLSearchParams {
  const parameters = new URLSearchParams();
  const filter = filterText(state.conditions, queryables);
  if (filter) parameters.set("filter", filter);
  if (state.words.trim()) parameters.set("q", state.words.trim());
  if (state.region) parameters.set("region", state.region);
  for (const [name, value] of pastOf(state)) parameters.set(name, value);
  return parameters;
}

/** The parameter that asks for what was recorded at the end of a day (UTC). */
export function pastOf(state: State): URLSearchParams {
  return new URLSearchParams(state.asOf ? { "as-of": `${state.asOf}T23:59:59Z` } : {});
}

/** All conditions together; nothing where there are none. */
export function filterText(conditions: Record<string, Condition>, queryables: Properties): string {
  const parts = Object.entries(conditions).map(([name, condition]) => {
    const property = queryables[name];
    return property ? conditionOf(name, property, condition) : "";
  });
  return parts.filter(Boolean).join(" AND ");
}

function conditionOf(name: string, property: Property, condition: Condition): string {
  switch (condition.kind) {
    case "codes":
      return oneOf(name, property, condition.codes);
    case "range":
      return range(name, property, condition.least, condition.most);
    case "contains":
      return condition.text.trim() ? `ACCENTI(${name}) LIKE ACCENTI(${pattern(condition.text)})` : "";
  }
}

function oneOf(name: string, property: Property, codes: string[]): string {
  const known = codes.filter((code) => code !== NOT_RECORDED).map(quoted);
  const parts = codes.includes(NOT_RECORDED) ? [`${name} IS NULL`] : [];
  if (known.length > 0) {
    if (property.type === "array") parts.push(`A_OVERLAPS(${name},(${known.join(",")}))`);
    else if (property.type === "boolean") {
      parts.push(...codes.filter(Boolean).map((code) => `${name} = ${code === "true"}`));
    } else parts.push(`${name} IN (${known.join(",")})`);
  }
  return parts.length > 1 ? `(${parts.join(" OR ")})` : (parts[0] ?? "");
}

function range(name: string, property: Property, least: string, most: string): string {
  const parts = [];
  const [from, until] = [bound(property, least, false), bound(property, most, true)];
  if (from) parts.push(`${name} >= ${from}`);
  if (until) parts.push(`${name} <= ${until}`);
  return parts.join(" AND ");
}

/** A number, a day or a moment as a literal; nothing for what is none. */
function bound(property: Property, text: string, isEnd: boolean): string {
  if (property.format?.startsWith("date")) {
    if (!/^\d{4}-\d\d-\d\d$/.test(text)) return "";
    const time = isEnd ? "T23:59:59Z" : "T00:00:00Z";
    return property.format === "date" ? `DATE('${text}')` : `TIMESTAMP('${text}${time}')`;
  }
  return text.trim() !== "" && Number.isFinite(Number(text)) ? String(Number(text)) : "";
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function pattern(text: string): string {
  return quoted(`%${text.trim().replace(/[\\%_]/g, "\\$&")}%`);
}
