//! Whole geometries, several points, several threads.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use geo_types::{Geometry, line_string, point, polygon};
use geodesy::{Crs, TransformPlan, Transformer};

fn shifted_by_one_minute(lon: f64, lat: f64) -> Geometry<f64> {
    let step = 1.0 / 60.0;
    polygon!(
        exterior: [(x: lon, y: lat), (x: lon + step, y: lat), (x: lon, y: lat + step)],
        interiors: [[(x: lon + 0.001, y: lat + 0.001), (x: lon + 0.002, y: lat + 0.001), (x: lon + 0.001, y: lat + 0.002)]],
    )
    .into()
}

fn every_kind() -> Vec<Geometry<f64>> {
    let point = point!(x: 22.09591, y: 44.07488);
    let line = line_string![(x: 22.0, y: 44.0), (x: 22.1, y: 44.1)];
    let area: geo_types::Polygon<f64> = shifted_by_one_minute(22.0, 44.0).try_into().unwrap();
    vec![
        point.into(),
        geo_types::Line::new((22.0, 44.0), (22.1, 44.1)).into(),
        line.clone().into(),
        area.clone().into(),
        geo_types::MultiPoint::new(vec![point]).into(),
        geo_types::MultiLineString::new(vec![line]).into(),
        geo_types::MultiPolygon::new(vec![area.clone()]).into(),
        Geometry::GeometryCollection(vec![Geometry::from(point), area.into()].into()),
    ]
}

/// Every number of a geometry, in the order of its debug text.
fn numbers(geometry: &Geometry<f64>) -> Vec<f64> {
    format!("{geometry:?}")
        .split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-' || c == 'e'))
        .filter(|number| number.contains('.'))
        .map(|number| number.parse().unwrap())
        .collect()
}

#[test]
fn every_kind_of_geometry_goes_there_and_back() {
    let plan = TransformPlan::new(&Crs::from_epsg(6316).unwrap()).unwrap();
    let (there, back) = (plan.from_wgs84().unwrap(), plan.to_wgs84().unwrap());
    for original in every_kind() {
        let mut geometry = original.clone();
        there.transform_geometry(&mut geometry).unwrap();
        let grid = numbers(&geometry);
        assert_eq!(grid.len(), numbers(&original).len());
        assert!(grid.iter().all(|number| *number > 4e6), "{geometry:?}");
        back.transform_geometry(&mut geometry).unwrap();
        for (got, wanted) in numbers(&geometry).iter().zip(numbers(&original)) {
            assert!((got - wanted).abs() < 2e-8, "{geometry:?} {original:?}");
        }
    }
}

#[test]
fn rectangles_and_triangles_become_polygons() {
    let rectangle = geo_types::Rect::new((22.0, 44.0), (22.1, 44.1));
    let triangle = geo_types::Triangle::new(
        (22.0, 44.0).into(),
        (22.1, 44.0).into(),
        (22.0, 44.1).into(),
    );
    let to_grid = Transformer::from_wgs84(&Crs::from_epsg(6316).unwrap()).unwrap();
    for (mut geometry, corners) in [(Geometry::from(rectangle), 5), (triangle.into(), 4)] {
        to_grid.transform_geometry(&mut geometry).unwrap();
        let Geometry::Polygon(polygon) = geometry else {
            panic!("{geometry:?}");
        };
        assert_eq!(polygon.exterior().0.len(), corners);
        assert!(polygon.exterior().is_closed());
    }
}

#[test]
fn a_bad_coordinate_anywhere_is_an_error() {
    let to_grid = Transformer::from_wgs84(&Crs::from_epsg(6316).unwrap()).unwrap();
    let mut line: Geometry<f64> = line_string![(x: 22.0, y: 44.0), (x: f64::NAN, y: 44.0)].into();
    assert!(to_grid.transform_geometry(&mut line).is_err());
    assert!(
        to_grid
            .transform_points(&mut [(22.0, 44.0), (22.0, f64::INFINITY)])
            .is_err()
    );
}

#[test]
fn points_are_transformed_as_one_by_one() {
    let to_grid = Transformer::from_wgs84(&Crs::from_epsg(32634).unwrap()).unwrap();
    let mut points = [(22.09591, 44.07488), (20.4573, 44.7872)];
    let wanted = points.map(|(lon, lat)| to_grid.transform(lon, lat).unwrap());
    to_grid.transform_points(&mut points).unwrap();
    assert_eq!(points, wanted);
}

#[test]
fn threads_share_a_plan_and_agree() {
    let plan = TransformPlan::new(&Crs::from_epsg(6316).unwrap()).unwrap();
    let transform = || {
        let places = (0..20).map(|_| {
            // Making and dropping PROJ's objects is what threads could disturb.
            let crs: Crs = "EPSG:6316".parse().unwrap();
            assert_eq!(crs.epsg(), Some(6316));
            plan.to_wgs84()
                .unwrap()
                .another()
                .unwrap()
                .transform(7_588_213.57, 4_881_734.64)
                .unwrap()
        });
        places.collect::<Vec<_>>()
    };
    let expected = transform()[0];
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(transform)).collect();
        for thread in threads {
            assert!(
                thread
                    .join()
                    .unwrap()
                    .iter()
                    .all(|place| *place == expected)
            );
        }
    });
}
