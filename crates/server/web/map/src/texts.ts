// Words, numbers and days in the reader's language.

import type { Config, Property, Value } from "./api";

let config: Config = { base: "", lang: "en", texts: {}, background: null };

export function speak(page: Config): void {
  config = page;
}

/** A text of the page's table; `{name}` is replaced by the value of that name. */
export function say(name: string, values: Record<string, string> = {}): string {
  const text = config.texts[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}

function locale(): string {
  return config.lang === "en" ? "en-GB" : `${config.lang}-RS`;
}

export function number(value: number, digits = 3): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
}

/** A year is a number that nobody groups. */
function plainInteger(value: number): string {
  return new Intl.NumberFormat(locale(), { useGrouping: false }).format(value);
}

/** A day or a moment, as the day that it is in UTC. */
export function day(text: string): string {
  const moment = new Date(text);
  return Number.isNaN(moment.valueOf())
    ? text
    : new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeZone: "UTC" }).format(moment);
}

export function compare(one: string, other: string): number {
  return one.localeCompare(other, locale());
}

const UNITS: Record<string, string> = { m2: "m²", m3: "m³", Cel: "°C", deg: "°" };

export function unit(property: Property): string {
  const code = property["x-ogc-unit"] ?? "";
  return UNITS[code] ?? code;
}

/** The title of a field without its unit, which stands beside the value. */
export function titleWithoutUnit(property: Property): string {
  return unit(property) ? property.title.replace(/ \([^()]*\)$/, "") : property.title;
}

/** A value for people; nothing for what is unknown. */
export function shown(property: Property, value: Value | undefined, names: Map<string, string>): string {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "boolean") return value ? say("yes") : say("no");
  if (typeof value === "number") {
    if (property.type === "integer") return plainInteger(value);
    return `${number(value)} ${unit(property)}`.trim();
  }
  if (Array.isArray(value)) return value.map((code) => label(property.items?.oneOf, code)).join(", ");
  if (property.format?.startsWith("date")) return day(value);
  return property.pattern ? (names.get(value) ?? value) : label(property.oneOf, value);
}

function label(choices: Property["oneOf"], code: string): string {
  return choices?.find((choice) => choice.const === code)?.title ?? code;
}

const NAMES: Record<string, string[]> = {
  en: ["name_en", "name_latin", "name"],
  "sr-Latn": ["name_latin", "name"],
  "sr-Cyrl": ["name"],
};

/** The fields that name a record, the best for the reader first. */
export function namingFields(properties: Record<string, unknown>): string[] {
  return [...(NAMES[config.lang] ?? ["name"]), "code"].filter((name) => name in properties);
}

export function nameOf(properties: Record<string, Value>, id: number): string {
  const known = namingFields(properties).map((name) => properties[name]);
  const name = known.find((value) => typeof value === "string" && value !== "");
  return typeof name === "string" ? name : `#${id}`;
}
