//! Records without codes that tell of one facility twice in the same file.

use std::collections::HashMap;

use domain::text::fold;
use store::matching::Codeless;

use super::SAME_PLACE_M;

/// So many records of a name are looked at beside each: more at one place are told all the same, since each is
/// near the next.
const MOST_COMPARED: usize = 100;

/// Each record that has the external id of another one, or its name and place, with the row of that one.
pub(super) fn told_twice(codeless: &[Codeless]) -> HashMap<i64, i64> {
    let mut twice = HashMap::new();
    for alike in groups(codeless, |one| one.external_id.clone()) {
        for pair in alike.windows(2) {
            tell(&mut twice, pair[0], pair[1]);
        }
    }
    for mut alike in groups(codeless, |one| one.name.as_deref().map(fold)) {
        alike.sort_by(|a, b| west(a).total_cmp(&west(b)));
        for (at, one) in alike.iter().enumerate() {
            let others = alike.iter().skip(at + 1).take(MOST_COMPARED);
            let same = |other: &&&Codeless| is_at_place(one, other) && !are_told_apart(one, other);
            for other in others.filter(same) {
                tell(&mut twice, one, other);
            }
        }
    }
    twice
}

fn tell(twice: &mut HashMap<i64, i64>, one: &Codeless, other: &Codeless) {
    twice.entry(one.row).or_insert(other.row);
    twice.entry(other.row).or_insert(one.row);
}

/// The records that share a key, where several do.
fn groups(
    codeless: &[Codeless],
    key: impl Fn(&Codeless) -> Option<String>,
) -> impl Iterator<Item = Vec<&Codeless>> {
    let mut groups: HashMap<String, Vec<&Codeless>> = HashMap::new();
    for one in codeless {
        if let Some(key) = key(one) {
            groups.entry(key).or_default().push(one);
        }
    }
    groups.into_values().filter(|alike| alike.len() > 1)
}

fn west(one: &Codeless) -> f64 {
    one.place.map_or(0.0, |(longitude, _)| longitude)
}

/// Whether their identifiers or municipalities say that they are two.
fn are_told_apart(one: &Codeless, other: &Codeless) -> bool {
    let differ = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
    differ(&one.external_id, &other.external_id) || differ(&one.municipality, &other.municipality)
}

/// Whether two are at the same place, or both nowhere.
fn is_at_place(one: &Codeless, other: &Codeless) -> bool {
    const METRES_PER_DEGREE: f64 = 111_195.0;
    match (one.place, other.place) {
        (Some((x, y)), Some((other_x, other_y))) => {
            let east = (other_x - x) * y.to_radians().cos();
            east.hypot(other_y - y) * METRES_PER_DEGREE <= SAME_PLACE_M
        }
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codeless(row: i64, id: &str, name: &str, place: Option<(f64, f64)>) -> Codeless {
        let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Codeless {
            row,
            municipality: None,
            district: None,
            external_id: known(id),
            name: known(name),
            place,
        }
    }

    #[test]
    fn one_facility_told_twice_is_seen() {
        let at = |metres_north: f64| Some((22.0, 44.0 + metres_north / 111_195.0));
        let all = [
            codeless(1, "A-1", "Прво", at(0.0)),
            codeless(2, "A-1", "Друго", at(9_000.0)),
            codeless(3, "", "Тест Ђурђево", at(0.0)),
            codeless(4, "", "Test Đurđevo", at(90.0)),
            codeless(5, "", "Тест Ђурђево", at(250.0)),
            codeless(6, "B-1", "Поље", None),
            codeless(7, "B-2", "Поље", None),
            codeless(8, "", "", at(0.0)),
            codeless(9, "", "", at(0.0)),
            codeless(10, "", "Копови", None),
            codeless(11, "", "Копови", None),
        ];
        let twice = told_twice(&all);
        let mut told: Vec<_> = twice.into_iter().collect();
        told.sort_unstable();
        assert_eq!(told, [(1, 2), (2, 1), (3, 4), (4, 3), (10, 11), (11, 10)]);
    }
}
