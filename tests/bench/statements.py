"""What the competitors are asked, made of the fields that the service itself publishes."""

# West and south edge of the ground that boxes are laid on, and its extent: all of it is Serbia.
WEST, SOUTH, WIDTH, HEIGHT = 20.5, 43.0, 1.0, 1.2
BOXES = 1000
MOST = 10000  # the service's largest page

GEOMETRY = {"facilities": "location", "facility_outlines": "outline"}


def corner(i):
    """South-west corner of box `i`, degrees; BOX_SCRIPT computes the same ones."""
    return WEST + WIDTH * (i * 7919 % 1000) / 1000, SOUTH + HEIGHT * (i * 104729 % 997) / 997


BOX_SCRIPT = f"""
\\set i random(0, {BOXES - 1})
\\set w {WEST} + {WIDTH} * (:i * 7919 % 1000) / 1000.0
\\set s {SOUTH} + {HEIGHT} * (:i * 104729 % 997) / 997.0
\\set e :w + :side
\\set n :s + :side
"""


def in_box(layer, w=":w", s=":s", e=":e", n=":n"):
    """The service's own condition: exact, and for points cheaper than ST_Intersects."""
    column = GEOMETRY[layer]
    box = f"ST_MakeEnvelope({w}, {s}, {e}, {n}, 4326)"
    if column == "location":
        exact = f"ST_X(location) between {w} and {e} and ST_Y(location) between {s} and {n}"
    else:
        exact = f"ST_Intersects({column}, {box})"
    return f"{column} && {box} and {exact}"


def plain(layer, fields, rest):
    """Rows as they lie in the table, geometry as WKB."""
    return f"select id, ST_AsBinary({GEOMETRY[layer]}), {', '.join(fields)} from facility where {rest};\n"


def geojson(layer, fields, rest):
    """One finished GeoJSON feature a row."""
    properties = "(select one from (select " + ", ".join(fields) + ") one)"
    return (
        "select '{\"type\":\"Feature\",\"id\":' || id || ',\"geometry\":' || "
        f"ST_AsGeoJSON({GEOMETRY[layer]}, 7) || ',\"properties\":' || row_to_json({properties}) || '}}' "
        f"from facility where {rest};\n"
    )
