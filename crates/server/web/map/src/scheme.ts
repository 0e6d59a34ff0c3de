// Dark or light: as the reader's system has it, unless the reader chose.

export type Scheme = "light" | "dark";

const KEPT = "cadastre-scheme";

export function scheme(): Scheme {
  const chosen = document.documentElement.dataset["scheme"];
  if (chosen === "dark" || chosen === "light") return chosen;
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Takes up what the reader chose before, where the browser keeps such things. */
export function remember(): void {
  try {
    const kept = localStorage.getItem(KEPT);
    if (kept) document.documentElement.dataset["scheme"] = kept;
  } catch {
    // A reader who lets nothing be kept has the system's colours.
  }
}

export function turn(): void {
  const other = scheme() === "dark" ? "light" : "dark";
  document.documentElement.dataset["scheme"] = other;
  try {
    localStorage.setItem(KEPT, other);
  } catch {
    // It lasts as long as the page.
  }
}
