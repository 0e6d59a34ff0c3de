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

export class Catalogue {
  private readonly schemas = new Map<string, Promise<Record<string, Property>>>();
  /** Names of regions by their codes. */
  readonly names = new Map<string, string>();
  /** The regions, once they are known; their names then are, too. */
  readonly levels: Promise<RegionLevel[]>;

  private constructor(
    private readonly api: Api,
    readonly layers: Layer[],
  ) {
    const known = REGIONS.flatMap((id) => this.layer(id) ?? []);
    this.levels = Promise.all(known.map((layer) => this.level(layer)));
  }

  static async load(api: Api): Promise<Catalogue> {
    const { collections } = await api.get<{ collections: Layer[] }>("/collections");
    return new Catalogue(api, collections);
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
    return this.properties(layer, "schema");
  }

  /** The fields to select by. */
  queryables(layer: string): Promise<Record<string, Property>> {
    return this.properties(layer, "queryables");
  }

  /** The fields to sort by. */
  sortables(layer: string): Promise<Record<string, Property>> {
    return this.properties(layer, "sortables");
  }

  private properties(layer: string, resource: string): Promise<Record<string, Property>> {
    const path = `/collections/${layer}/${resource}`;
    const known = this.schemas.get(path);
    if (known) return known;
    const asked = this.api.get<Schema>(path).then(({ properties }) => {
      const { id: _, geometry: __, ...fields } = properties;
      return fields;
    });
    this.schemas.set(path, asked);
    return asked;
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
