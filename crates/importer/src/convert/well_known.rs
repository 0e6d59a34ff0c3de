//! Geometries as well-known binary, and as text: well-known text (OGC 06-103r4, 7), and what `PostGIS`
//! writes, text led by `SRID=…;` and binary in hexadecimal digits.

use std::str::FromStr;

use domain::lang::Message;
use domain::message;
use geo_traits::GeometryTrait;
use geo_traits::to_geo::ToGeoGeometry;
use wkt::Wkt;

use super::judge::open_rings;
use super::place::Read;
use super::{nesting, wkb_form};
use crate::coordinates::Seen;

/// So much of a text that is no geometry is shown.
const SHOWN_LETTERS: usize = 40;

/// Types whose sides may be arcs (ISO 13249-3).
const CURVES: [&str; 7] = [
    "CIRCULARSTRING",
    "COMPOUNDCURVE",
    "CURVEPOLYGON",
    "MULTICURVE",
    "MULTISURFACE",
    "CURVE",
    "SURFACE",
];
/// Types of the surfaces of solid bodies.
const BODIES: [&str; 3] = ["TIN", "POLYHEDRALSURFACE", "TRIANGLE"];

pub(super) fn from_wkb(bytes: &[u8]) -> Result<Option<Read>, Message> {
    let srid = wkb_form::check(bytes)?;
    let wkb = wkb::reader::read_wkb(bytes).map_err(|error| {
        message!(
            "геометрија се не може прочитати ({error}); нацртајте је поново",
            "the geometry cannot be read ({error}); draw it again"
        )
    })?;
    Ok(read_as(&wkb, srid))
}

pub(super) fn from_text(text: &str) -> Result<Option<Read>, Message> {
    let text = text.trim();
    if let Some(bytes) = hexadecimal(text) {
        return from_wkb(&bytes);
    }
    let (srid, text) = without_srid(text)?;
    nesting::check(text)?;
    refuse_by_name(text)?;
    let wkt = Wkt::from_str(&with_dimensions(text)).map_err(|error| {
        let shown = shown(text);
        message!(
            "геометрија није текст облика POINT (22.1 44.1), него {shown:?} ({error}); исправите је",
            "the geometry is not well-known text such as POINT (22.1 44.1), but {shown:?} ({error}); correct it"
        )
    })?;
    Ok(read_as(&wkt, srid))
}

fn read_as<G: GeometryTrait<T = f64> + ToGeoGeometry<f64>>(
    source: &G,
    srid: Option<u32>,
) -> Option<Read> {
    let had_heights = source.dim().size() > 2;
    source.try_to_geometry().map(|geometry| Read {
        geometry,
        had_heights,
        open: open_rings(source),
        seen: Seen {
            srid,
            ..Seen::default()
        },
    })
}

/// The bytes of a text that is nothing but hexadecimal digits, with or without the `\x` by which a
/// database leads them.
fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("\\x").unwrap_or(text).as_bytes();
    // The byte order of well-known binary comes first.
    if !digits.starts_with(b"00") && !digits.starts_with(b"01") {
        return None;
    }
    let pairs = digits.chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        let is_plain = pair.len() == 2 && !pair.starts_with('+');
        is_plain.then(|| u8::from_str_radix(pair, 16).ok())?
    });
    pairs.collect()
}

/// The number of the reference system before a text; 0 stands for none.
fn without_srid(text: &str) -> Result<(Option<u32>, &str), Message> {
    let Some((head, rest)) = text.split_once(';') else {
        return Ok((None, text));
    };
    let number = head
        .split_once('=')
        .filter(|(word, _)| word.trim().eq_ignore_ascii_case("SRID"));
    let number = number.and_then(|(_, number)| number.trim().parse().ok());
    let number: u32 = number.ok_or_else(|| {
        let shown = shown(head);
        message!(
            "пре геометрије стоји {shown:?}, а то није број координатног система као SRID=32634; \
             исправите га",
            "before the geometry stands {shown:?}, which is no number of a reference system such as \
             SRID=32634; correct it"
        )
    })?;
    Ok((
        Some(number).filter(|&number| number != 0),
        rest.trim_start(),
    ))
}

fn refuse_by_name(text: &str) -> Result<(), Message> {
    let name: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
    let name = name.to_ascii_uppercase();
    let plain = name.trim_end_matches(['Z', 'M']);
    if BODIES.contains(&plain) {
        return Err(message!(
            "{name} је површина тела (троуглови), која нема границу; нацртајте границу као полигон",
            "{name} is a surface of a solid body, which has no outline; draw the outline as a polygon"
        ));
    }
    if CURVES.contains(&plain) {
        return Err(message!(
            "{name} може имати лукове; претворите их у равне дужи (у QGIS-у: Convert curved geometries \
             to straight) и извезите датотеку поново",
            "{name} may have arcs; turn them into straight segments (in QGIS: \"Convert curved \
             geometries to straight\") and export the file again"
        ));
    }
    if name == "POINT" && text.contains(',') {
        let shown = shown(text);
        return Err(message!(
            "тачка има једно место, два броја са децималном тачком и размаком између њих; уместо \
             {shown:?} напишите POINT (22.1 44.1)",
            "a point is one place, two numbers with a decimal point and a space between them; instead \
             of {shown:?} write POINT (22.1 44.1)"
        ));
    }
    no_numbers(text).map_or(Ok(()), |word| {
        Err(message!(
            "у геометрији уместо броја стоји {word}; исправите то теме",
            "in the geometry stands {word} instead of a number; correct that vertex"
        ))
    })
}

/// What programs write for a number that is none.
fn no_numbers(text: &str) -> Option<&str> {
    const NONE: [&str; 4] = ["nan", "inf", "infinity", "ind"];
    let mut words = text.split(|letter: char| !letter.is_alphanumeric());
    words.find(|word| NONE.contains(&word.to_ascii_lowercase().as_str()))
}

/// `PostGIS` leaves out the Z that says that positions have three numbers.
fn with_dimensions(text: &str) -> String {
    let Some((name, rest)) = text.split_once('(') else {
        return text.to_owned();
    };
    let first = rest.trim_start_matches(['(', ' ']).split([',', ')']).next();
    let numbers = first.unwrap_or_default().split_whitespace();
    let is_plain = !name.trim_end().ends_with(['Z', 'M', 'z', 'm']);
    match (is_plain, numbers.count()) {
        (true, 3) => format!("{name} Z ({rest}"),
        (true, 4) => format!("{name} ZM ({rest}"),
        _ => text.to_owned(),
    }
}

fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN_LETTERS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use wkt::ToWkt;

    /// Geometry, whether it had heights, SRID.
    fn told(text: &str) -> (String, bool, Option<u32>) {
        let read = from_text(text).unwrap().unwrap();
        (
            read.geometry.to_wkt().to_string(),
            read.had_heights,
            read.seen.srid,
        )
    }

    /// Binary is what `PostGIS` 3.3 answers for `ST_GeomFromEWKT` of the text before it.
    #[test]
    fn geometries_are_read_as_postgis_writes_them() {
        for (text, geometry, had_heights, srid) in [
            ("POINT (22.1 44.1)", "POINT(22.1 44.1)", false, None),
            ("SRID=32634;POINT(7 4)", "POINT(7 4)", false, Some(32634)),
            ("srid = 0 ; POINT(7 4)", "POINT(7 4)", false, None),
            ("POINT(7 4 300)", "POINT(7 4)", true, None),
            (
                "LINESTRING(7 4 3 1,8 5 3 2)",
                "LINESTRING(7 4,8 5)",
                true,
                None,
            ),
            ("SRID=6316;POINT Z (7 4 3)", "POINT(7 4)", true, Some(6316)),
            (
                "010100000000000000000036400000000000004640",
                "POINT(22 44)",
                false,
                None,
            ),
            (
                "0101000020E610000000000000000036400000000000004640",
                "POINT(22 44)",
                false,
                Some(4326),
            ),
            (
                "\\x01010000a0e6100000000000000000364000000000000046400000000000c07240",
                "POINT(22 44)",
                true,
                Some(4326),
            ),
            (
                "0020000001000018AC40360000000000004046000000000000",
                "POINT(22 44)",
                false,
                Some(6316),
            ),
        ] {
            assert_eq!(
                told(text),
                (geometry.to_owned(), had_heights, srid),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_geometry_of_the_register_is_told_by_name() {
        for (text, words) in [
            (
                "TIN Z (((0 0 0,0 0 1,0 1 0,0 0 0)))",
                "TIN is a surface of a solid body",
            ),
            (
                "POLYHEDRALSURFACEZ(((0 0 0)))",
                "is a surface of a solid body",
            ),
            (
                "CIRCULARSTRING (0 0,1 1,2 0)",
                "CIRCULARSTRING may have arcs",
            ),
            ("POINT (NaN 44)", "stands NaN instead of a number"),
            (
                "POLYGON ((0 0,1 -inf,1 1,0 0))",
                "stands inf instead of a number",
            ),
            ("POINT (22,1 44,1)", "two numbers with a decimal point"),
            (
                "SRID=X;POINT (1 2)",
                "stands \"SRID=X\", which is no number",
            ),
            ("0101000020E61000000000", "it is not whole"),
            (
                "trougao",
                "is not well-known text such as POINT (22.1 44.1), but \"trougao\"",
            ),
        ] {
            let refused = from_text(text).map(|_| ()).unwrap_err().en;
            assert!(refused.contains(words), "{text}: {refused}");
        }
    }
}
