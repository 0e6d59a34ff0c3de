// The register as it was recorded on another day.

import type { App } from "./app";
import { calm, type Revision } from "./api";
import { button, el } from "./dom";
import { day, say } from "./texts";

const DAY_MS = 86_400_000;
/** Days since 1970. */
const TODAY = Math.floor(Date.now() / DAY_MS);

export class PastPanel {
  private readonly date: HTMLInputElement;
  private readonly slider: HTMLInputElement;
  private readonly said = el("output", { class: "count" });
  readonly element: HTMLElement;

  private first = TODAY;

  constructor(private readonly app: App) {
    const set = (asOf: string) => app.store.set({ asOf });
    this.date = el("input", { type: "date", max: iso(TODAY), "aria-label": say("as-of") });
    this.date.addEventListener("change", () => set(this.date.value));
    this.slider = el("input", { type: "range", min: "0", "aria-label": say("as-of") });
    const slid = calm(300, () => {
      const chosen = this.first + Number(this.slider.value);
      set(chosen >= TODAY ? "" : iso(chosen));
    });
    this.slider.addEventListener("input", () => {
      this.said.textContent = day(iso(this.first + Number(this.slider.value)));
      slid();
    });
    const now = button(say("now"), () => set(""));
    const row = el("div", { class: "row" }, this.date, now);
    this.element = el("section", {}, el("h2", {}, say("as-of"), " ", this.said), this.slider, row);
    this.slider.hidden = true;
  }

  /** Lets the reader go back to the day of the first revision. */
  async reach(): Promise<void> {
    const { made_at } = await this.app.api.get<Revision>("/revisions/1");
    this.first = Math.min(Math.floor(Date.parse(made_at) / DAY_MS), TODAY);
    this.date.min = iso(this.first);
    this.slider.max = String(TODAY - this.first);
    this.slider.hidden = this.first === TODAY;
    this.refresh();
  }

  refresh(): void {
    const { asOf } = this.app.store.state;
    this.date.value = asOf;
    this.slider.value = String((asOf ? Math.floor(Date.parse(asOf) / DAY_MS) : TODAY) - this.first);
    this.said.textContent = asOf ? day(asOf) : say("now");
  }
}

function iso(days: number): string {
  return new Date(days * DAY_MS).toISOString().slice(0, 10);
}
