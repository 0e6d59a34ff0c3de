use super::{Format, refused_by_name};

#[test]
fn formats_are_known_by_how_they_begin() {
    for (head, format) in [
        (b"SQLite format 3\0...".as_slice(), Format::GeoPackage),
        (b"\0\0\x27\x0A....", Format::Shapefile),
        (b"fgb\x03fgb\x01", Format::FlatGeobuf),
        (b"{\n \"type\": \"FeatureCollection\"}", Format::GeoJson),
        (b"{\"type\":\"Feature\",\"id\":1}\n", Format::GeoJson),
        (
            b"{\"type\":\"Feature\",\"id\":1}\n{\"type\":\"Feature\"}",
            Format::GeoJsonSequence,
        ),
        (b"\x1e{\"type\":\n\"Feature\"}\n", Format::GeoJsonSequence),
        (
            b"<?xml version='1.0'?>\n<!-- <gpx> --><kml xmlns=''>",
            Format::Kml,
        ),
        (b"\xEF\xBB\xBF<kml:kml>", Format::Kml),
        (b"\xFF\xFE<\0k\0m\0l\0>\0", Format::Kml),
        (b"<?xml version='1.0'?><gpx version='1.1'", Format::Gpx),
        (b"  0\r\nSECTION\r\n", Format::Dxf),
        (b"999\nwritten by a program\n0\nSECTION", Format::Dxf),
        (b"!table\r\n!version 300", Format::MapInfo),
        (b"VERSION   300\r\nCharset", Format::MapInfoInterchange),
    ] {
        let text = String::from_utf8_lossy(head);
        assert_eq!(Format::of_content(head), Some(format), "{text:?}");
    }
    for head in [
        b"code,name\n".as_slice(),
        b"version,name\n",
        b"<svg>",
        b"",
        b"0\n1\n",
    ] {
        assert_eq!(Format::of_content(head), None, "{head:?}");
    }
}

#[test]
fn known_formats_that_are_not_read_are_named_with_the_way_out() {
    for (name, extension, head, words) in [
        (
            "a.xls",
            "xls",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(),
            "of the old kind (XLS)",
        ),
        (
            "a.xlsx",
            "xlsx",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
            "locked with a password",
        ),
        ("a.dxf", "dxf", b"AutoCAD Binary DXF\r\n", "in text form"),
        ("a.dwg", "dwg", b"AC1032", "save it as DXF"),
        ("a.dgn", "dgn", b"\x08\x09\xFE\x02", "DGN); save it as DXF"),
        (
            "a.7z",
            "7z",
            b"7z\xBC\xAF\x27\x1C",
            "a 7z archive; unpack it",
        ),
        (
            "a.rar",
            "rar",
            b"Rar!\x1A\x07\x01\0",
            "a RAR archive; unpack it",
        ),
        (
            "a.csv.gz",
            "gz",
            b"\x1F\x8B\x08",
            "a gzip archive; unpack it",
        ),
        ("a.laz", "laz", b"LASF\0\0", "a point cloud (LAS or LAZ)"),
        (
            "a.ecw",
            "ecw",
            b"e\x01",
            "a picture (ECW); draw the outlines",
        ),
        (
            "a.mdb",
            "mdb",
            b"\0\x01\0\0Standard Jet DB\0",
            "personal geodatabase",
        ),
        ("a.pdf", "pdf", b"%PDF-1.4", "a PDF document"),
        ("a.xls", "xls", b"<html><body><table>", "a web page"),
        ("a.json", "json", b"{\"type\":\"Topology\"", "TopoJSON"),
        (
            "a.json",
            "json",
            b"{\"geometryType\":\"esriGeometryPoint\"",
            "ESRI JSON",
        ),
        (
            "a.gml",
            "gml",
            b"<gml:FeatureCollection xmlns:gml=\"http://www.opengis.net/gml\">",
            "GML",
        ),
    ] {
        let refused = refused_by_name(name, extension, head).unwrap();
        assert!(refused.0.contains(words), "{refused:?}");
    }
    assert_eq!(refused_by_name("a.kml", "kml", b"<kml>"), None);
}
