//! Known points in every system that Serbian files are in, declared and by numbers alone, end to
//! end from the numbers of the file to longitude, latitude.
//!
//! The numbers are those of `crates/geodesy/tests/vectors.rs`, computed by cct (PROJ 9.1.1) with
//! operation EPSG:9486 written out.

use geo_types::Point;
use geodesy::distance_m;

use super::*;

const BOR: (f64, f64) = (22.09591, 44.07488);
const BELGRADE: (f64, f64) = (20.4573, 44.7872);
const MAJDANPEK: (f64, f64) = (21.94596, 44.42771);
const WEST: (f64, f64) = (19.225, 44.533);
const VRANJE: (f64, f64) = (21.90028, 42.55139);

/// Codes that mean the same numbers, the numbers, the place.
type Known = (&'static [u32], (f64, f64), (f64, f64));

const ZONE_6: &[u32] = &[8678, 3908, 31276];
const ZONE_7: &[u32] = &[6316, 3909, 31277];
const ZONE_8: &[u32] = &[8679, 3910, 31278];
const UTM: &[u32] = &[8682, 25834, 32634, 3046];
const LAEA: &[u32] = &[3035];
const DEGREES: &[u32] = &[4326, 4258, 8685, 4075];

const KNOWN: [Known; 25] = [
    (ZONE_7, (7_588_213.57, 4_881_734.64), BOR),
    (ZONE_7, (7_457_487.81, 4_960_435.56), BELGRADE),
    (ZONE_7, (7_575_750.10, 4_920_787.08), MAJDANPEK),
    (ZONE_7, (7_359_361.16, 4_933_576.99), WEST),
    (ZONE_7, (7_574_373.22, 4_712_302.03), VRANJE),
    (ZONE_6, (6_597_763.15, 4_932_789.59), WEST),
    (ZONE_8, (8_347_949.19, 4_882_897.45), BOR),
    (&[31267], (7_588_222.39, 4_882_222.86), BOR),
    (UTM, (587_753.21, 4_880_773.46), BOR),
    (UTM, (457_068.90, 4_959_454.70), BELGRADE),
    (UTM, (575_294.63, 4_919_814.55), MAJDANPEK),
    (UTM, (358_970.71, 4_932_607.04), WEST),
    (UTM, (573_912.19, 4_711_392.08), VRANJE),
    (LAEA, (5_287_321.89, 2_407_716.28), BOR),
    (LAEA, (5_147_017.61, 2_466_369.18), BELGRADE),
    (LAEA, (5_269_564.17, 2_444_534.65), MAJDANPEK),
    (LAEA, (5_053_580.90, 2_425_496.86), WEST),
    (LAEA, (5_296_918.79, 2_237_987.25), VRANJE),
    (&[3857], (2_459_705.45, 5_477_037.36), BOR),
    (&[3906], (22.101_459_139, 44.074_737_689), BOR),
    (DEGREES, BOR, BOR),
    (DEGREES, BELGRADE, BELGRADE),
    (DEGREES, MAJDANPEK, MAJDANPEK),
    (DEGREES, WEST, WEST),
    (DEGREES, VRANJE, VRANJE),
];

/// Accuracy of EPSG:9486, and of nothing at all between the realisations of WGS 84 and ETRS89.
const WITHIN_M: f64 = 1.0;

fn placed(decision: &Decision, numbers: (f64, f64)) -> (f64, f64) {
    let point = Point::from(numbers).into();
    let moved = match decision.mover().unwrap() {
        Some(mover) => mover.to_wgs84(point).unwrap(),
        None => point,
    };
    Point::try_from(moved).unwrap().x_y()
}

#[test]
fn every_declared_code_places_known_points() {
    for (codes, numbers, place) in KNOWN {
        for epsg in codes {
            let name = format!("EPSG:{epsg}");
            let (declared, named) = (code(&name), reading(&name));
            // A scale of 1 is asked back when a file says it.
            let by_user = (*epsg == 31267).then_some(&named);
            let layer = Given {
                is_table: false,
                ..given(by_user, Some(&declared), None)
            };
            let turned = (epsg == &codes[0]).then_some((numbers.1, numbers.0));
            for (x, y) in std::iter::once(numbers).chain(turned) {
                let decision = decide_by_sample(&layer, &sample(&[(x, y)])).unwrap();
                let off = distance_m(placed(&decision, (x, y)), place);
                assert!(off < WITHIN_M, "{name} {x} {y}: {off} m off");
            }
        }
    }
}

/// Numbers with one reading place the point; the others offer the right reading among two or three.
#[test]
fn numbers_alone_place_known_points_or_offer_the_place() {
    let table = given(None, None, Some(Meaning::XY));
    for (codes, numbers, place) in KNOWN {
        // These differ from 6316 and 4326 in scale or datum, which numbers do not show.
        if [31267, 3906].contains(&codes[0]) {
            continue;
        }
        let places = match decide_by_sample(&table, &sample(&[numbers])) {
            Ok(decision) => vec![placed(&decision, numbers)],
            Err(error) => {
                let two_or_three = (2..=3).contains(&error.readings().len());
                assert!(two_or_three, "{numbers:?}: {error}");
                let place = |one: &PossibleReading| (one.longitude, one.latitude);
                error.readings().iter().map(place).collect()
            }
        };
        let right = places.iter().any(|at| distance_m(*at, place) < WITHIN_M);
        assert!(right, "{numbers:?}: {places:?}");
        let decided = [ZONE_6, ZONE_7, ZONE_8, DEGREES].contains(&codes);
        assert!(!decided || places.len() == 1, "{numbers:?}: {places:?}");
    }
}
