//! The map of a report: the records over the districts, drawn as SVG.

use std::fmt::Write as _;

use geo::{BoundingRect as _, Centroid as _, Simplify as _};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon, Rect, coord};
use geodesy::SERBIA;

use super::RecordVerdict;
use domain::lang::Text;

/// Size of the drawing, in its own units.
const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 560.0;
/// The least that the map shows of the country, degrees of latitude: 11 km.
const LEAST_SPAN: f64 = 0.1;
/// With more marks their names would cover each other.
const MOST_NAMED: usize = 15;
/// The length of a degree of latitude on a sphere of 6371 km, kilometres.
const DEGREE_KM: f64 = 111.195;

/// What is drawn, in the order of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A record of the file.
    Record(RecordVerdict),
    /// A registered facility that a record may be.
    Candidate,
    /// A line from a record to a candidate.
    Link,
}

impl Kind {
    /// The name of its style.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Record(verdict) => verdict.word(),
            Self::Candidate => "candidate",
            Self::Link => "link",
        }
    }

    /// For the legend.
    pub(super) const fn title(self) -> Text {
        match self {
            Self::Record(verdict) => verdict.title(),
            Self::Candidate => Text::new(
                "уписани објекат који би то могао да буде",
                "registered facility that it may be",
            ),
            Self::Link => Text::new(
                "од записа до таквог објекта",
                "from a record to such a facility",
            ),
        }
    }
}

/// A map with what its legend explains.
pub(super) struct Map {
    pub(super) svg: String,
    pub(super) kinds: Vec<Kind>,
}

/// Something to draw.
pub(super) struct Mark<'a> {
    pub(super) geometry: &'a Geometry<f64>,
    pub(super) kind: Kind,
    pub(super) label: String,
    /// What stands beside it where there is room.
    pub(super) name: String,
}

/// Draws the marks over the districts; `None` where no mark lies in Serbia. Longitudes are
/// shortened by the cosine of the latitude in the middle, so that shapes and distances are right.
pub(super) fn draw(marks: &[Mark<'_>], districts: &[MultiPolygon<f64>]) -> Option<Map> {
    let shown: Vec<_> = marks.iter().filter(|mark| is_near(mark)).collect();
    let bounds = shown
        .iter()
        .filter_map(|mark| mark.geometry.bounding_rect());
    let view = View::around(bounds.reduce(|all, one| {
        Rect::new(
            coord! { x: all.min().x.min(one.min().x), y: all.min().y.min(one.min().y) },
            coord! { x: all.max().x.max(one.max().x), y: all.max().y.max(one.max().y) },
        )
    })?);
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" \
         aria-labelledby=\"map\">"
    );
    for district in districts {
        let path = view.areas(&district.simplify(view.degree_of_unit()));
        put(
            &mut svg,
            format_args!("<path class=\"district\" d=\"{path}\"/>"),
        );
    }
    let mut kinds: Vec<Kind> = shown.iter().map(|mark| mark.kind).collect();
    let named = kinds.iter().filter(|kind| **kind != Kind::Link).count() <= MOST_NAMED;
    for mark in shown {
        view.draw(&mut svg, mark, named);
    }
    view.scale_bar(&mut svg);
    svg.push_str("</svg>");
    kinds.sort_unstable();
    kinds.dedup();
    Some(Map { svg, kinds })
}

fn is_near(mark: &Mark<'_>) -> bool {
    mark.geometry.bounding_rect().is_some_and(|rect| {
        (SERBIA.min_x..=SERBIA.max_x).contains(&rect.center().x)
            && (SERBIA.min_y..=SERBIA.max_y).contains(&rect.center().y)
    })
}

fn put(svg: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a text cannot fail.
    let _ = svg.write_fmt(text);
}

/// What part of the country is shown.
struct View {
    west: f64,
    north: f64,
    /// Drawing units per degree of latitude.
    scale: f64,
    /// Degrees of longitude are so much shorter.
    shortening: f64,
}

impl View {
    fn around(bounds: Rect<f64>) -> Self {
        let middle = bounds.center();
        let shortening = middle.y.to_radians().cos();
        let margin = 1.2;
        let wide = (bounds.width() * shortening * margin).max(LEAST_SPAN);
        let high = (bounds.height() * margin).max(LEAST_SPAN);
        let scale = (WIDTH / wide).min(HEIGHT / high);
        Self {
            west: middle.x - WIDTH / 2.0 / scale / shortening,
            north: middle.y + HEIGHT / 2.0 / scale,
            scale,
            shortening,
        }
    }

    fn degree_of_unit(&self) -> f64 {
        0.5 / self.scale
    }

    fn place(&self, at: Coord<f64>) -> (f64, f64) {
        let x = (at.x - self.west) * self.shortening * self.scale;
        (x, (self.north - at.y) * self.scale)
    }

    fn line(&self, line: &LineString<f64>) -> String {
        let mut path = String::new();
        for (at, coord) in line.coords().enumerate() {
            let (x, y) = self.place(*coord);
            let letter = if at == 0 { 'M' } else { 'L' };
            put(&mut path, format_args!("{letter}{x:.1} {y:.1}"));
        }
        path
    }

    fn area(&self, area: &Polygon<f64>) -> String {
        let rings = std::iter::once(area.exterior()).chain(area.interiors());
        rings.map(|ring| self.line(ring) + "Z").collect()
    }

    fn areas(&self, areas: &MultiPolygon<f64>) -> String {
        areas.iter().map(|area| self.area(area)).collect()
    }

    fn shape(&self, geometry: &Geometry<f64>) -> Option<String> {
        match geometry {
            Geometry::Polygon(area) => Some(self.area(area)),
            Geometry::MultiPolygon(areas) => Some(self.areas(areas)),
            Geometry::LineString(line) => Some(self.line(line)),
            Geometry::MultiLineString(lines) => {
                Some(lines.iter().map(|line| self.line(line)).collect())
            }
            _ => None,
        }
    }

    fn draw(&self, svg: &mut String, mark: &Mark<'_>, named: bool) {
        let (class, label) = (mark.kind.word(), escaped(&mark.label));
        put(
            svg,
            format_args!("<g class=\"{class}\"><title>{label}</title>"),
        );
        let simple = match mark.geometry {
            Geometry::MultiPolygon(areas) => areas.simplify(self.degree_of_unit()).into(),
            other => other.clone(),
        };
        let is_area = matches!(simple, Geometry::Polygon(_) | Geometry::MultiPolygon(_));
        if let Some(path) = self.shape(&simple) {
            let kind = if is_area { "area" } else { "line" };
            put(svg, format_args!("<path class=\"{kind}\" d=\"{path}\"/>"));
        }
        let centre = mark.geometry.centroid();
        if let Some(at) = centre.filter(|_| mark.kind != Kind::Link) {
            let (x, y) = self.place(at.0);
            put(
                svg,
                format_args!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"/>"),
            );
            if named {
                // A record often lies where a facility does.
                let aside = if mark.kind == Kind::Candidate {
                    -8.0
                } else {
                    8.0
                };
                let (x, name) = (x + aside, escaped(&mark.name));
                put(
                    svg,
                    format_args!("<text x=\"{x:.1}\" y=\"{y:.1}\">{name}</text>"),
                );
            }
        }
        svg.push_str("</g>");
    }

    /// A round length of about a fifth of the width.
    fn scale_bar(&self, svg: &mut String) {
        let unit_km = DEGREE_KM / self.scale;
        let about_km = WIDTH / 5.0 * unit_km;
        let power = 10f64.powf(about_km.log10().floor());
        let km = [5.0, 2.0, 1.0]
            .into_iter()
            .map(|step| step * power)
            .find(|km| *km <= about_km)
            .unwrap_or(power);
        let (length, y) = (km / unit_km, HEIGHT - 14.0);
        put(
            svg,
            format_args!(
                "<g class=\"scale\"><path d=\"M14 {0:.1}v6h{length:.1}v-6\"/>\
                 <text x=\"18\" y=\"{0:.1}\">{km} km</text></g>",
                y - 6.0
            ),
        );
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::Point;

    fn mark(geometry: &Geometry<f64>) -> Mark<'_> {
        Mark {
            geometry,
            kind: Kind::Record(RecordVerdict::New),
            label: "<b>&".to_owned(),
            name: "901".to_owned(),
        }
    }

    #[test]
    fn a_point_stands_in_the_middle_with_its_escaped_label() {
        let place = Point::new(22.1, 44.07).into();
        let svg = draw(&[mark(&place)], &[]).unwrap().svg;
        assert!(svg.contains("<circle cx=\"400.0\" cy=\"280.0\""), "{svg}");
        assert!(svg.contains("<title>&lt;b&gt;&amp;</title>"), "{svg}");
        // 560 units show 0.1 degree, 11.1 km; a fifth of 800 units is 3.2 km.
        assert!(svg.contains(">2 km<"), "{svg}");
    }

    #[test]
    fn what_lies_elsewhere_is_not_drawn() {
        let (paris, bor) = (
            Point::new(2.35, 48.86).into(),
            Point::new(22.1, 44.07).into(),
        );
        assert!(draw(&[mark(&paris)], &[]).is_none());
        let map = draw(&[mark(&paris), mark(&bor)], &[]).unwrap();
        assert_eq!(map.svg.matches("<circle").count(), 1);
        assert_eq!(map.kinds, [Kind::Record(RecordVerdict::New)]);
    }
}
