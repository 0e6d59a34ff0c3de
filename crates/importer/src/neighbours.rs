//! How records lie to each other and to the register, as findings.

use std::collections::HashMap;

use domain::Layer;
use domain::lang::Message;
use domain::message;
use domain::record::{Finding, Severity};
use store::neighbours::{Nearby, Neighbourhood, Relation};

/// So many neighbours of one record are named.
const MOST_NAMED: usize = 5;

/// What is worth a look, as warnings by the row of the record; the nearest relation first: the
/// largest overlap.
pub fn findings(found: Vec<Nearby>, layer: &Layer) -> HashMap<u64, Vec<Finding>> {
    let mut by_row: HashMap<u64, Vec<Nearby>> = HashMap::new();
    for nearby in found {
        by_row
            .entry(nearby.row.unsigned_abs())
            .or_default()
            .push(nearby);
    }
    let findings = by_row.into_iter().map(|(row, mut found)| {
        found.sort_by(|a, b| {
            weight(b)
                .total_cmp(&weight(a))
                .then_with(|| a.other.cmp(&b.other))
        });
        let named = found.iter().take(MOST_NAMED).map(words);
        let more = found.len().checked_sub(MOST_NAMED).filter(|more| *more > 0);
        let messages = named.chain(more.map(and_more));
        let of = |message| Finding::of(Severity::Warning, layer.geometry_column, message);
        (row, messages.map(of).collect())
    });
    findings.collect()
}

/// What to say of the whole file when not everything could be measured.
pub fn incomplete(neighbourhood: &Neighbourhood) -> Option<Message> {
    neighbourhood.is_incomplete.then(|| {
        message!(
            "границе у датотеци леже тако густо да преклапања нису проверена за све",
            "the outlines of the file lie so close together that overlaps were not checked for all \
             of them"
        )
    })
}

fn weight(nearby: &Nearby) -> f64 {
    match nearby.relation {
        Relation::Overlap { overlap_m2, .. } => overlap_m2,
        Relation::OutsideOutline { distance_m }
        | Relation::FarFromFacility { distance_m }
        | Relation::LeavesPoint { distance_m }
        | Relation::Moved { distance_m }
        | Relation::Shifted { distance_m } => distance_m,
        Relation::SameArea { .. } => f64::INFINITY,
    }
}

fn words(nearby: &Nearby) -> Message {
    let other = &nearby.other;
    match nearby.relation {
        Relation::Overlap {
            other_row,
            overlap_m2,
            share,
        } => {
            let Message { sr, en } = whose(other, other_row);
            let (area, percent) = (short(overlap_m2), short(share * 100.0));
            message!(
                "граница се преклапа са границом објекта {sr}: {area} m², што је {percent} % површине \
                 мањег од та два објекта; проверите која је тачна",
                "the outline overlaps that of {en} by {area} m², {percent} % of the smaller one; \
                 check which is right"
            )
        }
        Relation::OutsideOutline { distance_m } => {
            let distance = distance(distance_m);
            message!(
                "тачка је {distance} изван уписане границе објекта {other}; проверите обоје",
                "the point lies {distance} outside the registered outline of {other}; check both"
            )
        }
        Relation::FarFromFacility { distance_m } => {
            let distance = distance(distance_m);
            message!(
                "брана је {distance} далеко од објекта {other}, коме по запису припада; проверите \
                 шифру објекта и место",
                "the dam lies {distance} from facility {other}, to which it belongs by the record; \
                 check the facility's code and the place"
            )
        }
        Relation::LeavesPoint { distance_m } => {
            let distance = distance(distance_m);
            message!(
                "уписана тачка објекта {other} је {distance} изван ове границе и помериће се у њу; проверите \
                 обоје",
                "the registered point of {other} lies {distance} outside this outline and will move into it; \
                 check both"
            )
        }
        Relation::Moved { distance_m } => {
            let distance = distance(distance_m);
            message!(
                "лежи {distance} од места на ком је {other} уписан; проверите шифру и координате",
                "lies {distance} from where the register has {other}; check the code and the coordinates"
            )
        }
        Relation::Shifted { distance_m } => shifted(other, distance_m),
        Relation::SameArea { other_row } => same_area(other, other_row),
    }
}

fn shifted(code: &str, distance_m: f64) -> Message {
    let distance = distance(distance_m);
    message!(
        "средина ове површине је {distance} од средине уписане површине {code}; проверите шифру и координате",
        "the middle of this area lies {distance} from that of the registered area {code}; check the code and the \
         coordinates"
    )
}

fn same_area(code: &str, row: Option<i64>) -> Message {
    let Message { sr, en } = whose(code, row);
    message!(
        "иста површина је и {sr}; проверите која је од њих чија",
        "the area is also that of {en}; check which of them is whose"
    )
}

fn whose(code: &str, row: Option<i64>) -> Message {
    match row {
        Some(row) => message!(
            "{code} (ред {row} ове датотеке)",
            "{code} (row {row} of this file)"
        ),
        None => message!("{code} (у катастру)", "{code} (in the register)"),
    }
}

fn and_more(count: usize) -> Message {
    message!("и још {count} таквих", "and {count} more of the kind")
}

/// Two digits at least.
fn short(number: f64) -> String {
    if number >= 10.0 {
        format!("{number:.0}")
    } else {
        format!("{number:.1}")
    }
}

pub(crate) fn distance(metres: f64) -> String {
    if metres < 1_000.0 {
        format!("{metres:.0} m")
    } else {
        format!("{:.1} km", metres / 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::layers::{DAMS, FACILITIES, FACILITY_OUTLINES, MUNICIPALITIES};

    fn overlap(row: i64, other: &str, other_row: Option<i64>, overlap_m2: f64) -> Nearby {
        Nearby {
            row,
            other: other.to_owned(),
            relation: Relation::Overlap {
                other_row,
                overlap_m2,
                share: 0.25,
            },
        }
    }

    #[test]
    fn neighbours_are_named_with_measures() {
        let found = vec![
            overlap(2, "RS-70327-001", None, 12.25),
            overlap(2, "RS-70327-002", Some(5), 1_234.5),
        ];
        let findings = findings(found, &FACILITY_OUTLINES);
        let said: Vec<_> = findings[&2]
            .iter()
            .map(|one| one.message.en.as_str())
            .collect();
        assert_eq!(
            said,
            [
                "the outline overlaps that of RS-70327-002 (row 5 of this file) by 1234 m², 25 % of \
                 the smaller one; check which is right",
                "the outline overlaps that of RS-70327-001 (in the register) by 12 m², 25 % of the \
                 smaller one; check which is right",
            ]
        );
        let first = &findings[&2][0];
        assert_eq!(first.severity, Severity::Warning);
        assert_eq!(first.field.as_deref(), Some("outline"));
        assert!(first.message.sr.contains("(ред 5 ове датотеке): 1234 m²"));
    }

    #[test]
    fn of_many_neighbours_the_largest_are_named() {
        let many =
            (0..8).map(|number| overlap(1, &format!("RS-{number}"), None, f64::from(number)));
        let findings = findings(many.collect(), &FACILITY_OUTLINES);
        assert_eq!(findings[&1].len(), 6);
        assert!(findings[&1][0].message.en.contains("RS-7 "));
        assert_eq!(findings[&1][5].message.en, "and 3 more of the kind");
    }

    #[test]
    fn distances_are_told() {
        let far = |relation| Nearby {
            row: 1,
            other: "RS-70327-001".to_owned(),
            relation,
        };
        let point = far(Relation::OutsideOutline { distance_m: 350.4 });
        let dam = far(Relation::FarFromFacility {
            distance_m: 2_345.0,
        });
        let shifted = far(Relation::Shifted {
            distance_m: 5_012.0,
        });
        let same = far(Relation::SameArea { other_row: Some(3) });
        let said = |found, layer| findings(vec![found], layer)[&1][0].message.en.clone();
        assert!(said(point, &FACILITIES).starts_with("the point lies 350 m outside"));
        assert!(said(shifted, &MUNICIPALITIES).contains("lies 5.0 km from that of the registered"));
        assert!(
            said(same, &MUNICIPALITIES).contains("also that of RS-70327-001 (row 3 of this file)")
        );
        assert!(said(dam, &DAMS).starts_with("the dam lies 2.3 km from facility RS-70327-001"));
    }
}
