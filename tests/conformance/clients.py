"""Reads a running service as OWSLib and GDAL do, and compares what they find with what it says itself;
its features are held against its schemas. OWSLib adds, replaces and removes a feature with the token of an
editor.

usage: clients.py URL TOKEN
"""

import json
import subprocess
import sys
import urllib.parse
import urllib.request

from jsonschema import Draft202012Validator, FormatChecker
from owslib.ogcapi.features import Features



def get(url):
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f"clients: {what}: found {found!r}, not {wanted!r}")


def all_ids(url, layer, query=""):
    """The ids of the features that a query selects, by the service's own paging."""
    ids, page = [], f"{url}/collections/{layer}/items?limit=50{query}"
    while page:
        answer = get(page)
        ids += [feature["id"] for feature in answer["features"]]
        following = [link["href"] for link in answer["links"] if link["rel"] == "next"]
        page = following[0] if following else None
    return ids


def owslib(url):
    service = Features(url)
    expect("links", {"service-desc", "conformance", "data"} - {one["rel"] for one in service.links}, set())
    expect("OpenAPI", service.api()["openapi"][:3], "3.0")
    if not any(uri.endswith("/features-filter") for uri in service.conformance()["conformsTo"]):
        sys.exit("clients: OWSLib sees no filters")
    layers = service.feature_collections()
    for layer in layers:
        expect(f"{layer} id", service.collection(layer)["id"], layer)
        properties = service.collection_queryables(layer)["properties"]
        expect(f"{layer} queryables", "geometry" in properties, True)
        page = service.collection_items(layer, limit=10_000)
        wanted = all_ids(url, layer)
        expect(f"{layer} features", [one["id"] for one in page["features"]], wanted)
        expect(f"{layer} count", page["numberMatched"], len(wanted))
        one = service.collection_item(layer, wanted[0])
        expect(f"{layer} feature", one["properties"], page["features"][0]["properties"])
        boxed = service.collection_items(layer, limit=10_000, bbox=[21.9, 43.9, 22.4, 44.3])
        expect(f"{layer} box", [one["id"] for one in boxed["features"]],
               all_ids(url, layer, "&bbox=21.9,43.9,22.4,44.3"))
        text = service.collection_items(layer, limit=10_000, filter="revision > 0")
        expect(f"{layer} filter", text["numberMatched"], len(wanted))
        tree = {"op": ">", "args": [{"property": "revision"}, 0]}
        by_json = service.collection_items(
            layer, limit=10_000, filter=json.dumps(tree), **{"filter-lang": "cql2-json"})
        expect(f"{layer} filter as JSON", by_json["numberMatched"], len(wanted))
    return len(layers)


def edits(url, token):
    """A feature as OWSLib writes it: the id is that at the end of Location."""
    service = Features(url, headers={"Authorization": f"Bearer {token}"})
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [22.05, 44.1]},
        "properties": {"code": "RS-70327-980", "name": "OWSLib", "municipality": "70327"},
    }
    service.collection_item_create("facilities", feature)
    id = service.response_headers["Location"].rsplit("/", 1)[1]
    read = service.collection_item("facilities", id)
    expect("what OWSLib added", read["geometry"], feature["geometry"])
    read["properties"]["status"] = "closed"
    service.collection_item_update("facilities", id, read)
    expect("what OWSLib replaced", get(f"{url}/collections/facilities/items/{id}")["properties"]["status"], "closed")
    service.collection_item_delete("facilities", id)
    expect("what OWSLib removed", id in map(str, all_ids(url, "facilities")), False)


def schemas(url):
    """The schemas of every layer are JSON Schemas, and its features fit them."""
    count = 0
    for collection in get(f"{url}/collections")["collections"]:
        layer = f"{url}/collections/{collection['id']}"
        known = {name: get(f"{layer}/{name}") for name in ("schema", "queryables", "feature-schema")}
        for schema in known.values():
            Draft202012Validator.check_schema(schema)
        fields = Draft202012Validator(known["schema"], format_checker=FormatChecker())
        whole = Draft202012Validator(known["feature-schema"], format_checker=FormatChecker())
        for feature in get(f"{layer}/items?limit=10000")["features"]:
            # What is unknown is null in GeoJSON, and absent from what the schema describes.
            properties = {name: value for name, value in feature["properties"].items() if value is not None}
            own = {"id": feature["id"]} if "id" in known["schema"]["properties"] else {}
            fields.validate(own | properties)
            located = {"geometry": feature["geometry"]} if feature["geometry"] else {}
            whole.validate({"type": "Feature", "id": feature["id"], "properties": properties} | located)
            count += 1
    return count


def ogrinfo(url, layer, *options):
    """The ids that GDAL lists, and all that it says on the way."""
    command = ["ogrinfo", "-ro", "-q", "-fields=NO", "-geom=NO", *options, f"OAPIF:{url}/", layer]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    prefix = f"OGRFeature({layer}):"
    lines = [line for line in done.stdout.splitlines() if line.startswith(prefix)]
    return [int(line[len(prefix):]) for line in lines], done.stderr


def gdal(url):
    """GDAL 3.6 knows one reference system, CRS84; later versions ask for the others."""
    listed = [one["id"] for one in get(f"{url}/collections")["collections"]]
    for layer in listed:
        for size in ("7", "10000"):
            ids, _ = ogrinfo(url, layer, "-oo", f"PAGE_SIZE={size}")
            expect(f"GDAL, {layer} by {size}", ids, all_ids(url, layer))
        # The box is the service's work: what is nowhere GDAL leaves out by itself.
        ids, _ = ogrinfo(url, layer, "-spat", "21.9", "43.9", "22.4", "44.3")
        direct = all_ids(url, layer, "&bbox=21.9,43.9,22.4,44.3")
        placed = [id for id in direct if get(f"{url}/collections/{layer}/items/{id}")["geometry"]]
        expect(f"GDAL, {layer} in a box", ids, placed)
        ids, said = ogrinfo(url, layer, "--debug", "on", "-where", "revision < 3")
        query = urllib.parse.quote("revision < 3")
        expect(f"GDAL, {layer} filtered", ids, all_ids(url, layer, f"&filter={query}"))
        expect(f"GDAL hands the filter of {layer} over", "&filter-lang=cql-text" in said, True)
    return len(listed)


def main():
    url, token = sys.argv[1].rstrip("/"), sys.argv[2]
    print(f"OWSLib read {owslib(url)} layers as they are.")
    edits(url, token)
    print("OWSLib added, replaced and removed a feature.")
    print(f"{schemas(url)} features fit the schemas of their layers.")
    print(f"GDAL read {gdal(url)} layers as they are.")


if __name__ == "__main__":
    main()
