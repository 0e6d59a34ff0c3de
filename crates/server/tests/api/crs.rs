//! Coordinate reference systems of questions and answers (OGC API Features 2).

use domain::layers::FACILITIES;
use geo_types::{Geometry, Point};
use sqlx::postgres::PgPool;

use crate::common::{Answer, Service, record};

const ITEMS: &str = "/collections/facilities/items";
const EPSG: &str = "http://www.opengis.net/def/crs/EPSG/0/";
const BOR: (f64, f64) = (22.095_91, 44.074_88);
const WEST: (f64, f64) = (19.225, 44.533);

/// Two sites whose coordinates are published for several systems.
async fn two_sites(pool: PgPool) -> Service {
    let service = Service::empty(pool);
    let site = |code: &str, place: (f64, f64)| {
        let place = Geometry::Point(Point::from(place));
        record(&FACILITIES, &[("code", code), ("name", code)], Some(place))
    };
    service
        .publish(vec![site("RS-70327-001", BOR), site("RS-70327-002", WEST)])
        .await;
    service
}

fn position(answer: &Answer) -> [f64; 2] {
    let json = answer.json();
    let feature = json.get("features").map_or(&json, |features| &features[0]);
    let at = |which: usize| feature["geometry"]["coordinates"][which].as_f64().unwrap();
    [at(0), at(1)]
}

/// Coordinates in the order of axes of the authority: of EPSG:9486's published test vectors, of the
/// spherical Mercator formula, and of `cs2cs` for the zone of the 6th meridian.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn positions_come_in_each_system_in_the_order_of_its_axes(pool: PgPool) {
    let service = two_sites(pool).await;
    let radius = 6_378_137.0_f64;
    let mercator = [
        radius * BOR.0.to_radians(),
        radius * BOR.1.to_radians().tan().asinh(),
    ];
    for (id, code, expected) in [
        (1, 6316, [7_588_213.57, 4_881_734.64]),
        (1, 3909, [4_881_734.64, 7_588_213.57]),
        (1, 32634, [587_753.21, 4_880_773.46]),
        (1, 3035, [2_407_716.28, 5_287_321.89]),
        (1, 4326, [44.074_88, 22.095_91]),
        (1, 3857, mercator),
        (2, 6316, [7_359_361.16, 4_933_576.99]),
        (2, 8678, [6_597_763.15, 4_932_789.59]),
        (2, 3908, [4_932_789.59, 6_597_763.15]),
    ] {
        let uri = format!("{EPSG}{code}");
        let answer = service.get(&format!("{ITEMS}/{id}?crs={uri}")).await;
        assert_eq!(answer.header("content-crs"), format!("<{uri}>"));
        let there = position(&answer);
        let away = (there[0] - expected[0]).hypot(there[1] - expected[1]);
        assert!(away <= 0.01, "EPSG:{code} of {id}: {there:?}");
        let page = service
            .get(&format!("{ITEMS}?crs={uri}&limit=1&offset={}", id - 1))
            .await;
        assert_eq!(page.header("content-crs"), format!("<{uri}>"));
        let same = position(&page).map(f64::to_bits) == there.map(f64::to_bits);
        assert!(same, "EPSG:{code} on a page");
    }
}

/// ETRS89 and WGS 84 are the same within the metre, and so are their grids of zone 34.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_present_grids_differ_by_less_than_a_metre(pool: PgPool) {
    let service = two_sites(pool).await;
    for code in [25834, 8682] {
        let answer = service.get(&format!("{ITEMS}/1?crs={EPSG}{code}")).await;
        let there = position(&answer);
        let away = (there[0] - 587_753.21).hypot(there[1] - 4_880_773.46);
        assert!(away < 1.0, "EPSG:{code}: {there:?}");
    }
}

/// A box of ten metres around what a system says of a place selects that place and no other; moved by
/// 430 m, as a wrong datum moves it, it selects nothing.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_box_selects_in_its_own_system(pool: PgPool) {
    let service = two_sites(pool).await;
    for code in [3857, 3035, 25834, 8682, 32634, 6316, 8678, 3908, 3909] {
        let crs = format!("{EPSG}{code}");
        let [first, second] = position(&service.get(&format!("{ITEMS}/1?crs={crs}")).await);
        for (moved, expected) in [(0.0, vec![1]), (430.0, vec![])] {
            let (first, second) = (first + moved, second + moved);
            let bbox = format!(
                "{},{},{},{}",
                first - 5.0,
                second - 5.0,
                first + 5.0,
                second + 5.0
            );
            let answer = service
                .get(&format!("{ITEMS}?bbox={bbox}&bbox-crs={crs}"))
                .await;
            assert_eq!(answer.ids(), expected, "EPSG:{code} moved by {moved}");
        }
        let all = format!("{ITEMS}?bbox=-1e8,-1e8,1e8,1e8&bbox-crs={crs}");
        assert_eq!(service.get(&all).await.ids(), [1, 2], "EPSG:{code}");
        let nothing = format!("{ITEMS}?bbox=-1e8,-1e8,-9e7,-9e7&bbox-crs={crs}");
        assert!(service.get(&nothing).await.ids().is_empty(), "EPSG:{code}");
    }
    let latitude_first = format!("{ITEMS}?bbox=44,22,44.1,22.2&bbox-crs={EPSG}4326");
    assert_eq!(service.get(&latitude_first).await.ids(), [1]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn links_keep_the_system(pool: PgPool) {
    let service = two_sites(pool).await;
    let first = service
        .get(&format!("{ITEMS}?crs={EPSG}6316&limit=1"))
        .await;
    let next = first.link("next").expect("a next page");
    let second = service.follow(&next).await;
    assert_eq!(second.header("content-crs"), format!("<{EPSG}6316>"));
    assert_eq!(second.ids(), [2]);
}

/// Features 2, requirements 4 and 8: only what the collection lists.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_system_that_is_not_listed_is_refused_with_the_way_out(pool: PgPool) {
    let service = two_sites(pool).await;
    for parameter in ["crs", "bbox-crs"] {
        for value in [format!("{EPSG}31277"), "nonsense".to_owned(), String::new()] {
            let answer = service.get(&format!("{ITEMS}?{parameter}={value}")).await;
            assert_eq!(answer.status, 400, "{parameter}={value}");
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains(parameter), "{detail}");
        }
    }
    let listed = service.get("/collections/facilities").await.json();
    let systems = listed["crs"].as_array().unwrap();
    assert_eq!(systems[0], "http://www.opengis.net/def/crs/OGC/1.3/CRS84");
    assert!(systems.contains(&listed["storageCrs"]));
    for system in systems {
        let uri = system.as_str().unwrap();
        let answer = service.get(&format!("{ITEMS}/1?crs={uri}")).await;
        assert_eq!(answer.header("content-crs"), format!("<{uri}>"));
    }
}
