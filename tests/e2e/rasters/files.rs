//! Rasters with oddities: taken with the right values, or refused with a reason.

use super::{Register, cells, gdal, height};
use crate::database::Database;
use crate::survey::{everything, fixture};

/// Terrain models of the fixtures' plane: the file, how it is imported, words of the report.
const PLANES: &[(&str, &[&str], &[&str])] = &[
    ("raster-big-endian.tif", &[], &[]),
    ("raster-bigtiff.tif", &[], &["BigTIFF"]),
    ("raster-bottom-up.tif", &[], &["rows from south to north"]),
    (
        "raster-compound-crs.tif",
        &[],
        &["vertical datum by the file: Former national datum"],
    ),
    (
        "raster-dropped-zone-digit.tif",
        &["--crs", "EPSG:6316"],
        &["7000000 m were added to every easting"],
    ),
    ("raster-feet.tif", &[], &["converted to metres", "0.3048 m"]),
    ("raster-float64.tif", &[], &["Float64"]),
    (
        "raster-int16-centimetres.tif",
        &["--height-unit", "cm"],
        &["0.01 m"],
    ),
    ("raster-old-epsg-31277.tif", &[], &["read as EPSG:6316"]),
    ("raster-pixel-is-point.tif", &[], &["pixel is point"]),
    ("raster-scaled.tif", &[], &["0.0625 × value + 300"]),
    ("raster-tiles-deflate.tif", &[], &["Deflate"]),
    ("raster-two-pages.tif", &[], &["several pictures (2)"]),
    (
        "raster-utm-over-zone-7.tif",
        &["--crs", "EPSG:6316"],
        &["--crs (the file says EPSG:32634"],
    ),
    (
        "raster-web-mercator-over-zone-7.tif",
        &["--crs", "EPSG:6316"],
        &["--crs (the file says EPSG:3857"],
    ),
    ("raster-without-crs.tif", &["--crs", "EPSG:6316"], &[]),
    ("raster-without-nodata.tif", &[], &[]),
    ("raster-nodata-hole.tif", &[], &["cells with data: 93.8 %"]),
    ("raster-nodata-nan.tif", &[], &["cells with data: 81.2 %"]),
];

#[test]
fn heights_arrive_in_metres_at_their_places() {
    let register = Register::of(&Database::loaded());
    for (file, arguments, words) in PLANES {
        let code = ["--code", file];
        let report = register.accept(file, "dtm", &[&code, *arguments].concat());
        for word in *words {
            assert!(report.contains(word), "{file}: {word} is not in\n{report}");
        }
        let tolerance = if file.contains("centimetres") {
            0.006
        } else {
            1e-4
        };
        let mut seen = 0;
        for (x, y, value) in cells(&register.image(file)) {
            if value.is_nan() || value < -9000.0 {
                continue;
            }
            let wanted = height(x, y);
            assert!(
                (value - wanted).abs() < tolerance,
                "{file}: {x} {y}: {value}, not {wanted}"
            );
            seen += 1;
        }
        assert!(seen >= 16 * 13, "{file}: {seen}");
    }
    let holes = "select st_numinteriorrings(st_geometryn(footprint, 1)), st_isvalid(footprint) \
                 from survey where code = 'raster-nodata-hole.tif'";
    assert_eq!(
        register.database.query(holes),
        "0|t",
        "the corner is cut off"
    );
}

#[test]
fn heights_in_degrees_keep_their_values() {
    let register = Register::of(&Database::loaded());
    for (file, crs, datum) in [
        ("raster-degrees.tif", "EPSG:4326", ""),
        ("raster-ellipsoidal-crs.tif", "EPSG:4326", "ellipsoidal"),
    ] {
        register.accept(file, "dsm", &["--code", file]);
        let row = format!(
            "select horizontal_crs, vertical_datum, round(resolution_m::numeric, 2) from survey \
             where code = '{file}'"
        );
        // 1e-5° at 44.075°: 0.80 m × 1.11 m (geod, PROJ).
        assert_eq!(register.database.query(&row), format!("{crs}|{datum}|0.94"));
        let seen: Vec<f64> = cells(&register.image(file))
            .iter()
            .map(|cell| cell.2)
            .collect();
        assert_eq!(seen[..3], [308.0625, 308.3125, 308.5625], "{file}");
    }
}

/// Pictures, and the values of the cell in column 4, row 1.
const PICTURES: &[(&str, &str)] = &[
    ("raster-orthophoto.tif", "32 8 100"),
    ("raster-packbits.tif", "32 8 100"),
    ("raster-alpha.tif", "32 8 100 255"),
    ("raster-mask.tif", "32 8 100 255"),
    ("raster-palette.tif", "255 0 0"),
    ("raster-one-bit.tif", "255 255 255"),
];

#[test]
fn pictures_keep_their_colours_and_opacity() {
    let register = Register::of(&Database::loaded());
    for (file, wanted) in PICTURES {
        register.accept(file, "orthophoto", &["--code", file]);
        let image = register.image(file);
        let values = gdal("gdallocationinfo", &["-valonly"], &image, &["4", "1"]);
        let values: Vec<_> = values.split_whitespace().collect();
        assert_eq!(values.join(" "), *wanted, "{file}");
    }
    for file in ["raster-alpha.tif", "raster-mask.tif"] {
        let clear = gdal(
            "gdallocationinfo",
            &["-valonly", "-b", "4"],
            &register.image(file),
            &["3", "1"],
        );
        assert_eq!(clear.trim(), "0", "{file}");
        let percent = format!("select valid_percent from survey where code = '{file}'");
        assert_eq!(register.database.query(&percent), "75", "{file}");
    }
}

#[test]
fn indices_keep_their_values() {
    let register = Register::of(&Database::loaded());
    for (file, lowest, highest) in [
        ("raster-index.tif", "-0.9375", "0.9375"),
        ("raster-int8.tif", "-120", "15"),
        ("raster-uint16.tif", "0", "60015"),
        ("raster-nodata-outside-type.tif", "0", "30"),
        ("raster-nodata-half.tif", "-15", "15"),
    ] {
        register.accept(file, "index", &["--code", file]);
        let row = format!("select lowest_value, highest_value from survey where code = '{file}'");
        assert_eq!(
            register.database.query(&row),
            format!("{lowest}|{highest}"),
            "{file}"
        );
    }
}

/// A file that is refused: its kind, how it is imported, the exit status, words of the message.
type Bad = (
    &'static str,
    &'static str,
    &'static [&'static str],
    i32,
    &'static [&'static str],
);

const BAD: &[Bad] = &[
    (
        "raster-all-nodata.tif",
        "dem",
        &[],
        3,
        &["no cell has data"],
    ),
    (
        "raster-rotated.tif",
        "dem",
        &[],
        1,
        &["rotated by 30", "gdalwarp"],
    ),
    (
        "raster-mirrored.tif",
        "dem",
        &[],
        1,
        &["mirrored", "gdalwarp"],
    ),
    (
        "raster-control-points.tif",
        "dem",
        &[],
        1,
        &["4 control points", "Georeferencer"],
    ),
    (
        "raster-camera-model.tif",
        "dem",
        &[],
        1,
        &["camera model", "gdalwarp -rpc"],
    ),
    (
        "raster-without-placement.tif",
        "dem",
        &[],
        1,
        &["does not say where its cells lie"],
    ),
    (
        "raster-without-crs.tif",
        "dem",
        &[],
        3,
        &["look like EPSG:6316", "--crs EPSG:6316"],
    ),
    (
        "raster-web-mercator-over-zone-7.tif",
        "dem",
        &[],
        3,
        &[
            "the file says EPSG:3857",
            "the numbers look like EPSG:6316 (MGI 1901 / Balkans zone 7)",
        ],
    ),
    (
        "raster-dropped-zone-digit.tif",
        "dem",
        &[],
        3,
        &[
            "without the leading 7 of the eastings",
            "--crs EPSG:6316 or --crs EPSG:32634",
        ],
    ),
    (
        "raster-outside-serbia.tif",
        "dem",
        &[],
        1,
        &["no place in Serbia"],
    ),
    (
        "raster-of-the-moon.tif",
        "dem",
        &[],
        3,
        &[
            "GCS_Moon_2000",
            "no coordinate reference system that can be used",
            "--crs",
        ],
    ),
    (
        "raster-two-bands.tif",
        "dem",
        &[],
        1,
        &["has 2 bands", "gdal_translate -b 1"],
    ),
    (
        "raster-two-bands.tif",
        "orthophoto",
        &[],
        1,
        &["of the type Float32", "-ot Byte"],
    ),
    (
        "raster-palette.tif",
        "dem",
        &[],
        1,
        &["numbers of colours, not heights"],
    ),
    (
        "raster-int16-centimetres.tif",
        "dem",
        &[],
        3,
        &["from 30619 to 31181", "--height-unit cm"],
    ),
    (
        "raster-feet.tif",
        "dem",
        &["--height-unit", "m"],
        0,
        &["heights 1004.55 to 1023.01 m"],
    ),
    (
        "raster-uint16.tif",
        "dem",
        &[],
        3,
        &["not possible in Serbia"],
    ),
    (
        "raster-terrain.tif",
        "dem",
        &["--facility", "RS-70793-001"],
        3,
        &[
            "shows nothing of the facility RS-70793-001",
            "check --facility",
        ],
    ),
    (
        "raster-terrain.tif",
        "dem",
        &["--facility", "RS-70327-999"],
        1,
        &["no facility RS-70327-999"],
    ),
    (
        "raster-terrain.tif",
        "dem",
        &["--surveyed", "2999-01-01"],
        1,
        &["2999-01-01 is after today"],
    ),
    (
        "raster-terrain.tif",
        "dem",
        &["--surveyed", "1850-01-01"],
        1,
        &["before 1900"],
    ),
    (
        "raster-terrain.tif",
        "dem",
        &["--layer", "dams"],
        1,
        &["goes into the layer surveys, not dams"],
    ),
    (
        "raster-terrain.tif",
        "dem",
        &["--encoding", "CP1250"],
        1,
        &["leave --encoding out"],
    ),
    ("raster-empty.tif", "dem", &[], 1, &["is empty"]),
    (
        "raster-damaged-block.tif",
        "dem",
        &[],
        1,
        &["cannot be unpacked", "damaged"],
    ),
    (
        "raster-two-to-the-31-wide.tif",
        "dem",
        &[],
        1,
        &["2147483648 × 16 cells"],
    ),
    (
        "raster-tile-bomb.tif",
        "dem",
        &[],
        1,
        &["10000000000 bytes of cells"],
    ),
    (
        "raster-jpeg-inside.tif",
        "dem",
        &[],
        1,
        &["no GeoTIFF but a JPEG picture"],
    ),
    (
        "points.gpkg",
        "dem",
        &[],
        1,
        &["is for rasters", "no GeoTIFF"],
    ),
];

#[test]
fn refused_rasters_change_nothing_and_leave_no_file() {
    let register = Register::of(&Database::loaded());
    let before = everything(&register.database);
    for (file, kind, arguments, status, words) in BAD {
        // The later of two options would be an error: those of the case replace the usual ones.
        let mut command = register.cadastre();
        command.arg("import").arg(fixture(file)).args(*arguments);
        let usual = [
            ("--facility", super::FACILITY),
            ("--kind", kind),
            ("--surveyed", super::DAY),
        ];
        for (option, value) in usual {
            if !arguments.contains(&option) {
                command.args([option, value]);
            }
        }
        if *status == 0 {
            command.arg("--dry-run");
        }
        let finished = crate::process::run(&mut command);
        assert_eq!(
            finished.status.code(),
            Some(*status),
            "{file}: {}",
            finished.output
        );
        for word in *words {
            assert!(
                finished.output.contains(word),
                "{file}: {word} is not in\n{}",
                finished.output
            );
        }
        assert_eq!(register.files(), Vec::<std::path::PathBuf>::new(), "{file}");
    }
    assert_eq!(everything(&register.database), before);
}

#[test]
fn a_raster_needs_to_be_described_and_features_must_not_be() {
    let database = Database::migrated();
    for (file, arguments, words) in [
        (
            "raster-terrain.tif",
            &["--kind", "dem"][..],
            &["is a raster", "--facility CODE and --surveyed DATE"][..],
        ),
        (
            "points.gpkg",
            &["--layer", "surveys"],
            &["takes rasters", "no GeoTIFF"],
        ),
        (
            "points.gpkg",
            &["--layer", "volume_changes"],
            &["computed from surveys"],
        ),
    ] {
        let finished = crate::survey::import(&database, &fixture(file), arguments);
        assert_eq!(finished.status.code(), Some(1), "{}", finished.output);
        for word in words {
            assert!(
                finished.output.contains(word),
                "{word} is not in\n{}",
                finished.output
            );
        }
    }
}

#[test]
fn a_survey_of_another_datum_is_not_stored_silently() {
    let register = Register::of(&Database::loaded());
    register.accept(
        "raster-terrain.tif",
        "dtm",
        &["--vertical-datum", "trieste"],
    );
    let before = everything(&register.database);
    let higher = fixture("raster-ellipsoidal-heights.tif");
    let refused = register.import(&higher, "dsm", &[]);
    assert_eq!(refused.status.code(), Some(3), "{}", refused.output);
    for word in ["everywhere 45.0 m higher", "--vertical-datum"] {
        assert!(
            refused.output.contains(word),
            "{word} is not in\n{}",
            refused.output
        );
    }
    assert_eq!(everything(&register.database), before);
    let doubtful = register.import(
        &higher,
        "dsm",
        &["--vertical-datum", "trieste", "--dry-run"],
    );
    assert!(
        doubtful
            .output
            .contains("warning, vertical_datum: heights are everywhere"),
        "{}",
        doubtful.output
    );
    let said = register.import(&higher, "dsm", &["--vertical-datum", "ellipsoidal"]);
    assert!(
        said.status.success() && !said.output.contains("everywhere"),
        "{}",
        said.output
    );
}
