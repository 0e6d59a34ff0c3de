// The page: brings its parts together.

import type { StyleSpecification } from "maplibre-gl";

import "maplibre-gl/dist/maplibre-gl.css";
import "./style.css";
import { Api, calm, type Config, type Feature } from "./api";
import { type App, complain, selection } from "./app";
import { Catalogue } from "./catalogue";
import { compose, drawn, type Scene } from "./compose";
import { ConditionsPanel } from "./conditions";
import { el, part } from "./dom";
import { DownloadPanel } from "./download";
import { pastOf } from "./filter";
import { LayersPanel } from "./layers";
import { LegendPanel, refreshed, type ThemeTitle } from "./legend";
import { Measure } from "./measure";
import { PastPanel } from "./past";
import { remember, scheme } from "./scheme";
import { SearchBox } from "./search";
import { Sheet } from "./sheet";
import type { Stage } from "./stage";
import { fromHash, type State, Store, toHash } from "./state";
import { SurveysPanel } from "./surveys";
import type { Swipe } from "./swipe";
import { Table } from "./table";
import { say, speak } from "./texts";
import { tools } from "./tools";

const PAUSE_MS = 250;
/** What changes the records that are selected. */
const SELECTING: (keyof State)[] = ["layer", "words", "region", "conditions", "asOf"];
/** What changes the picture of the map. */
const DRAWN: (keyof State)[] = [...SELECTING, "theme", "hidden", "survey"];

class Page {
  private readonly store = new Store(fromHash(location.hash));
  private readonly api: Api;
  private app!: App;
  private stage: Stage | null = null;
  private swipe: Swipe | null = null;
  private style!: StyleSpecification;
  private styleOf = "";
  private measure!: Measure;
  private sheet!: Sheet;
  private chosen: Feature | null = null;

  constructor(private readonly config: Config) {
    this.api = new Api(config, new URL(location.href), part("first").textContent ?? undefined);
  }

  /** The table begins without waiting for the map, unless an address says where the map is. */
  async begin(): Promise<void> {
    const { api, store } = this;
    const drawing = import("./drawing");
    // Who waits for it says what went wrong.
    drawing.catch(() => undefined);
    const [catalogue, styles] = await Promise.all([
      Catalogue.load(api, store.state.layer),
      api.get<{ styles: ThemeTitle[] }>("/styles"),
      this.loadStyle(),
    ]);
    this.app = {
      api,
      store,
      catalogue,
      box: () => this.stage?.box() ?? null,
      fit: (box) => this.stage?.fit(box),
    };
    this.measure = new Measure(part("measure"), () => this.middle(), () => void this.draw());
    const isSomewhere = store.state.view !== null;
    const { viewed, inView } = this.fill(styles.styles);
    if (!isSomewhere) viewed();
    this.followAddress();
    await this.beginStage(await drawing, inView);
    if (isSomewhere) viewed();
    // What a link says of a survey is more than the style of the first picture.
    if (store.state.survey) await this.draw();
  }

  private async beginStage({ Stage, Swipe }: typeof import("./drawing"), resized: () => void): Promise<void> {
    const { view } = this.store.state;
    const style = compose(this.style, await this.scene(), this.address);
    const all = this.app.catalogue.extent();
    this.stage = Stage.begin(part("map"), style, view, all, this.rewrite, {
      moved: (view) => this.store.set({ view }),
      resized,
      picked: (chosen) => this.store.set({ chosen }),
      clicked: (lon, lat) => {
        if (this.measure.isOn) this.measure.add([lon, lat]);
        return this.measure.isOn;
      },
      isMeasuring: () => this.measure.isOn,
    });
    if (this.stage) {
      this.swipe = new Swipe(this.stage.map, this.rewrite);
      part("start-measure").hidden = false;
    } else part("map").append(el("p", { class: "notice", role: "alert" }, say("no-webgl")));
  }

  /** Makes the parts around the map and lets them follow the state. */
  private fill(themes: ThemeTitle[]): { viewed: () => void; inView: () => void } {
    const { app, store } = this;
    const legend = new LegendPanel(app, themes);
    const layers = new LayersPanel(app, drawn(this.style));
    const conditions = new ConditionsPanel(app);
    const past = new PastPanel(app);
    // A register without a revision has no past.
    past.reach().catch(() => undefined);
    const surveys = new SurveysPanel(app);
    const download = new DownloadPanel(app);
    const panels = [legend, layers, conditions, past, surveys, download];
    part("panel").append(...panels.map((panel) => panel.element));
    const table = new Table(app, part("results"));
    const search = new SearchBox(app, part("search"));
    this.sheet = new Sheet(app, part("sheet"), (feature) => {
      if (this.chosen === feature) return;
      this.chosen = feature;
      this.draw().catch(complain);
    });
    tools(() => this.measure.start(), () => void this.draw().then(() => refreshed(legend)));

    const viewed = () => [table, legend, surveys, download].forEach(refreshed);
    const inView = calm(PAUSE_MS, viewed);
    const forms = () => {
      layers.refresh();
      past.refresh();
      search.refresh();
      refreshed(conditions);
    };
    store.follow((_, changed) => {
      const any = (names: (keyof State)[]) => names.some((name) => changed.has(name));
      if (any(DRAWN)) this.draw().catch(complain);
      if (any([...SELECTING, "view", "sort", "theme", "survey"])) inView();
      if (any(["chosen", "asOf"])) refreshed(this.sheet);
      if (changed.has("chosen")) table.mark();
      forms();
    });
    forms();
    refreshed(this.sheet);
    return { viewed, inView };
  }

  /** The address says what is shown, and what it says is shown. */
  private followAddress(): void {
    const { store } = this;
    const languages = [...part("languages").querySelectorAll("a")];
    const write = () => {
      const hash = `#${toHash(store.state)}`;
      history.replaceState(null, "", hash);
      for (const link of languages) link.hash = hash;
    };
    store.follow(write);
    write();
    window.addEventListener("hashchange", () => {
      const state = fromHash(location.hash);
      if (state.view) this.stage?.go(state.view);
      store.set(state);
    });
  }

  private async draw(): Promise<void> {
    const stage = this.stage;
    if (!stage) return;
    await this.loadStyle();
    const scene = await this.scene();
    stage.draw(compose(this.style, scene, this.address));
    const { survey } = scene;
    this.swipe?.cover(survey?.edge ?? 100, () => compose(this.style, { ...scene, survey: null }, this.address));
    const pitch = survey?.relief ? 60 : 0;
    if (pitch > 0 !== stage.map.getPitch() > 0) stage.map.easeTo({ pitch });
  }

  private async scene(): Promise<Scene> {
    const { state } = this.store;
    return {
      layer: state.layer,
      selecting: await selection(this.app),
      past: pastOf(state),
      hidden: state.hidden,
      chosen: this.chosen,
      measured: this.measure.shapes(),
      survey: state.survey,
      background: this.config.background,
    };
  }

  /** The style of the theme, unless it is there. */
  private async loadStyle(): Promise<void> {
    const parameters = new URLSearchParams({ f: "mapbox", scheme: scheme() });
    const path = `/styles/${encodeURIComponent(this.store.state.theme)}`;
    const wanted = this.api.address(path, parameters);
    if (this.styleOf === wanted) return;
    this.style = await this.api.get<StyleSpecification>(path, parameters);
    this.styleOf = wanted;
  }

  private middle(): [number, number] | null {
    if (!this.stage) return null;
    const { lon, lat } = this.stage.view();
    return [lon, lat];
  }

  private readonly address = (path: string, parameters?: URLSearchParams) => this.api.address(path, parameters);
  private readonly rewrite = (url: string) => this.api.reach(url);
}

const app = part("app");
const config = JSON.parse(app.dataset["config"] ?? "{}") as Config;
speak(config);
remember();
new Page(config).begin().catch(complain);
