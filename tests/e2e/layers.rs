//! The layers beside facilities and dams: files for them arrive by the names of their fields alone.

use crate::clients::client;
use crate::database::Database;
use crate::process::succeed;
use crate::service::Service;
use crate::survey::{accept, assert_place, fixture, import};

/// The fixtures that are tried here.
pub const FILES: [&str; 6] = [
    "opstina-of-spatial-units.csv",
    "okrug-of-spatial-units.csv",
    "naselje-as-points.csv",
    "river-of-two-lines.geojson",
    "protected-area-cut-names.zip",
    "incidents-cut-names.zip",
];

/// South-western corners in the fixtures, EPSG:32634, as cs2cs (PROJ) gives them: Bor
/// 587753.21 E 4880773.46 N, its exclave 5 km east, Majdanpek 575294.63 E 4919814.55 N, and
/// 400000 E 5080000 N in the district of Subotica.
const BOR: (f64, f64) = (22.095_909_971, 44.074_879_992);
const EXCLAVE: (f64, f64) = (22.158_340_401, 44.074_264_030);
const MAJDANPEK: (f64, f64) = (21.945_960_036, 44.427_709_978);
const SUBOTICA: (f64, f64) = (19.711_645_882, 45.866_302_908);

fn assert_has(report: &str, lines: &[&str]) {
    for line in lines {
        assert!(report.contains(line), "{line} is not in\n{report}");
    }
}

/// The first vertex of an area of a row, which in the fixtures is its south-western corner.
fn corner(database: &Database, table: &str, code: &str, area: u32) -> (f64, f64) {
    let vertex = format!("st_pointn(st_exteriorring(st_geometryn(area, {area})), 1)");
    let row = database.query(&format!(
        "select st_x({vertex}), st_y({vertex}) from {table} where code = '{code}'"
    ));
    let (x, y) = row.split_once('|').unwrap();
    (x.parse().unwrap(), y.parse().unwrap())
}

#[test]
fn the_register_of_spatial_units_replaces_coarser_municipalities() {
    let database = Database::loaded();
    let (file, layer) = (fixture(FILES[0]), ["--layer", "municipalities"]);
    let report = accept(&database, &file, &layer);
    assert_has(
        &report,
        &[
            "the columns are those of the register of spatial units, published in EPSG:32634",
            "opstina_maticni_broj -> code",
            "opstina_ime -> name",
            "okrug_sifra -> district",
            "opstina_imel: name_latin, which follows from other fields",
            "okrug_ime: `okrug_sifra` gives district",
            "0 new, 3 changed, 0 unchanged",
        ],
    );
    for (code, area, place) in [
        ("70327", 1, BOR),
        ("70327", 2, EXCLAVE),
        ("70785", 1, MAJDANPEK),
        ("80438", 1, SUBOTICA),
    ] {
        assert_place(corner(&database, "municipality", code, area), place, code);
    }
    assert_eq!(
        database.query(
            "select name, name_latin, district, kind from municipality where code = '80438'"
        ),
        "Суботица|Subotica|RS-01|city"
    );
    assert_eq!(
        database.query("select count(*) from municipality_history where area is null"),
        "3"
    );
    let again = accept(&database, &file, &layer);
    assert_has(&again, &["the register says the same (3 unchanged)"]);
}

#[test]
fn district_numbers_of_the_register_are_those_of_iso_3166() {
    let database = Database::loaded();
    let report = accept(&database, &fixture(FILES[1]), &["--layer", "districts"]);
    assert_has(&report, &["0 new, 2 changed, 0 unchanged"]);
    for (code, place) in [("RS-01", SUBOTICA), ("RS-14", BOR)] {
        assert_place(corner(&database, "district", code, 1), place, code);
    }
    assert_eq!(
        database.query("select name, statistical_region from district where code = 'RS-14'"),
        "Борски управни округ|RS22"
    );
}

#[test]
fn settlements_are_points_with_people() {
    let database = Database::loaded();
    let report = accept(&database, &fixture(FILES[2]), &["--layer", "settlements"]);
    assert_has(&report, &["2 new, 0 changed, 0 unchanged"]);
    let rows = database.query(
        "select code, name_latin, municipality, district, population, st_x(location), \
         st_y(location) from settlement order by code",
    );
    for ((row, place), words) in rows.lines().zip([BOR, MAJDANPEK]).zip([
        "706230|Prvo Selo|70327|RS-14|1250|",
        "727695|Drugo Selo|70785|RS-14|0|",
    ]) {
        let numbers = row.strip_prefix(words).expect(row);
        let (x, y) = numbers.split_once('|').unwrap();
        assert_place((x.parse().unwrap(), y.parse().unwrap()), place, row);
    }
}

/// Its boundary does not say where in it the people live.
#[test]
fn a_settlement_is_not_taken_as_an_area() {
    let database = Database::loaded();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("naselje.csv");
    let text = "naselje_maticni_broj;naselje_ime;naselje_imel;wkt\n\
                706230;Прво Село;Prvo Selo;POLYGON((587000 4880000,587900 4880000,587900 4880900,587000 4880000))\n";
    std::fs::write(&file, text).unwrap();
    let refused = import(&database, &file, &["--layer", "settlements"]);
    assert!(!refused.status.success(), "{}", refused.output);
    assert_has(
        &refused.output,
        &["it is an area, but the layer takes points"],
    );
}

#[test]
fn a_river_may_have_several_lines() {
    let database = Database::loaded();
    let report = accept(&database, &fixture(FILES[3]), &["--layer", "watercourses"]);
    assert_has(&report, &["2 new, 0 changed, 0 unchanged"]);
    assert_eq!(
        database.query(
            "select code, kind, water_order, length_m, st_geometrytype(course), \
             st_numgeometries(course), st_npoints(course) from watercourse order by code"
        ),
        "V-1|river|first|16200.5|ST_MultiLineString|1|3\n\
         V-2|stream|second||ST_MultiLineString|2|5"
    );
}

#[test]
fn names_cut_by_a_shapefile_find_their_fields() {
    let database = Database::loaded();
    accept(
        &database,
        &fixture(FILES[4]),
        &["--layer", "protected_areas"],
    );
    assert_eq!(
        database.query(
            "select code, name, kind, protection_category, iucn_category, emerald, natura_2000, \
             designated_on, manager, area_m2 from protected_area"
        ),
        "ZP-01|Prvi park|nature_park|second|iv|t||2015-09-30|Šume Čačka|1143322000"
    );
    let report = accept(&database, &fixture(FILES[5]), &["--layer", "incidents"]);
    assert_has(&report, &["2 new, 0 changed, 0 unchanged"]);
    assert_eq!(
        database.query(
            "select code, facility, kind, occurred_on, occurred_year, municipality, district, \
             notified_in_time, \
             released_volume_m3, watercourse, affected_length_m, deaths, consequences \
             from incident where code like 'D-%' order by code"
        ),
        "D-1|RS-70327-001|dam_failure|2014-05-15|2014|70327|RS-14|f|150000|Borska reka|12500|0|\
         Mulj na njivama\n\
         D-2|RS-70327-004|dust|2021-03-11|2021|70327|RS-14||||||"
    );
}

#[test]
fn layers_are_listed_once_they_have_data_and_open_in_gdal() {
    let database = Database::loaded();
    for (file, layer, _, _) in OPENED {
        accept(&database, &fixture(file), &["--layer", layer]);
    }
    let service = Service::on(database);
    let listed = service.layers();
    assert!(
        !listed.contains(&"facility_outlines".to_owned()),
        "{listed:?}"
    );
    let empty = service.json("collections/facility_outlines");
    assert_eq!(empty["itemCount"], 0);
    for (_, layer, geometry, count) in OPENED {
        assert!(listed.contains(&layer.to_owned()), "{listed:?}");
        let text = succeed(
            client("ogrinfo", "gdal-bin")
                .args(["-ro", "-so"])
                .arg(format!("OAPIF:{}", service.url))
                .arg(layer),
        );
        assert_has(
            &text,
            &[
                &format!("Geometry: {geometry}"),
                &format!("Feature Count: {count}"),
            ],
        );
    }
}

/// A fixture, the layer it goes into, the geometry type in GDAL's words, and the features then.
const OPENED: [(&str, &str, &str, u32); 4] = [
    (FILES[2], "settlements", "Point", 2),
    (FILES[3], "watercourses", "Multi Line String", 2),
    (FILES[4], "protected_areas", "Multi Polygon", 1),
    (FILES[5], "incidents", "Point", 15),
];
