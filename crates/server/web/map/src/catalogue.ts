// What the service has: layers, their fields, the regions.

import type { Api, Features, Layer, Property, Schema } from "./api";
import { around, type Box } from "./box";
import { compare, nameOf, namingFields } from "./texts";

export interface RegionLevel {
  title: string;
  regions: { code: string; name: string }[];
}

/** The layers of regions, the largest first. */
const REGIONS = ["statistical_regions", "districts", "municipalities"];

/** The fields of layers, each asked for once. */
class Fields {
  private readonly asked = new Map<string, Promise<Record<string, Property>>>();

  constructor(private readonly api: Api) {}

  of(layer: string, resource: "schema" | "queryables" | "sortables"): Promise<Record<string, Property>> {
    const path = `/collections/${layer}/${resource}`;
    const known = this.asked.get(path);
    if (known) return known;
    const asked = this.api.get<Schema>(path).then(({ properties }) => {
      const { id: _, geometry: __, ...fields } = properties;
      return fields;
    });
    this.asked.set(path, asked);
    return asked;
  }
}

export class Catalogue {
  /** Names of regions by their codes. */
  readonly names = new Map<string, string>();
  /** The regions, once they are known; their names then are, too. */
  readonly levels: Promise<RegionLevel[]>;

  private constructor(
    private readonly api: Api,
    private readonly described: Fields,
    readonly layers: Layer[],
  ) {
    const known = REGIONS.flatMap((id) => this.layer(id) ?? []);
    this.levels = Promise.all(known.map((layer) => this.level(layer)));
  }

  /** Asks for the fields of the layer that is shown first without waiting for the layers. */
  static async load(api: Api, first: string): Promise<Catalogue> {
    const fields = new Fields(api);
    // Who uses them says what went wrong.
    for (const resource of ["queryables", "schema", "sortables"] as const) {
      fields.of(first, resource).catch(() => undefined);
    }
    const { collections } = await api.get<{ collections: Layer[] }>("/collections");
    return new Catalogue(api, fields, collections);
  }

  layer(id: string): Layer | undefined {
    return this.layers.find((layer) => layer.id === id);
  }

  /** The box around all layers; nothing where nothing has a place. */
  extent(): Box | null {
    const boxes = this.layers.flatMap(({ extent }) => extent?.spatial?.bbox.slice(0, 1) ?? []);
    return around(boxes);
  }

  /** The fields that come back, by name. */
  fields(layer: string): Promise<Record<string, Property>> {
    return this.described.of(layer, "schema");
  }

  /** The fields to select by. */
  queryables(layer: string): Promise<Record<string, Property>> {
    return this.described.of(layer, "queryables");
  }

  /** The fields to sort by. */
  sortables(layer: string): Promise<Record<string, Property>> {
    return this.described.of(layer, "sortables");
  }

  private async level(layer: Layer): Promise<RegionLevel> {
    const properties = namingFields(await this.fields(layer.id)).join(",");
    const parameters = new URLSearchParams({ properties, skipGeometry: "true", limit: "1000" });
    const found = await this.api.get<Features>(`/collections/${layer.id}/items`, parameters);
    const regions = found.features.map(({ id, properties }) => ({
      code: String(properties["code"]),
      name: nameOf(properties, id),
    }));
    for (const { code, name } of regions) this.names.set(code, name);
    regions.sort((one, other) => compare(one.name, other.name));
    return { title: layer.title, regions };
  }
}
