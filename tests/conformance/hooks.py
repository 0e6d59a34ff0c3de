"""What an OpenAPI document cannot say of this service, for schemathesis.

A schema says the form of a parameter: it says all of a code or a whole number, but not that a filter is
well-formed or that a box lies in its reference system. So the check that valid requests are accepted is
made here: a request that fits the document may be refused only for what no schema can say.
"""

import re

import schemathesis

# Parameters that belong to some formats, surveys or images only, or have more than a form.
DEPENDING = {
    "bom", "geometry", "labels", "crs",
    "style", "width", "height", "tileMatrix", "tileRow", "tileCol", "x", "y", "z",
}
NAMED = re.compile(r"(?:[Пп]араметар|[Pp]arametar|[Pp]arameter) `([^`]*)`")


def said_wholly(parameter):
    """Whether the schema of a parameter says all that it can be."""
    schema = parameter.definition.get("schema", {})
    whole = "enum" in schema or schema.get("type") in ("integer", "boolean")
    return whole and parameter.name not in DEPENDING


@schemathesis.check
def valid_requests_are_accepted(ctx, response, case):
    is_negative = case.meta and case.meta.generation.mode.is_negative
    told = response.headers.get("content-type", [""])[0]
    if response.status_code != 400 or is_negative or "json" not in told:
        return
    problem = response.json()
    named = NAMED.search(problem["detail"])
    name = named.group(1) if named else ""
    for parameter in [*case.operation.query, *case.operation.path_parameters]:
        if parameter.name == name and said_wholly(parameter):
            raise AssertionError(f"a request that fits the document is refused: {problem['detail']}")


@schemathesis.serializer("application/offset+octet-stream")
def part_of_a_file(context, value):
    """A part of an upload (tus 1.0.0) is bytes, whatever they are."""
    return value if isinstance(value, bytes) else getattr(value, "data", str(value).encode())


@schemathesis.hook
def filter_case(context, case):
    """A limit above the maximum is no error (Features 1, /req/core/fc-limit-response-1 C), and `Allow` of
    features says what this reader may do (Features 4), not all that is described."""
    if case.method.upper() == "OPTIONS" and "/items" in case.operation.path:
        return False
    limit = (case.query or {}).get("limit")
    try:
        return not (case.meta and case.meta.generation.mode.is_negative and int(limit) > 1_000)
    except (TypeError, ValueError):
        return True
