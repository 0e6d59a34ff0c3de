//! Drawings (DXF).

use super::*;

#[tokio::test]
async fn a_drawing_is_divided_by_its_layers() {
    insta::assert_snapshot!(told("outlines.dxf").await, @"
    DXF
    the arcs of the drawing are replaced by chords of at most 1°, which are off by at most 0.004 % of the radius (4 mm at 100 m)
    RS-70327-901: Polygon, 1 records, no CRS, CP1250
      Layer, Text
      1: RS-70327-901|- POLYGON ((7588213.57 4881734.64,7588213.57 4882134.64,7588613.57 4882134.64,7588613.57 4881734.64,7588213.57 4881734.64))
    Kruna: Line, 1 records, no CRS, CP1250
      Layer, Text
      2: Kruna|- LINESTRING (7588213.57 4881734.64,7588313.57 4881734.64)
    Bazen č: Polygon, 1 records, no CRS, CP1250
      Layer, Text
      3: Bazen č|- POLYGON of 183 vertices
    Etaža: Polygon, 1 records, no CRS, CP1250
      Layer, Text
      4: Etaža|- POLYGON ((7588213.57 4881734.64 400,7588213.57 4882134.64 401,7588613.57 4882134.64 402,7588613.57 4881734.64 403,7588213.57 4881734.64 400))
    Natpisi: Point, 1 records, no CRS, CP1250
      Layer, Text
      5: Natpisi|Jalovište Čačak POINT (7588213.57 4881734.64 0)
    all areas: Polygon, 3 records, no CRS, CP1250
      Layer, Text
      1: RS-70327-901|- POLYGON ((7588213.57 4881734.64,7588213.57 4882134.64,7588613.57 4882134.64,7588613.57 4881734.64,7588213.57 4881734.64))
      3: Bazen č|- POLYGON of 183 vertices
      4: Etaža|- POLYGON ((7588213.57 4881734.64 400,7588213.57 4882134.64 401,7588613.57 4882134.64 402,7588613.57 4881734.64 403,7588213.57 4881734.64 400))
    ");
}

#[tokio::test]
async fn a_drawing_closed_by_hand_has_an_outline_and_its_letters() {
    insta::assert_snapshot!(told("closed-by-hand.dxf").await, @"
    DXF
    Jalovište: Polygon, 1 records, no CRS, UTF-8
      Layer
      1: Jalovište POLYGON ((7588213.57 4881734.64,7588213.57 4882134.64,7588613.57 4882134.64,7588613.57 4881734.64,7588213.573 4881734.644))
    ");
}

#[tokio::test]
async fn an_arc_stays_within_the_stated_tolerance() {
    let inspection = inspect("outlines.dxf").await;
    let layer = inspection
        .layers
        .iter()
        .find(|layer| layer.name == "Bazen č");
    let records = read("outlines.dxf", layer.unwrap()).await.unwrap();
    let area = gdal::vector::Geometry::from_wkb(records[0].wkb.as_ref().unwrap()).unwrap();
    // Half a circle with a radius of 50 m; the ring between an arc and a chord of 1° is
    // 1 - sin(1°) / 1° = 0.005 % of it.
    let half_circle_m2 = std::f64::consts::PI * 50.0 * 50.0 / 2.0;
    let share = area.area() / half_circle_m2;
    assert!((0.999_94..1.0).contains(&share), "{share}");
}
