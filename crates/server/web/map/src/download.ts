// What is selected, as a file.

import { type App, complain, selection, selectionInView } from "./app";
import { el } from "./dom";
import { say } from "./texts";

export class DownloadPanel {
  private readonly list = el("ul", { class: "formats" });
  private readonly onlyView = el("input", { type: "checkbox", id: "download-view" });
  readonly element: HTMLElement;

  constructor(private readonly app: App) {
    this.onlyView.addEventListener("change", () => this.refresh().catch(complain));
    const only = el("label", {}, this.onlyView, say("download-view"));
    const summary = el("summary", {}, el("h2", {}, say("download")));
    this.element = el("section", { id: "download" }, el("details", {}, summary, only, this.list));
  }

  async refresh(): Promise<void> {
    const { api, catalogue, store } = this.app;
    const parameters = await (this.onlyView.checked ? selectionInView(this.app) : selection(this.app));
    const links = catalogue.layer(store.state.layer)?.links ?? [];
    const files = links.filter((link) => link.rel === "enclosure");
    const lines = files.map(({ href, title }) => {
      // The title says how many records the whole layer has; here it may be fewer.
      const name = (title ?? href).replace(/ \(\d+\)$/, "");
      return el("li", {}, el("a", { href: api.address(href, parameters), download: true }, name));
    });
    this.list.replaceChildren(...lines);
  }
}
