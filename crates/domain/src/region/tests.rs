use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// A wrong control digit, with the digit that the published rule gives.
fn wrong_digit(value: &str, expected: u32) -> ValueError {
    ValueError::ControlDigit {
        value: value.to_owned(),
        expected,
    }
}

fn is_not_a<T>(result: &Result<T, ValueError>) -> bool {
    matches!(result, Err(ValueError::NotA { .. }))
}

#[test]
fn municipality_numbers_end_in_their_control_digit() {
    for (text, read) in [
        ("70327", Ok("70327")),
        (" 70327\t", Ok("70327")),
        // 7023: 7·5 + 0·4 + 2·3 + 3·2 = 47, remainder 3, digit 8.
        ("70238", Ok("70238")),
        // 7014: 35 + 0 + 3 + 8 = 46, remainder 2, digit 9.
        ("70149", Ok("70149")),
        // 7001: 35 + 0 + 0 + 2 = 37, remainder 4, digit 7.
        ("70011", Err(wrong_digit("70011", 7))),
        ("70328", Err(wrong_digit("70328", 7))),
        // 7019: 35 + 0 + 3 + 18 = 56, remainder 1, digit 0.
        ("70190", Ok("70190")),
        ("70195", Err(wrong_digit("70195", 0))),
    ] {
        let number = text
            .parse::<MunicipalityCode>()
            .map(|code| code.to_string());
        assert_eq!(number, read.map(str::to_owned), "{text}");
    }
}

#[test]
fn texts_of_another_form_are_no_municipality_numbers() {
    // 7027: 35 + 0 + 6 + 14 = 55, remainder 0.
    let never_issued = "70270";
    for text in [
        "",
        "7032",
        "703270",
        "7032x",
        "-7032",
        "+7032",
        "70 327",
        "٧٠٣٢٧",
        never_issued,
    ] {
        assert!(is_not_a(&text.parse::<MunicipalityCode>()), "{text}");
    }
}

#[test]
fn cadastral_municipality_numbers_end_in_their_control_digit() {
    // Register of spatial units: Krivelj, Oštrelj, Majdanpek, Kostajnik, Kriva Feja, Urovci.
    for text in ["715867", "715921", "727733", "720259", "711748", "731846"] {
        let code = text
            .parse::<CadastralMunicipalityCode>()
            .map(|code| code.to_string());
        assert_eq!(code, Ok(text.to_owned()));
    }
    assert_eq!(
        "715860".parse::<CadastralMunicipalityCode>(),
        Err(wrong_digit("715860", 7))
    );
    assert!(is_not_a(&"70327".parse::<CadastralMunicipalityCode>()));
}

#[test]
fn settlement_numbers_end_in_their_control_digit() {
    // 801542 is one of the register of spatial units: 8·6 + 0·5 + 1·4 + 5·3 + 4·2 = 75, remainder
    // 9, digit 2.
    let read = |text: &str| text.parse::<SettlementCode>().map(|code| code.to_string());
    assert_eq!(read(" 801542 "), Ok("801542".to_owned()));
    assert_eq!(read("801543"), Err(wrong_digit("801543", 2)));
    // Numbers begin with 7, 8 or 9, so that a short one has not lost a leading zero.
    for text in ["80154", "8015420", "70327", ""] {
        assert!(is_not_a(&text.parse::<SettlementCode>()), "{text}");
    }
}

#[test]
fn the_table_holds_valid_numbers_once() {
    let numbers: Vec<u32> = municipalities::MEMBERS
        .iter()
        .flat_map(|(_, members)| members.iter().copied())
        .collect();
    for number in &numbers {
        assert_eq!(number.to_string().parse(), Ok(MunicipalityCode(*number)));
    }
    assert_eq!(numbers.len(), 168);
    assert_eq!(numbers.into_iter().collect::<BTreeSet<_>>().len(), 168);
}

#[test]
fn municipalities_lie_in_their_districts() {
    for (municipality, district) in [
        ("70327", Some("RS-14")), // Bor
        ("71358", Some("RS-24")), // Vranjska Banja
        ("71293", Some("RS-00")), // Surčin
        ("89010", Some("RS-06")), // Novi Sad
        ("70661", Some("RS-08")), // Krupanj
        ("71323", Some("RS-20")), // Palilula (Niš)
        ("70203", Some("RS-00")), // Palilula (Beograd)
        // 9001: 9·5 + 0 + 0 + 1·2 = 47, remainder 3, digit 8; numbers 90xxx are not in the list.
        ("90018", None),
    ] {
        let code: MunicipalityCode = municipality.parse().expect("a valid number");
        let found = code.district().map(|code| code.to_string());
        assert_eq!(found.as_deref(), district, "{municipality}");
    }
}

#[test]
fn districts_are_read_by_their_code_alone() {
    for (text, code) in [
        ("RS-14", "RS-14"),
        (" rs-00 ", "RS-00"),
        ("Rs-29", "RS-29"),
        // Numbers of the register of spatial units, and as a spreadsheet leaves them.
        ("14", "RS-14"),
        ("07", "RS-07"),
        ("7", "RS-07"),
        ("0", "RS-00"),
    ] {
        assert_eq!(
            text.parse::<DistrictCode>().map(|one| one.to_string()),
            Ok(code.to_owned())
        );
    }
    for text in [
        "RS-14 Borski",
        "30",
        "014",
        "-1",
        "RS-30",
        "RS-KM",
        "RS14",
        "RS-1",
        "",
    ] {
        assert!(is_not_a(&text.parse::<DistrictCode>()), "{text}");
    }
}

/// The numbers of areas that the Statistical Office gives for its regions: 1, 7, 8, 9 and 5.
#[test]
fn statistical_regions_have_their_districts() {
    let counts = StatisticalRegionCode::ALL.map(|region| {
        DistrictCode::ALL
            .iter()
            .filter(|district| district.statistical_region() == region)
            .count()
    });
    assert_eq!(counts, [1, 7, 8, 9, 5]);
    for (district, region) in [
        ("RS-14", "RS22"),
        ("RS-16", "RS21"),
        ("RS-10", "RS22"),
        ("RS-28", "RS23"),
    ] {
        let district: DistrictCode = district.parse().expect("a district");
        assert_eq!(district.statistical_region().to_string(), region);
    }
}

#[test]
fn statistical_regions_are_read_by_code() {
    assert_eq!(" rs22 ".parse(), Ok(StatisticalRegionCode::SouthAndEast));
    for text in ["RS", "RS13", "RS-22", "RS221"] {
        assert!(is_not_a(&text.parse::<StatisticalRegionCode>()), "{text}");
    }
}

#[test]
fn facility_codes_name_a_municipality_and_a_serial() {
    for (text, code, municipality) in [
        ("RS-70327-001", "RS-70327-001", Some("70327")),
        (" rs-70327-0000001 ", "RS-70327-0000001", Some("70327")),
        ("RS-KM-1234567", "RS-KM-1234567", None),
        ("rs-km-012", "RS-KM-012", None),
    ] {
        let facility: FacilityCode = text.parse().expect("a facility code");
        assert_eq!(facility.as_str(), code);
        let found = facility.municipality().map(|one| one.to_string());
        assert_eq!(found.as_deref(), municipality, "{text}");
    }
}

#[test]
fn other_texts_are_no_facility_codes() {
    for text in [
        "",
        "RS-70327",
        "RS-70327-",
        "RS-70327-01",
        "RS-70327-12345678",
        "RS-70327-00a",
        "RS-70327-001-2",
        "BA-70327-001",
        "RS-7032-001",
        "RS-VO-001",
        "RS- 70327-001",
        "70327-001",
    ] {
        assert!(is_not_a(&text.parse::<FacilityCode>()), "{text}");
    }
    assert_eq!(
        "RS-70328-001".parse::<FacilityCode>(),
        Err(wrong_digit("70328", 7))
    );
}

#[test]
fn codes_are_text_in_json() {
    let code: MunicipalityCode = "70327".parse().expect("Bor");
    assert_eq!(
        serde_json::to_string(&code).ok().as_deref(),
        Some("\"70327\"")
    );
    assert_eq!(
        serde_json::from_str::<MunicipalityCode>("\"70327\"").ok(),
        Some(code)
    );
    for bad in ["\"70328\"", "70327", "null"] {
        assert!(
            serde_json::from_str::<MunicipalityCode>(bad).is_err(),
            "{bad}"
        );
    }
}

proptest! {
    /// A control digit exists to catch this: one digit misread, or two
    /// neighbours among the leading digits swapped.
    #[test]
    fn a_misread_digit_is_found(
        row in 0..municipalities::MEMBERS.len(), at in 0_usize..5, other in 0_u8..10,
    ) {
        let number = municipalities::MEMBERS[row].1[0].to_string();
        let mut misread = number.clone().into_bytes();
        misread[at] = b'0' + other;
        let misread = String::from_utf8(misread).expect("digits");
        prop_assert_eq!(misread.parse::<MunicipalityCode>().is_ok(), misread == number);

        let mut swapped = number.clone().into_bytes();
        swapped.swap(at.min(2), at.min(2) + 1);
        let swapped = String::from_utf8(swapped).expect("digits");
        prop_assert_eq!(swapped.parse::<MunicipalityCode>().is_ok(), swapped == number);
    }

    #[test]
    fn facility_codes_round_trip(row in 0..municipalities::MEMBERS.len(), serial in "[0-9]{3,7}") {
        let municipality = MunicipalityCode(municipalities::MEMBERS[row].1[0]);
        let text = format!("RS-{municipality}-{serial}");
        let code: FacilityCode = text.parse().expect("a facility code");
        prop_assert_eq!(code.to_string(), text);
        prop_assert_eq!(code.municipality(), Some(municipality));
    }
}

/// Register of spatial units: Niš is five city municipalities, Beograd seventeen; Bor is a unit itself.
#[test]
fn cities_without_a_number_are_known_by_their_municipalities() {
    for (city, count, district) in [
        ("nis", 5, "RS-20"),
        ("beograd", 17, "RS-00"),
        ("bor", 0, ""),
    ] {
        let parts: Vec<MunicipalityCode> = MunicipalityCode::of_city(city).collect();
        assert_eq!(parts.len(), count, "{city}");
        for part in parts {
            let number: Result<MunicipalityCode, _> = part.to_string().parse();
            assert_eq!(number, Ok(part));
            assert_eq!(part.district().unwrap().to_string(), district, "{city}");
        }
    }
}
