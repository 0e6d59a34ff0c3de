//! Known points of Serbia in several grids, and what tells the grids apart.
//!
//! The numbers come from PROJ 9.1.1 (Debian package proj-bin), independent of
//! the PROJ built into this crate, with the operation written out. For EPSG:6316:
//!
//! ```sh
//! echo "22.09591 44.07488 0 0" | cct -d 4 +proj=pipeline \
//!   +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 \
//!   +step +proj=cart +ellps=WGS84 \
//!   +step +inv +proj=helmert +x=577.84843 +y=165.45019 +z=390.43652 \
//!     +rx=-4.93131 +ry=0.96052 +rz=13.05072 +s=7.86546 +convention=coordinate_frame \
//!   +step +inv +proj=cart +ellps=bessel +step +proj=pop +v_3 \
//!   +step +proj=tmerc +lat_0=0 +ellps=bessel +lon_0=21 +k=0.9999 +x_0=7500000 +y_0=0
//! ```
//!
//! and for the others with the last step `+lon_0=18 +k=0.9999 +x_0=6500000`
//! (8678), `+lon_0=21 +k=1 +x_0=7500000` (31267), `+proj=utm +zone=34
//! +ellps=WGS84` (32634) or `+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000
//! +y_0=3210000 +ellps=GRS80` (3035) straight after the first.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::HashMap;
use std::sync::OnceLock;

use geodesy::{Crs, GeodesyError, TransformPlan, Transformer};
use proptest::prelude::*;

const BOR: (f64, f64) = (22.09591, 44.07488);
const BELGRADE: (f64, f64) = (20.4573, 44.7872);
const MAJDANPEK: (f64, f64) = (21.94596, 44.42771);
const WEST: (f64, f64) = (19.225, 44.533);
const VRANJE: (f64, f64) = (21.90028, 42.55139);

/// EPSG code, (longitude, latitude), (easting, northing) in metres.
type Vector = (u32, (f64, f64), (f64, f64));

const VECTORS: [Vector; 21] = [
    (6316, BOR, (7_588_213.572, 4_881_734.641)),
    (6316, BELGRADE, (7_457_487.812, 4_960_435.563)),
    (6316, MAJDANPEK, (7_575_750.097, 4_920_787.076)),
    (6316, WEST, (7_359_361.157, 4_933_576.995)),
    (6316, VRANJE, (7_574_373.222, 4_712_302.032)),
    (8678, WEST, (6_597_763.150, 4_932_789.589)),
    (8678, BOR, (6_828_485.991, 4_889_330.185)),
    (31267, BOR, (7_588_222.394, 4_882_222.864)),
    (31267, VRANJE, (7_574_380.660, 4_712_773.310)),
    (32634, BOR, (587_753.21, 4_880_773.46)),
    (32634, BELGRADE, (457_068.90, 4_959_454.70)),
    (32634, MAJDANPEK, (575_294.63, 4_919_814.55)),
    (32634, WEST, (358_970.71, 4_932_607.04)),
    (32634, VRANJE, (573_912.19, 4_711_392.08)),
    (8682, BOR, (587_753.21, 4_880_773.46)),
    (25834, BOR, (587_753.21, 4_880_773.46)),
    (3035, BOR, (5_287_321.89, 2_407_716.28)),
    (3035, BELGRADE, (5_147_017.61, 2_466_369.18)),
    (3035, MAJDANPEK, (5_269_564.17, 2_444_534.65)),
    (3035, WEST, (5_053_580.90, 2_425_496.86)),
    (3035, VRANJE, (5_296_918.79, 2_237_987.25)),
];

const CENTIMETRE: f64 = 0.01;

fn crs(epsg: u32) -> Crs {
    Crs::from_epsg(epsg).unwrap()
}

/// Distance on the ground between two places in degrees, good near each other.
fn metres_apart(a: (f64, f64), b: (f64, f64)) -> f64 {
    let metres_per_degree = 111_320.0;
    let east = (a.0 - b.0) * metres_per_degree * a.1.to_radians().cos();
    let north = (a.1 - b.1) * metres_per_degree;
    east.hypot(north)
}

fn apart(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

#[test]
fn grids_to_wgs84() {
    for (epsg, lon_lat, (east, north)) in VECTORS {
        let got = Transformer::to_wgs84(&crs(epsg))
            .unwrap()
            .transform(east, north)
            .unwrap();
        let off = metres_apart(got, lon_lat);
        assert!(
            off < CENTIMETRE,
            "EPSG:{epsg} {lon_lat:?}: {got:?} is {off} m off"
        );
    }
}

#[test]
fn wgs84_to_grids() {
    for (epsg, (lon, lat), east_north) in VECTORS {
        let got = Transformer::from_wgs84(&crs(epsg))
            .unwrap()
            .transform(lon, lat)
            .unwrap();
        let off = apart(got, east_north);
        assert!(
            off < CENTIMETRE,
            "EPSG:{epsg} {lon} {lat}: {got:?} is {off} m off"
        );
    }
}

#[test]
fn deprecated_codes_give_the_same_place_as_their_successors() {
    let wanted = to_wgs84(6316, 7_588_213.57, 4_881_734.64);
    for epsg in [3909, 31277] {
        let got = to_wgs84(epsg, 7_588_213.57, 4_881_734.64);
        assert!(
            metres_apart(got, wanted) < CENTIMETRE,
            "EPSG:{epsg} {got:?}"
        );
    }
    for (old, new) in [
        (3908, 8678),
        (31276, 8678),
        (3910, 8679),
        (31278, 8679),
        (31279, 8679),
    ] {
        let (east, north) = from_wgs84(new, BOR);
        let got = to_wgs84(old, east, north);
        assert!(metres_apart(got, BOR) < CENTIMETRE, "EPSG:{old} {got:?}");
    }
}

// Scale 1 in place of 0.9999 moves a point 4 882 km from the equator by about
// 100 ppm of that.
#[test]
fn the_grid_with_scale_1_is_not_the_state_grid() {
    let state = from_wgs84(6316, BOR);
    let scale_1 = from_wgs84(31267, BOR);
    assert!(
        (scale_1.1 - state.1 - 488.2).abs() < 0.1,
        "{state:?} {scale_1:?}"
    );
}

#[test]
fn operations_tell_their_code_and_accuracy() {
    let cases = [
        (6316, Some(9486), 1.0),
        (3906, Some(9486), 1.0),
        (31267, Some(9486), 1.0),
        (8682, Some(8894), 1.0),
        (4075, Some(4077), 1.0),
        (25834, Some(1149), 1.0),
        (3035, Some(1149), 1.0),
        (4326, None, 0.0),
        (32634, None, 0.0),
        (23034, Some(1133), 10.0),
    ];
    for (epsg, operation, accuracy_m) in cases {
        let transformer = Transformer::to_wgs84(&crs(epsg)).unwrap();
        let got = transformer.operation();
        assert_eq!(got.epsg, operation, "EPSG:{epsg} {got:?}");
        assert!(
            (got.accuracy_m - accuracy_m).abs() < 1e-9,
            "EPSG:{epsg} {got:?}"
        );
    }
}

#[test]
fn realisations_of_etrs89_and_wgs_84_keep_their_numbers() {
    for epsg in [4326, 4258, 8685, 4075] {
        assert!(
            apart(to_wgs84(epsg, BOR.0, BOR.1), BOR) < 1e-12,
            "EPSG:{epsg}"
        );
    }
}

#[test]
fn longitude_and_latitude_on_mgi_1901_are_shifted_by_hundreds_of_metres() {
    let on_mgi_1901 = from_wgs84(3906, BOR);
    let off = metres_apart(on_mgi_1901, BOR);
    assert!(
        (380.0..470.0).contains(&off),
        "{on_mgi_1901:?} is {off} m off"
    );
    assert!(metres_apart(to_wgs84(3906, on_mgi_1901.0, on_mgi_1901.1), BOR) < 0.001);
}

// Austrian, French and British systems: their operations are not valid in
// Serbia, where PROJ alone would fall back on a ballpark.
#[test]
fn a_ballpark_is_an_error() {
    for epsg in [4312, 31256, 2154, 27700] {
        let error = Transformer::to_wgs84(&crs(epsg)).unwrap_err();
        assert!(
            matches!(&error, GeodesyError::UnknownAccuracy { operation, .. }
                if operation.contains("allpark")),
            "EPSG:{epsg} {error:?}"
        );
    }
}

#[test]
fn a_datum_nobody_knows_is_an_error() {
    let local = r#"GEOGCS["local",DATUM["Rudarski",SPHEROID["Rudarski",6377400,299.2]],
        PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]"#;
    let error = Transformer::to_wgs84(&Crs::from_wkt(local).unwrap()).unwrap_err();
    assert!(
        matches!(error, GeodesyError::UnknownAccuracy { .. }),
        "{error:?}"
    );
}

#[test]
fn points_that_are_nowhere_are_errors() {
    let cases = [
        (6316, f64::NAN, 4_881_734.0),
        (6316, 7_588_213.0, f64::INFINITY),
        (6316, 1e300, 1e300),
        (4326, 7_588_213.0, 4_881_734.0),
        (32634, 1e12, 4_881_734.0),
    ];
    for (epsg, x, y) in cases {
        let got = Transformer::to_wgs84(&crs(epsg)).unwrap().transform(x, y);
        assert!(got.is_err(), "EPSG:{epsg} {x} {y}: {got:?}");
    }
    for (lon, lat) in [(f64::NAN, 44.0), (21.0, 91.0), (181.0, 44.0)] {
        let got = Transformer::from_wgs84(&crs(6316))
            .unwrap()
            .transform(lon, lat);
        assert!(got.is_err(), "{lon} {lat}: {got:?}");
    }
}

fn to_wgs84(epsg: u32, x: f64, y: f64) -> (f64, f64) {
    Transformer::to_wgs84(&crs(epsg))
        .unwrap()
        .transform(x, y)
        .unwrap()
}

fn from_wgs84(epsg: u32, (lon, lat): (f64, f64)) -> (f64, f64) {
    Transformer::from_wgs84(&crs(epsg))
        .unwrap()
        .transform(lon, lat)
        .unwrap()
}

const GRIDS: [u32; 9] = [6316, 8678, 8679, 31267, 3906, 32634, 8682, 3035, 3857];

fn plans() -> &'static HashMap<u32, TransformPlan> {
    static PLANS: OnceLock<HashMap<u32, TransformPlan>> = OnceLock::new();
    let plan = |epsg| (epsg, TransformPlan::new(&crs(epsg)).unwrap());
    PLANS.get_or_init(|| GRIDS.into_iter().map(plan).collect())
}

proptest! {
    // A millimetre remains because heights are set aside in both directions.
    #[test]
    fn there_and_back_is_the_same_place(
        lon in 18.8..23.0_f64,
        lat in 41.85..46.2_f64,
        epsg in proptest::sample::select(&GRIDS[..]),
    ) {
        let plan = &plans()[&epsg];
        let (x, y) = plan.from_wgs84().unwrap().transform(lon, lat).unwrap();
        let back = plan.to_wgs84().unwrap().transform(x, y).unwrap();
        prop_assert!(metres_apart(back, (lon, lat)) < 0.001, "{back:?}");
    }
}
