//! Where Serbia lies, finer than by its bounds.

/// The borders of Serbia pushed out by 12 km and simplified to 4 km, in degrees of longitude and
/// latitude WGS 84: the ring without its closing corner.
///
/// Made of `data/districts.geojson` by `ST_Union`, `ST_Buffer` and `ST_Simplify` in EPSG:32634. It
/// tells readings of numbers apart and decides about no record.
const OUTLINE: [(f64, f64); 59] = [
    (18.72, 45.89),
    (18.78, 46.0),
    (19.0, 46.11),
    (19.19, 46.1),
    (19.47, 46.26),
    (20.25, 46.24),
    (20.91, 45.82),
    (20.98, 45.49),
    (21.61, 45.21),
    (21.65, 45.11),
    (21.58, 45.03),
    (21.75, 44.79),
    (21.92, 44.8),
    (22.15, 44.69),
    (22.23, 44.77),
    (22.49, 44.84),
    (22.87, 44.66),
    (22.87, 44.49),
    (22.65, 44.44),
    (22.82, 44.35),
    (22.83, 44.18),
    (22.51, 43.82),
    (22.64, 43.55),
    (23.09, 43.27),
    (23.13, 43.15),
    (22.84, 42.82),
    (22.6, 42.77),
    (22.58, 42.62),
    (22.68, 42.46),
    (22.54, 42.26),
    (21.51, 42.13),
    (21.32, 41.98),
    (21.1, 42.06),
    (20.89, 42.0),
    (20.88, 41.86),
    (20.76, 41.75),
    (20.47, 41.79),
    (20.38, 42.15),
    (20.11, 42.27),
    (19.92, 42.54),
    (19.91, 42.81),
    (20.09, 42.87),
    (19.49, 43.11),
    (19.04, 43.44),
    (19.12, 43.63),
    (19.34, 43.7),
    (19.08, 43.95),
    (19.11, 44.04),
    (19.26, 44.12),
    (19.04, 44.22),
    (18.96, 44.36),
    (18.98, 44.53),
    (19.19, 44.8),
    (18.96, 44.77),
    (18.86, 44.84),
    (18.94, 45.02),
    (18.89, 45.13),
    (18.99, 45.25),
    (18.85, 45.33),
];

/// Whether a place lies in Serbia or a few kilometres beyond its border; longitude and latitude in
/// degrees. Even-odd rule: a ray to the east crosses the border an odd number of times.
pub(crate) fn contains((lon, lat): (f64, f64)) -> bool {
    let next = OUTLINE.iter().cycle().skip(1);
    let crossings = OUTLINE.iter().zip(next).filter(|(a, b)| {
        let spans = (a.1 > lat) != (b.1 > lat);
        spans && lon < a.0 + (lat - a.1) / (b.1 - a.1) * (b.0 - a.0)
    });
    crossings.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn places_inside_and_outside_are_told_apart() {
        for (name, place, inside) in [
            ("Bor", (22.0959, 44.0749), true),
            ("Beograd", (20.4573, 44.7872), true),
            ("Subotica", (19.6656, 46.1005), true),
            ("Preševo", (21.6500, 42.3092), true),
            ("Prizren", (20.7397, 42.2139), true),
            ("Dimitrovgrad", (22.7791, 43.0153), true),
            ("Bijeljina", (19.2144, 44.7569), true),
            ("Tuzla", (18.6735, 44.5384), false),
            ("Vlasenica", (18.9408, 44.1819), false),
            ("Timișoara", (21.2087, 45.7489), false),
            ("Sofija", (23.3219, 42.6977), false),
            ("Skoplje", (21.4316, 41.9965), false),
            ("null island", (0.0, 0.0), false),
        ] {
            assert_eq!(contains(place), inside, "{name}");
        }
    }
}
