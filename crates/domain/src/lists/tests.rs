use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::code_list::{CodeList, Coded, Entry};
use crate::lang::Lang;
use crate::layer::Field;
use crate::layers::LAYERS;
use crate::text::{fold, is_cyrillic};
use crate::value::{FieldType, FieldValue, Value, ValueError};

/// The lists of all fields of all layers, each once.
static LISTS: LazyLock<Vec<&CodeList>> = LazyLock::new(|| {
    let mut lists: Vec<&CodeList> = LAYERS
        .iter()
        .flat_map(|layer| layer.fields)
        .filter_map(Field::code_list)
        .collect();
    lists.sort_by_key(|list| list.id);
    lists.dedup_by(|one, other| std::ptr::eq(*one, *other));
    lists
});

fn is_snake_case(id: &str) -> bool {
    !id.is_empty()
        && id
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[test]
fn ids_and_codes_are_unique_words() {
    let ids: BTreeSet<_> = LISTS.iter().map(|list| list.id).collect();
    assert_eq!(ids.len(), LISTS.len());
    for list in LISTS.iter() {
        let codes: BTreeSet<_> = list.entries.iter().map(|entry| entry.code).collect();
        assert_eq!(codes.len(), list.entries.len(), "{}", list.id);
        assert!(is_snake_case(list.id), "{}", list.id);
        for code in codes {
            assert!(is_snake_case(code), "{} {code}", list.id);
            assert_eq!(list.find(code).map(|entry| entry.code), Some(code));
        }
    }
}

#[test]
fn labels_stand_in_both_scripts_and_differ_within_a_list() {
    for list in LISTS.iter() {
        for lang in Lang::ALL {
            let labels: BTreeSet<_> = list.entries.iter().map(|one| one.label.get(lang)).collect();
            assert_eq!(labels.len(), list.entries.len(), "{} {lang}", list.id);
        }
        for text in list
            .entries
            .iter()
            .map(|entry| entry.label)
            .chain([list.title])
        {
            assert!(is_cyrillic(text.sr), "{} {text:?}", list.id);
            assert!(
                !is_cyrillic(&text.get(Lang::SrLatn)),
                "{} {text:?}",
                list.id
            );
            assert!(
                !text.en.is_empty() && text.en.is_ascii(),
                "{} {text:?}",
                list.id
            );
        }
    }
}

/// Every word by which a file may name an entry names one only.
#[test]
fn synonyms_are_folded_and_name_one_entry() {
    for list in LISTS.iter() {
        let mut owners = std::collections::BTreeMap::new();
        for entry in list.entries {
            assert!(
                entry.synonyms.iter().all(|word| fold(word) == **word),
                "{entry:?}"
            );
            let named = [entry.code, entry.label.sr, entry.label.en];
            let words = named.into_iter().chain(entry.synonyms.iter().copied());
            for word in words.map(fold).collect::<BTreeSet<_>>() {
                let owner = owners.insert(word.clone(), entry.code);
                // One label for two codes of the decision is its own wording.
                let twice = owner.is_some() && list.id != "waste_code";
                assert!(
                    !twice,
                    "{}: {word} names {owner:?} and {}",
                    list.id, entry.code
                );
            }
        }
    }
}

/// Words that say too little are no synonyms, and leave entries of the list open.
#[test]
fn vague_words_are_folded_and_name_no_entry() {
    for list in LISTS.iter() {
        for vague in list.vague {
            for code in vague.among {
                assert!(list.find(code).is_some(), "{}: {code}", list.id);
            }
            for word in vague.words {
                assert_eq!(fold(word), *word, "{}", list.id);
                let named = |entry: &&Entry| entry.synonyms.contains(word);
                assert!(!list.entries.iter().any(|one| named(&one)), "{word}");
                assert_eq!(list.may_mean(word).len(), vague.among.len(), "{word}");
            }
        }
    }
    let methods = ObservationMethod::LIST;
    assert_eq!(methods.may_mean("gps")[0].code, "gnss_rtk");
    assert!(methods.may_mean("rtk").is_empty());
}

#[test]
fn uris_are_absolute() {
    let uris = LISTS
        .iter()
        .flat_map(|list| list.entries)
        .filter_map(|entry| entry.uri);
    for uri in uris {
        let rest = uri.strip_prefix("http://").expect(uri);
        let (host, path) = rest.split_once('/').expect(uri);
        assert!(
            host.contains('.') && !path.is_empty() && !path.ends_with('/'),
            "{uri}"
        );
        assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()), "{uri}");
    }
}

/// Terms of the CGI vocabularies as published (CGI-IUGS/cgi-vocabs, 7726bab).
#[test]
fn codes_carry_the_uris_of_the_cgi_vocabularies() {
    const CGI: &str = "http://resource.geosciml.org/classifier/cgi/";
    for (entry, term) in [
        (Commodity::Copper.entry(), Some("commodity-code/copper")),
        (Commodity::Barite.entry(), Some("commodity-code/baryte")),
        (
            Commodity::Phosphate.entry(),
            Some("commodity-code/phosphate-rock"),
        ),
        (Commodity::CokingCoal.entry(), None),
        (
            FacilityStatus::CareAndMaintenance.entry(),
            Some("mine-status/care-and-maintenance"),
        ),
        (FacilityStatus::Reclaimed.entry(), None),
        (WasteStorage::Covered.entry(), Some("waste-storage/covered")),
        (FacilityType::TailingsPond.entry(), None),
        (
            IncidentKind::DamFailure.entry(),
            Some("environmental-impact/dam-failure"),
        ),
        (IncidentKind::Overtopping.entry(), None),
    ] {
        let uri = term.map(|term| format!("{CGI}{term}"));
        assert_eq!(entry.uri, uri.as_deref(), "{}", entry.code);
    }
}

fn assert_round_trips<T>()
where
    T: Coded + FieldValue + PartialEq + std::fmt::Debug + std::fmt::Display,
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    assert_eq!(T::ALL.len(), T::LIST.entries.len());
    for (code, entry) in T::ALL.iter().copied().zip(T::LIST.entries) {
        assert_eq!(code.code(), entry.code);
        assert_eq!(T::parse(&format!(" {code} ")), Ok(code));
        assert_eq!(T::from_value(&code.into_value()), Ok(code));
        let json = serde_json::to_value(code).expect("a text");
        assert_eq!(json, entry.code);
        assert_eq!(serde_json::from_value::<T>(json).ok(), Some(code));
    }
    let unknown = T::parse("no such code");
    assert!(matches!(unknown, Err(ValueError::UnknownCode { list, .. }) if list == T::LIST.id));
    assert!(matches!(T::TYPE, FieldType::Code(list) if list.id == T::LIST.id));
}

#[test]
fn codes_round_trip() {
    assert_round_trips::<Commodity>();
    assert_round_trips::<FacilityStatus>();
    assert_round_trips::<FacilityType>();
    assert_round_trips::<IncidentKind>();
    assert_round_trips::<IucnCategory>();
    assert_round_trips::<MunicipalityKind>();
    assert_round_trips::<ObservationMethod>();
    assert_round_trips::<ProtectedAreaKind>();
    assert_round_trips::<ProtectionCategory>();
    assert_round_trips::<RaisingMethod>();
    assert_round_trips::<SettlementKind>();
    assert_round_trips::<WasteCode>();
    assert_round_trips::<WasteStorage>();
    assert_round_trips::<WaterOrder>();
    assert_round_trips::<WaterPersistence>();
    assert_round_trips::<WatercourseKind>();
}

#[test]
fn several_codes_are_one_value() {
    let codes = Vec::<Commodity>::parse("copper; gold,silver;").expect("codes");
    assert_eq!(
        codes,
        [Commodity::Copper, Commodity::Gold, Commodity::Silver]
    );
    let value = codes.clone().into_value();
    assert_eq!(value.to_string(), "copper;gold;silver");
    assert_eq!(Vec::<Commodity>::from_value(&value), Ok(codes));
    assert_eq!(Vec::<Commodity>::new().into_value(), Value::Unknown);
}

#[test]
fn waste_codes_are_read_as_files_write_them() {
    for text in [
        "01 03 04*",
        "010304*",
        "010304",
        "10304",
        " 01 03 04 ",
        "01\u{A0}03\u{A0}04 *",
        "01.03.04",
        "01-03-04*",
        "01 03 04* – кисела јаловина",
        "010304 (kisela jalovina)",
        "1 03 04",
        "0103 04",
        "01 0304*",
        "103 04",
        "W01 03 04",
        "EWC 01 03 04*",
        "LoW: 010304",
        "инд. бр. 01 03 04",
        "šifra 01 03 04* – kisela jalovina",
    ] {
        assert_eq!(text.parse(), Ok(WasteCode::W010304), "{text}");
    }
    assert_eq!("10 01 02".parse(), Ok(WasteCode::W100102));
    assert_eq!("60904".parse(), Ok(WasteCode::W060904));
    for text in [
        "",
        "*",
        "01 03",
        "010311",
        "0010304",
        "010304**",
        "01 03 06*",
        "103O4",
        "010304a",
        "0.10304",
        "0 10304",
        "010 304",
        "01 03 0 4",
        "EWC",
        "R01 03 04",
    ] {
        assert!(text.parse::<WasteCode>().is_err(), "{text}");
    }
}

#[test]
fn an_asterisk_that_the_list_does_not_have_is_told_apart() {
    let error = "01 03 06*".parse::<WasteCode>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "`01 03 06*` has an asterisk, but the list has 01 03 06 without one, as not hazardous; \
         correct the code or leave the asterisk out (its hazardous twins: 01 03 04*, 01 03 05*)"
    );
    assert!(
        error
            .message()
            .sr
            .ends_with("(опасни парњаци: 01 03 04*, 01 03 05*)")
    );
}

/// Decision 2000/532/EC as amended by 2014/955/EU, chapter 01, and the codes of other chapters.
#[test]
fn waste_codes_are_those_of_the_decision() {
    let printed = [
        "01 01 01",
        "01 01 02",
        "01 03 04*",
        "01 03 05*",
        "01 03 06",
        "01 03 07*",
        "01 03 08",
        "01 03 09",
        "01 03 10*",
        "01 03 99",
        "01 04 07*",
        "01 04 08",
        "01 04 09",
        "01 04 10",
        "01 04 11",
        "01 04 12",
        "01 04 13",
        "01 04 99",
        "01 05 04",
        "01 05 05*",
        "01 05 06*",
        "01 05 07",
        "01 05 08",
        "01 05 99",
        "06 09 04",
        "10 01 01",
        "10 01 02",
        "10 04 01*",
        "10 05 01",
        "10 06 01",
        "11 02 02*",
    ];
    let ours: Vec<String> = WasteCode::ALL.iter().map(|code| code.printed()).collect();
    assert_eq!(ours, printed);
}

/// Regulation (EU) 2024/1252, Annex II: 34 materials, with the members that it counts as one.
#[rustfmt::skip]
const CRITICAL: [&[&str]; 34] = [
    &["antimony"], &["arsenic"], &["aluminium", "alumina", "bauxite"], &["barite"],
    &["beryllium"], &["bismuth"], &["boron", "borate"], &["cobalt"], &["coking_coal"], &["copper"],
    &["feldspar"], &["fluorspar"], &["gallium"], &["germanium"], &["hafnium"], &["helium"],
    &["heavy_rare_earths", "dysprosium", "erbium", "europium", "gadolinium", "holmium",
      "lutetium", "terbium", "thulium", "ytterbium", "yttrium"],
    &["light_rare_earths", "rare_earths", "cerium", "lanthanum", "neodymium", "praseodymium",
      "samarium"],
    &["lithium"], &["magnesium"], &["manganese"], &["graphite"], &["nickel"], &["niobium"],
    &["phosphate"], &["phosphorus"],
    &["platinum_group", "iridium", "osmium", "palladium", "platinum", "rhodium", "ruthenium"],
    &["scandium"], &["silicon"], &["strontium"], &["tantalum"], &["titanium"], &["tungsten"],
    &["vanadium"],
];

/// Regulation (EU) 2024/1252, Annex I: 17 materials.
#[rustfmt::skip]
const STRATEGIC: [&[&str]; 17] = [
    &["aluminium", "alumina", "bauxite"], &["bismuth"], &["boron"], &["cobalt"], &["copper"],
    &["gallium"], &["germanium"], &["lithium"], &["magnesium"], &["manganese"], &["graphite"],
    &["nickel"],
    &["platinum_group", "iridium", "osmium", "palladium", "platinum", "rhodium", "ruthenium"],
    &["rare_earths", "light_rare_earths", "heavy_rare_earths", "neodymium", "praseodymium",
      "terbium", "dysprosium", "gadolinium", "samarium", "cerium"],
    &["silicon"], &["titanium"], &["tungsten"],
];

fn codes_where(chosen: impl Fn(Commodity) -> bool) -> BTreeSet<&'static str> {
    Commodity::ALL
        .iter()
        .copied()
        .filter(|one| chosen(*one))
        .map(Coded::code)
        .collect()
}

#[test]
fn critical_and_strategic_materials_are_those_of_the_regulation() {
    let critical = CRITICAL
        .iter()
        .flat_map(|one| one.iter().copied())
        .collect();
    assert_eq!(codes_where(Commodity::critical), critical);
    let strategic = STRATEGIC
        .iter()
        .flat_map(|one| one.iter().copied())
        .collect();
    assert_eq!(codes_where(Commodity::strategic), strategic);
}

proptest! {
    #[test]
    fn a_printed_waste_code_reads_back(at in 0..WasteCode::ALL.len()) {
        let code = WasteCode::ALL[at];
        prop_assert_eq!(code.printed().parse(), Ok(code));
        prop_assert_eq!(code.printed().replace(' ', "").parse(), Ok(code));
        let number: u32 = code.code().parse().expect("digits");
        prop_assert_eq!(number.to_string().parse(), Ok(code));
    }
}
