"""What an OpenAPI document cannot say of this service, for schemathesis.

A schema says the form of a parameter, not that a filter is well-formed or that a box lies in its
reference system. So the check that valid requests are accepted is made here: a request that fits the
document may be refused only with a problem that names a parameter whose meaning goes beyond its form.
"""

import re

import schemathesis

# Parameters with a grammar, a code or a range of their own, or which belong to others.
BEYOND_FORM = {
    "as-of", "bbox", "bbox-crs", "bom", "code", "crs", "cursor", "datetime", "filter", "geometry",
    "labels", "level", "region", "z/x/y",
    "azimuth", "altitude", "exaggeration", "min", "max", "style", "tileMatrix", "tileRow", "tileCol",
    "facility", "from", "to", "exclude", "level-of-detection", "exclude-flat", "co-register",
    "lon", "lat", "point", "line", "step_m", "width", "height", "scale-factor", "scale-denominator",
}
# A field of a layer has the grammar of its values, such as a registration number.
NAMED = re.compile(r"(?:[Пп]араметар|[Pp]arametar|[Pp]arameter) `([^`]*)`")


@schemathesis.check
def valid_requests_are_accepted(ctx, response, case):
    if response.status_code != 400 or (case.meta and case.meta.generation.mode.is_negative):
        return
    problem = response.json()
    kind = problem["type"].rsplit(":", 1)[-1].rsplit("/", 1)[-1]
    named = NAMED.search(problem["detail"])
    name = named.group(1) if named else None
    asked = {parameter.name for parameter in case.operation.query} | {
        parameter.name for parameter in case.operation.path_parameters
    }
    fields = asked - {"f", "lang", "limit", "offset"}
    # Which parameters a style or a format has, the document does not say.
    if kind in ("bad-parameter", "unknown-parameter") and name in BEYOND_FORM | fields:
        return
    if kind in ("too-much", "no-result"):
        return
    raise AssertionError(f"a request that fits the document is refused: {problem['detail']}")


@schemathesis.hook
def filter_case(context, case):
    """A limit above the maximum is no error (Features 1, /req/core/fc-limit-response-1 C)."""
    limit = (case.query or {}).get("limit")
    try:
        return not (case.meta and case.meta.generation.mode.is_negative and int(limit) > 10_000)
    except (TypeError, ValueError):
        return True
