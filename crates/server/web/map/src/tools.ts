// Buttons of the whole page: link, print, measure, colours.

import { announce, button, el, part } from "./dom";
import { scheme, turn } from "./scheme";
import { say } from "./texts";

/** Measuring is hidden until there is a map. */
export function tools(measure: () => void, turned: () => void): void {
  const colours = button("", () => {
    turn();
    label();
    turned();
  });
  const label = () => {
    colours.textContent = scheme() === "dark" ? say("colours-light") : say("colours-dark");
  };
  label();
  const said = el("span", { class: "said" });
  const all = [
    button(say("share"), () => void share(said), { id: "share" }),
    button(say("print"), () => window.print()),
    button(say("measure"), measure, { id: "start-measure", hidden: true }),
    colours,
    said,
  ];
  part("tools").append(...all);
}

/** Puts the address into the clipboard; where that is forbidden it is shown, to be copied by hand. */
async function share(said: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    said.textContent = say("copied");
  } catch {
    const field = el("input", { readonly: true, value: location.href, "aria-label": say("copy-this") });
    said.replaceChildren(field);
    field.select();
  }
  announce(said.textContent || say("copy-this"));
}
