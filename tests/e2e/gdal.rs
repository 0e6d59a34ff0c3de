//! GDAL's OGC API - Features driver as a client.

use std::collections::BTreeMap;

use crate::clients::{
    BOX, LAYERS, MANY, assert_described_fields, client, extent_in_file, is_same_place, placed,
    places_in_file, service_with_all_layers, service_with_many_facilities,
};
use crate::process::succeed;
use crate::service::Service;

/// What `ogrinfo -so` says of a layer.
struct Seen {
    geometry: String,
    count: i64,
    /// West, south, east, north; none of a layer without geometry.
    extent: Option<[f64; 4]>,
    fields: BTreeMap<String, String>,
    text: String,
}

fn ogrinfo(service: &Service, options: &[&str], layer: &str) -> String {
    let from = format!("OAPIF:{}", service.url);
    succeed(
        client("ogrinfo", "gdal-bin")
            .arg("-ro")
            .args(options)
            .arg(from)
            .arg(layer),
    )
}

fn summary(service: &Service, layer: &str) -> Seen {
    let text = ogrinfo(service, &["-so"], layer);
    let value = |key: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(key))
            .map(str::trim)
    };
    Seen {
        geometry: value("Geometry:").unwrap().to_owned(),
        count: value("Feature Count:").unwrap().parse().unwrap(),
        extent: value("Extent:").map(numbers),
        fields: fields(&text),
        text,
    }
}

/// The numbers of `(18.844980, 41.844010) - (22.984570, 46.173100)`.
fn numbers(extent: &str) -> [f64; 4] {
    let words = extent
        .split(['(', ')', ',', ' '])
        .filter_map(|word| word.parse().ok());
    words.collect::<Vec<f64>>().try_into().unwrap()
}

/// Name and type of lines such as `in_scope: Integer(Boolean) (1.0)`, which follow the line that
/// tells the order of the axes.
fn fields(text: &str) -> BTreeMap<String, String> {
    let lines = text
        .lines()
        .skip_while(|line| !line.starts_with("Data axis to CRS axis mapping"));
    let pairs = lines.skip(1).filter_map(|line| line.split_once(": "));
    pairs
        .map(|(name, rest)| {
            let (kind, _) = rest.rsplit_once(" (").unwrap();
            let subtype = kind
                .strip_prefix("Integer(")
                .and_then(|rest| rest.strip_suffix(')'));
            (name.to_owned(), subtype.unwrap_or(kind).to_owned())
        })
        .collect()
}

/// The ids of the features that GDAL lists.
fn ids(service: &Service, options: &[&str], layer: &str) -> Vec<i64> {
    let options = [&["-q", "-fields=NO", "-geom=NO"], options].concat();
    let text = ogrinfo(service, &options, layer);
    let prefix = format!("OGRFeature({layer}):");
    text.lines()
        .filter_map(|line| line.strip_prefix(&prefix)?.parse().ok())
        .collect()
}

#[test]
fn gdal_reads_every_layer() {
    let service = service_with_all_layers();
    let names: Vec<_> = LAYERS.iter().map(|expected| expected.layer).collect();
    assert_eq!(service.layers(), names);
    for expected in LAYERS {
        let layer = expected.layer;
        let seen = summary(&service, layer);
        // GDAL knows the type of a geometry only by seeing one.
        let geometry = if expected.geometry == "none" {
            "Unknown (any)"
        } else {
            expected.geometry
        };
        assert_eq!(
            seen.geometry.replace(' ', ""),
            geometry.replace(' ', ""),
            "{layer}"
        );
        assert_eq!(seen.count, expected.count, "{layer}");
        assert!(seen.text.contains(r#"ID["EPSG",4326]"#), "{}", seen.text);
        // East comes first in the data, north first in EPSG:4326, and GDAL knows it.
        assert!(
            seen.text.contains("Data axis to CRS axis mapping: 2,1"),
            "{}",
            seen.text
        );
        assert_described_fields(&service, layer, &seen.fields);
        assert_eq!(
            seen.extent.is_some(),
            expected.geometry != "none",
            "{layer}"
        );
        filters_as_the_service_does(&service, layer);
    }
    for layer in ["districts", "statistical_regions"] {
        let extent = summary(&service, layer).extent.unwrap();
        assert!(
            is_same_place(&extent, &extent_in_file(&format!("{layer}.geojson"))),
            "{extent:?}"
        );
    }
    places_are_those_of_the_file(&service);
}

fn filters_as_the_service_does(service: &Service, layer: &str) {
    let [west, south, east, north] = BOX;
    let seen = ids(service, &["-spat", west, south, east, north], layer);
    let path = format!(
        "collections/{layer}/items?limit=10000&bbox={}",
        BOX.join(",")
    );
    let direct: Vec<_> = placed(service.features(&path)).map(|(id, _)| id).collect();
    assert_eq!(seen, direct, "{layer} in the box");
    assert!(
        layer == "municipalities" || !seen.is_empty(),
        "{layer}: nothing in the box"
    );
}

fn places_are_those_of_the_file(service: &Service) {
    let mut command = client("ogr2ogr", "gdal-bin");
    command.args([
        "-f",
        "CSV",
        "/vsistdout/",
        "-lco",
        "GEOMETRY=AS_XY",
        "-select",
        "code",
    ]);
    let table = succeed(
        command
            .arg(format!("OAPIF:{}", service.url))
            .arg("facilities"),
    );
    let mut wanted = places_in_file();
    for line in table.lines().skip(1) {
        let columns: Vec<_> = line.split(',').collect();
        let place = [columns[0].parse().unwrap(), columns[1].parse().unwrap()];
        if let Some(wanted) = wanted.remove(columns[2].trim_matches('"')) {
            assert!(is_same_place(&place, &wanted), "{line}: {wanted:?}");
        }
    }
    assert!(wanted.is_empty(), "not served: {wanted:?}");
}

#[test]
fn gdal_pages_without_loss_or_duplicates() {
    let service = service_with_many_facilities();
    let mut seen = ids(&service, &["-oo", "PAGE_SIZE=700"], "facilities");
    assert_eq!(seen.len(), MANY);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), MANY, "some came twice");
}

/// GDAL hands conditions to a service that lists `cql-text`, in words of its own: 1 for true, `ILIKE`,
/// days with a `T` behind them.
#[test]
fn gdal_hands_its_conditions_to_the_service() {
    let service = service_with_all_layers();
    for (condition, filter) in [
        ("height_m < 60", "height_m%20%3C%2060"),
        (
            "status = 'closed' AND height_m IS NULL",
            "status='closed'%20AND%20height_m%20IS%20NULL",
        ),
        (
            "name ILIKE 'ОДЛАГ%'",
            "name%20LIKE%20'%D0%9E%D0%B4%D0%BB%D0%B0%D0%B3%25'",
        ),
        ("unofficial = 1", "unofficial=TRUE"),
        (
            "updated_at >= '2020/01/01'",
            "updated_at%20%3E=%20DATE('2020-01-01')",
        ),
        (
            "start_year BETWEEN 1960 AND 1999",
            "start_year%20BETWEEN%201960%20AND%201999",
        ),
    ] {
        let seen = ids(&service, &["-where", condition], "facilities");
        let path = format!("collections/facilities/items?limit=10000&filter={filter}");
        let direct: Vec<_> = service
            .features(&path)
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        assert_eq!(seen, direct, "{condition}");
        assert!(!seen.is_empty(), "{condition}");
        let asked = ogrinfo(
            &service,
            &["-so", "--debug", "on", "-where", condition],
            "facilities",
        );
        assert!(
            asked.contains("&filter-lang=cql-text"),
            "{condition}: {asked}"
        );
    }
}
