//! Outlines and crests in metres: slivers, sizes that no facility has, and areas that are not what
//! the record says.

use domain::lang::Message;
use domain::layers::{DAMS, FACILITY_OUTLINES};
use domain::message;
use domain::quantity::LandSquareMetres;
use domain::record::{Finding, Record, Severity};
use geo::{BoundingRect, GeodesicArea};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};

use super::shapes::about_geometry;
use super::validity::rings;

/// A part or hole smaller than this, or on average narrower than the next, is probably a slip.
const LEAST_AREA_M2: f64 = 1.0;
const LEAST_WIDTH_M: f64 = 0.5;
/// An area may differ from the recorded one by so much of its own.
const MOST_DIFFERENCE: f64 = 0.05;
/// The largest spoil tips and ash ponds of Serbia, at Lazarevac, Kostolac and Obrenovac, are a few
/// kilometres across, and a crest around one of them has about ten: what is beyond this is more
/// likely a vertex at a wrong place, or several facilities drawn as one.
const LARGEST_M: f64 = 15_000.0;

/// What the size of a record's geometry, in longitude and latitude, gives to look at.
pub(crate) fn findings(record: &Record) -> Vec<Finding> {
    match &record.geometry {
        Some(Geometry::MultiPolygon(areas)) => of_areas(record, areas),
        Some(Geometry::LineString(crest)) if record.layer.id == DAMS.id => {
            let plane = crest.0.first().map(|at| Plane::at(*at));
            let long = plane.and_then(|plane| long_crest(plane.length_m(crest)));
            long.into_iter()
                .map(|message| about_geometry(record.layer, Severity::Warning, message))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn of_areas(record: &Record, areas: &MultiPolygon<f64>) -> Vec<Finding> {
    let first = areas.0.first().and_then(|part| part.exterior().0.first());
    let Some(plane) = first.map(|at| Plane::at(*at)) else {
        return Vec::new();
    };
    let is_facility = record.layer.id == FACILITY_OUTLINES.id;
    let of_shape = [
        slivers(areas, &plane),
        thin_rims(areas, &plane),
        wide_outline(areas, &plane).filter(|_| is_facility),
    ];
    let of_shape = of_shape.into_iter().flatten();
    let of_shape = of_shape.map(|message| about_geometry(record.layer, Severity::Warning, message));
    let declared = record
        .typed::<LandSquareMetres>("area_m2")
        .map(LandSquareMetres::get);
    let other = declared
        .and_then(|declared| other_area(areas, &plane, declared))
        .map(|message| Finding::of(Severity::Warning, "area_m2", message));
    of_shape.chain(other).collect()
}

/// A plane that is true to scale at one place; ten kilometres from it areas are right to a
/// thousandth.
struct Plane {
    origin: Coord<f64>,
    /// Metres per degree of longitude and of latitude.
    metres: Coord<f64>,
}

/// A ring in the plane.
#[derive(Clone, Copy)]
struct Size {
    area_m2: f64,
    perimeter_m: f64,
}

impl Plane {
    fn at(origin: Coord<f64>) -> Self {
        /// WGS 84: semi-major axis, metres, and the square of the first eccentricity.
        const A: f64 = 6_378_137.0;
        const E2: f64 = 0.006_694_379_990_14;
        let (sin, cos) = origin.y.to_radians().sin_cos();
        let w = (1.0 - E2 * sin * sin).sqrt();
        let (across, along) = (A / w, A * (1.0 - E2) / (w * w * w));
        let metres = Coord {
            x: (across * cos).to_radians(),
            y: along.to_radians(),
        };
        Self { origin, metres }
    }

    fn size(&self, ring: &LineString<f64>) -> Size {
        let mut twice = 0.0;
        for side in ring.lines() {
            let (a, b) = (self.place(side.start), self.place(side.end));
            twice += a.x * b.y - b.x * a.y;
        }
        Size {
            area_m2: (twice / 2.0).abs(),
            perimeter_m: self.length_m(ring),
        }
    }

    fn length_m(&self, line: &LineString<f64>) -> f64 {
        let lengths = line.lines().map(|side| {
            let along = self.place(side.end) - self.place(side.start);
            (along.x * along.x + along.y * along.y).sqrt()
        });
        lengths.sum()
    }

    fn place(&self, at: Coord<f64>) -> Coord<f64> {
        Coord {
            x: (at.x - self.origin.x) * self.metres.x,
            y: (at.y - self.origin.y) * self.metres.y,
        }
    }

    /// What the holes leave of a part; all rings bound it.
    fn rim(&self, part: &Polygon<f64>) -> Size {
        let shell = self.size(part.exterior());
        let holes = part.interiors().iter().map(|hole| self.size(hole));
        holes.fold(shell, |rim, hole| Size {
            area_m2: rim.area_m2 - hole.area_m2,
            perimeter_m: rim.perimeter_m + hole.perimeter_m,
        })
    }
}

impl Size {
    /// The width of a long rectangle, half the side of a square.
    fn width_m(self) -> f64 {
        2.0 * self.area_m2 / self.perimeter_m
    }

    /// 1 for a circle, near 0 for a thread (Polsby and Popper 1991).
    fn roundness(self) -> f64 {
        4.0 * std::f64::consts::PI * self.area_m2 / (self.perimeter_m * self.perimeter_m)
    }

    fn is_sliver(self) -> bool {
        self.area_m2 < LEAST_AREA_M2 || self.width_m() < LEAST_WIDTH_M
    }
}

fn slivers(areas: &MultiPolygon<f64>, plane: &Plane) -> Option<Message> {
    let mut found = rings(areas)
        .map(|ring| (ring, plane.size(ring)))
        .filter(|(_, size)| size.is_sliver());
    let (ring, size) = found.next()?;
    let count = 1 + found.count();
    let at = ring.0.first()?;
    let (lon, lat) = (format!("{:.7}", at.x), format!("{:.7}", at.y));
    let (area, width) = (metres(size.area_m2), metres(size.width_m()));
    let roundness = format!("{:.4}", size.roundness());
    Some(message!(
        "граница има делове или рупе мање од 1 m² или уже од 0,5 m: {count}; први, код географске \
         дужине {lon}, ширине {lat}, има {area} m² и ширину {width} m (заобљеност {roundness}); \
         обришите га ако је настао грешком (у QGIS-у: Delete Part, Delete Ring)",
        "the outline has parts or holes under 1 m² or narrower than 0.5 m: {count}; the first, at \
         longitude {lon}, latitude {lat}, has {area} m² and a width of {width} m (roundness \
         {roundness}); delete it if it is a slip (in QGIS: Delete Part, Delete Ring)"
    ))
}

/// Parts of which their holes leave next to nothing.
fn thin_rims(areas: &MultiPolygon<f64>, plane: &Plane) -> Option<Message> {
    let with_holes = areas.iter().filter(|part| !part.interiors().is_empty());
    let mut found = with_holes
        .map(|part| (part, plane.rim(part)))
        .filter(|(_, rim)| rim.is_sliver());
    let (part, rim) = found.next()?;
    let count = 1 + found.count();
    let at = part.exterior().0.first()?;
    let (lon, lat) = (format!("{:.7}", at.x), format!("{:.7}", at.y));
    let (area, width) = (metres(rim.area_m2), metres(rim.width_m()));
    Some(message!(
        "рупе остављају од делова границе само руб мањи од 1 m² или ужи од 0,5 m: {count}; први, код \
         географске дужине {lon}, ширине {lat}, има {area} m² и ширину {width} m; обришите рупу ако је \
         граница уцртана двапут (у QGIS-у: Delete Ring)",
        "holes leave only a rim of parts of the outline, under 1 m² or narrower than 0.5 m: {count}; \
         the first, at longitude {lon}, latitude {lat}, has {area} m² and a width of {width} m; delete \
         the hole if the outline was drawn twice (in QGIS: Delete Ring)"
    ))
}

/// An outline larger than that of any facility.
fn wide_outline(areas: &MultiPolygon<f64>, plane: &Plane) -> Option<Message> {
    let around = areas.bounding_rect()?;
    let across = plane.place(around.max()) - plane.place(around.min());
    let (east, north) = (kilometres(across.x), kilometres(across.y));
    let most = kilometres(LARGEST_M);
    (across.x.max(across.y) > LARGEST_M).then(|| {
        message!(
            "граница се простире {east} km од запада ка истоку и {north} km од југа ка северу, више од \
             {most} km; проверите да ли је неко теме на погрешном месту или је више објеката уцртано као \
             један",
            "the outline is {east} km from west to east and {north} km from south to north, more than \
             {most} km; check whether a vertex is at a wrong place or several facilities are drawn as \
             one"
        )
    })
}

/// A crest longer than that of any dam.
fn long_crest(length_m: f64) -> Option<Message> {
    let (length, most) = (kilometres(length_m), kilometres(LARGEST_M));
    (length_m > LARGEST_M).then(|| {
        message!(
            "круна бране је дуга {length} km, више од {most} km; проверите да ли је неко теме на погрешном \
             месту",
            "the crest of the dam is {length} km long, more than {most} km; check whether a vertex is at \
             a wrong place"
        )
    })
}

fn kilometres(length_m: f64) -> String {
    format!("{:.1}", length_m / 1_000.0)
}

/// Whether the area of an outline is another than the record says. The ellipsoid is asked only
/// where the plane leaves a doubt.
fn other_area(areas: &MultiPolygon<f64>, plane: &Plane, declared: f64) -> Option<Message> {
    const CLEARLY_EQUAL: f64 = MOST_DIFFERENCE * 0.9;
    let about: f64 = areas.iter().map(|part| plane.rim(part).area_m2).sum();
    if differs(declared, about, CLEARLY_EQUAL) {
        let exact = areas.geodesic_area_unsigned();
        if differs(declared, exact, MOST_DIFFERENCE) {
            return Some(not_the_area(declared, exact));
        }
    }
    None
}

fn differs(declared: f64, actual: f64, by: f64) -> bool {
    (declared - actual).abs() > by * actual
}

fn not_the_area(declared: f64, actual: f64) -> Message {
    let other_unit = [
        (100.0, "ари", "ares"),
        (1e4, "хектари", "hectares"),
        (1e6, "квадратни километри", "square kilometres"),
    ];
    let unit = other_unit
        .into_iter()
        .find(|(size, ..)| !differs(declared * size, actual, MOST_DIFFERENCE));
    let percent = format!("{:+.1}", (declared - actual) / actual * 100.0);
    let (declared, actual) = (metres(declared), metres(actual));
    if let Some((_, sr, en)) = unit {
        return message!(
            "површина у запису је {declared} m², а граница обухвата {actual} m²; изгледа да су то \
             {sr}: упишите је у m²",
            "the recorded area is {declared} m², but the outline has {actual} m²; it looks like \
             {en}: write it in m²"
        );
    }
    message!(
        "површина у запису је {declared} m², а граница обухвата {actual} m² ({percent} %); исправите \
         једно од та два",
        "the recorded area is {declared} m², but the outline has {actual} m² ({percent} %); correct \
         one of them"
    )
}

/// Whole numbers from ten on, else three digits.
fn metres(number: f64) -> String {
    if number >= 10.0 {
        format!("{number:.0}")
    } else {
        format!("{number:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::value::Value;
    use geo_types::polygon;

    /// Metres per degree at 44° N on WGS 84, π/180 · N cos φ and π/180 · M.
    const DEGREE_M: (f64, f64) = (80_206.193, 111_112.242);

    fn square(east: f64, side: f64, tall: f64) -> Polygon<f64> {
        let at = |x: f64, y: f64| (22.0 + x / DEGREE_M.0, 44.0 + y / DEGREE_M.1);
        let ((west, south), (east, north)) = (at(east, 0.0), at(east + side, tall));
        polygon![(x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north)]
    }

    fn said(parts: Vec<Polygon<f64>>, area_m2: Option<f64>) -> Vec<String> {
        let mut record = Record::new(&FACILITY_OUTLINES);
        record.geometry = Some(MultiPolygon::new(parts).into());
        record.set("area_m2", area_m2.map_or(Value::Unknown, Value::Number));
        let said = findings(&record);
        assert!(said.iter().all(|one| one.severity == Severity::Warning));
        said.into_iter().map(|one| one.message.en).collect()
    }

    #[test]
    fn areas_near_the_recorded_one_pass() {
        for area_m2 in [None, Some(10_000.0), Some(10_450.0), Some(9_550.0)] {
            assert_eq!(said(vec![square(0.0, 100.0, 100.0)], area_m2), [""; 0]);
        }
    }

    #[test]
    fn other_areas_are_told_with_the_unit_that_they_may_be_in() {
        for (area_m2, start) in [
            (
                10_600.0,
                "the recorded area is 10600 m², but the outline has 10000 m² (+6.0 %); ",
            ),
            (
                9_400.0,
                "the recorded area is 9400 m², but the outline has 10000 m² (-6.0 %); ",
            ),
            (
                1.0,
                "the recorded area is 1.000 m², but the outline has 10000 m²; it looks like hectares",
            ),
            (
                100.0,
                "the recorded area is 100 m², but the outline has 10000 m²; it looks like ares",
            ),
        ] {
            let said = said(vec![square(0.0, 100.0, 100.0)], Some(area_m2));
            assert!(said.len() == 1 && said[0].starts_with(start), "{said:?}");
        }
    }

    #[test]
    fn what_holes_leave_is_told_where_it_is_next_to_nothing() {
        let framed = |hole: &Polygon<f64>| {
            Polygon::new(
                square(0.0, 100.0, 100.0).exterior().clone(),
                vec![hole.exterior().clone()],
            )
        };
        assert_eq!(said(vec![framed(&square(2.0, 96.0, 96.0))], None), [""; 0]);
        // 100² - 99.6² = 79.84 m²; 2 · 79.84 / (400 + 398.4) = 0.2 m.
        let rim = said(vec![framed(&square(0.2, 99.6, 99.6))], None);
        assert!(
            rim.len() == 1 && rim[0].contains("has 80 m² and a width of 0.200 m"),
            "{rim:?}"
        );
    }

    #[test]
    fn sizes_that_no_facility_has_are_told() {
        assert_eq!(said(vec![square(0.0, 14_000.0, 14_000.0)], None), [""; 0]);
        let wide = said(vec![square(0.0, 60_000.0, 2_000.0)], None);
        assert!(
            wide.len() == 1
                && wide[0].starts_with("the outline is 60.0 km from west to east and 2.0 km"),
            "{wide:?}"
        );
        let crest = |length: f64| {
            let mut record = Record::new(&DAMS);
            let ends = vec![(22.0, 44.0), (22.0 + length / DEGREE_M.0, 44.0)];
            record.geometry = Some(LineString::from(ends).into());
            findings(&record)
        };
        assert_eq!(crest(14_000.0), []);
        let long = crest(25_000.0);
        assert!(
            long.len() == 1
                && long[0]
                    .message
                    .en
                    .starts_with("the crest of the dam is 25.0 km long"),
            "{long:?}"
        );
    }

    #[test]
    fn slivers_are_told_with_their_size() {
        let area = || square(0.0, 100.0, 100.0);
        assert_eq!(said(vec![area(), square(200.0, 1.2, 1.2)], None), [""; 0]);
        // 2 · 0.81 / 3.6 = 0.45 m; 4π · 0.81 / 3.6² = 0.7854.
        let small = said(vec![area(), square(200.0, 0.9, 0.9)], None);
        assert!(
            small[0].contains("has 0.810 m² and a width of 0.450 m (roundness 0.7854)"),
            "{small:?}"
        );
        // A strip of 20 m · 0.4 m: 2 · 8 / 40.8 = 0.392 m.
        let thin = said(vec![area(), square(200.0, 0.4, 20.0)], None);
        assert!(
            thin[0].contains("has 8.000 m² and a width of 0.392 m"),
            "{thin:?}"
        );
    }
}
