//! The coordinate reference system that a raster file declares.

use std::ops::RangeInclusive;

use gdal::Dataset;
use gdal::spatial_ref::SpatialRef;

use super::tags::Tags;
use super::{DeclaredRasterCrs, DeclaredVertical};

/// `VerticalGeoKey` (OGC 19-008r4, 7.5.7), and the value that says that other keys define it.
const VERTICAL_KEY: u64 = 4096;
const USER_DEFINED: u64 = 32767;

/// The declared system; that of the control points for a raster placed by them.
pub(super) fn declared(dataset: &Dataset, tags: &Tags) -> Option<DeclaredRasterCrs> {
    let own = dataset.spatial_ref().ok();
    let reference = own.or_else(|| dataset.gcp_spatial_ref())?;
    let wkt = reference.to_wkt().ok()?;
    let of_part = || {
        ["PROJCS", "GEOGCS"]
            .iter()
            .find_map(|part| part_code(&wkt, part))
    };
    let authority = if reference.is_compound() {
        of_part()
    } else {
        reference.authority().ok()
    };
    Some(DeclaredRasterCrs {
        authority,
        vertical: vertical(&reference, &wkt, tags.geo_key(VERTICAL_KEY)),
        wkt,
    })
}

/// Three-dimensional geographic systems that files name as vertical ones: WGS 84, ETRS89, SRB_ETRS89.
const THREE_DIMENSIONAL: [u64; 3] = [4979, 4937, 8684];
/// Heights above an ellipsoid in GeoTIFF 1.0 (section 6.3.4.1).
const ELLIPSOIDS: RangeInclusive<u64> = 5001..=5033;

/// The vertical part, by what GDAL says or else by `key`, the file's own VerticalGeoKey.
fn vertical(reference: &SpatialRef, wkt: &str, key: Option<u64>) -> Option<DeclaredVertical> {
    let attribute = |path| reference.get_attr_value(path, 0).ok().flatten();
    let coded = key.filter(|code| *code != 0 && *code != USER_DEFINED);
    let of_ellipsoid =
        coded.is_some_and(|code| THREE_DIMENSIONAL.contains(&code) || ELLIPSOIDS.contains(&code));
    if let Some(name) = attribute("VERT_CS") {
        let datum = attribute("VERT_CS|VERT_DATUM");
        let says = |text: &String| text.to_lowercase().contains("ellipsoid");
        return Some(DeclaredVertical {
            authority: part_code(wkt, "VERT_CS"),
            unit: attribute("VERT_CS|UNIT"),
            ellipsoidal: of_ellipsoid || says(&name) || datum.as_ref().is_some_and(says),
            name: datum.filter(|_| name == "unknown").unwrap_or(name),
        });
    }
    // A system of three axes has heights above its ellipsoid.
    if reference.axes_count() == 3 && !reference.is_geocentric() {
        return Some(DeclaredVertical {
            name: reference.name().unwrap_or_default(),
            authority: reference.authority().ok(),
            unit: None,
            ellipsoidal: true,
        });
    }
    // GDAL leaves out a vertical system that does not go with the horizontal one.
    coded.map(|code| DeclaredVertical {
        name: format!("EPSG:{code}"),
        authority: Some(format!("EPSG:{code}")),
        unit: None,
        ellipsoidal: of_ellipsoid,
    })
}

/// The authority's code of a part of a WKT 1 text itself, not of what stands inside the part.
fn part_code(wkt: &str, part: &str) -> Option<String> {
    let opening = format!("{part}[");
    let inside = wkt.split_once(&opening)?.1;
    let mut depth = 0_usize;
    let mut quoted = false;
    for (at, letter) in inside.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted && depth == 0 => return None,
            ']' if !quoted => depth -= 1,
            'A' if !quoted && depth == 0 => {
                if let Some(code) = inside
                    .get(at..)
                    .and_then(|rest| rest.strip_prefix("AUTHORITY["))
                {
                    return joined(code);
                }
            }
            _ => {}
        }
    }
    None
}

/// `EPSG:6316` of what follows `AUTHORITY[`.
fn joined(code: &str) -> Option<String> {
    let (code, _) = code.split_once(']')?;
    let (authority, number) = code.split_once(',')?;
    let plain = |text: &str| text.trim().trim_matches('"').to_owned();
    Some(format!("{}:{}", plain(authority), plain(number)))
}

#[cfg(test)]
mod tests {
    use super::part_code;

    #[test]
    fn a_code_belongs_to_its_own_part() {
        let wkt = r#"COMPD_CS["a [b] PROJCS",PROJCS["p",GEOGCS["g",UNIT["degree",0.01,AUTHORITY["EPSG","9122"]]],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","6316"]],VERT_CS["v",VERT_DATUM["d",2005,AUTHORITY["EPSG","1"]]]]"#;
        assert_eq!(part_code(wkt, "PROJCS").as_deref(), Some("EPSG:6316"));
        assert_eq!(part_code(wkt, "GEOGCS"), None);
        assert_eq!(part_code(wkt, "VERT_CS"), None);
        assert_eq!(part_code("", "PROJCS"), None);
    }
}
