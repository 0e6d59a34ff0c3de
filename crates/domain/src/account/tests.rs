use proptest::prelude::*;

use super::*;
use crate::code_list::Coded;
use crate::layers::{FACILITIES, readable_fields};

/// What the role may: read restricted fields, propose, edit, publish, administer.
fn rights_of(role: Role) -> [bool; 5] {
    [
        role.may_read_restricted(),
        role.may_propose(),
        role.may_edit(),
        role.may_publish(),
        role.may_administer(),
    ]
}

#[test]
fn each_role_may_what_its_description_says() {
    let expected = [
        ("public", [false; 5]),
        ("analyst", [true, false, false, false, false]),
        ("surveyor", [true, true, false, false, false]),
        ("editor", [true, true, true, false, false]),
        ("reviewer", [true, true, true, true, false]),
        ("admin", [true; 5]),
    ];
    assert_eq!(Role::ALL.len(), expected.len());
    for (code, rights) in expected {
        assert_eq!(rights_of(code.parse().unwrap()), rights, "{code}");
    }
}

#[test]
fn a_limited_role_counts_in_its_regions_alone() {
    let rights = |regions: &[&str]| Rights {
        role: Role::Editor,
        regions: regions.iter().map(|code| code.parse().unwrap()).collect(),
    };
    // Bor (70327) lies in the district of Bor (RS-14), that in Southern and Eastern Serbia (RS22).
    for (regions, municipality, district, covered) in [
        (&[][..], None, None, true),
        (&["RS-14"], Some("70327"), Some("RS-14"), true),
        (&["RS-14"], Some("70327"), None, true),
        (&["RS-14"], None, Some("RS-15"), false),
        (&["RS-14"], None, None, false),
        (&["70327"], Some("70327"), None, true),
        (&["70327"], None, Some("RS-14"), false),
        (&["RS-15", "70327"], Some("70327"), Some("RS-14"), true),
        (&["RS22"], Some("70327"), None, true),
        (&["RS21"], Some("70327"), None, false),
    ] {
        let municipality = municipality.map(|code| code.parse().unwrap());
        let district = district.map(|code: &str| code.parse().unwrap());
        let found = rights(regions).cover(municipality, district);
        assert_eq!(found, covered, "{regions:?} {municipality:?} {district:?}");
    }
}

#[test]
fn restricted_fields_are_for_those_with_the_right() {
    let rights = |role, regions: &[&str]| Rights {
        role,
        regions: regions.iter().map(|code| code.parse().unwrap()).collect(),
    };
    let has_contact = |access| {
        let fields = readable_fields(&FACILITIES, access);
        fields.iter().any(|field| field.name == "contact")
    };
    for (role, regions, reads) in [
        (Role::Public, &[][..], false),
        (Role::Analyst, &[], true),
        (Role::Analyst, &["RS-14"], false),
    ] {
        assert_eq!(has_contact(rights(role, regions).access()), reads);
    }
    // Bor (70327) and the district of Bor (RS-14) lie in Southern and Eastern Serbia (RS22).
    for (role, limit, region, reads) in [
        (Role::Analyst, "RS-14", "RS-14", true),
        (Role::Analyst, "RS-14", "70327", true),
        (Role::Analyst, "RS-14", "RS-15", false),
        (Role::Analyst, "RS-14", "RS22", false),
        (Role::Analyst, "70327", "RS-14", false),
        (Role::Analyst, "RS22", "RS-14", true),
        (Role::Analyst, "RS22", "RS22", true),
        (Role::Analyst, "RS22", "RS21", false),
        (Role::Public, "RS-14", "RS-14", false),
    ] {
        let access = rights(role, &[limit]).access_in(region.parse().unwrap());
        assert_eq!(has_contact(access), reads, "{role} {limit} {region}");
    }
}

#[test]
fn names_are_told_apart_without_capitals() {
    for (text, name) in [
        ("ana", Some("ana")),
        (" Ana.Petrovic ", Some("ana.petrovic")),
        ("ana@example.org", Some("ana@example.org")),
        ("7-team_b", Some("7-team_b")),
        ("", None),
        ("-ana", None),
        ("ana petrovic", None),
        ("ana:x", None),
        ("ана", None),
    ] {
        let read = text.parse::<UserName>().ok();
        assert_eq!(read.as_ref().map(UserName::as_str), name, "{text}");
    }
    assert!("a".repeat(64).parse::<UserName>().is_ok());
    assert!("a".repeat(65).parse::<UserName>().is_err());
}

#[test]
fn a_secret_is_not_in_its_debug_form() {
    let secret = Secret::new("correct horse");
    assert_eq!(
        format!("{secret:?} {:#?}", Some(&secret)).find("horse"),
        None
    );
    assert_eq!(secret.reveal(), "correct horse");
}

#[test]
fn a_password_has_twelve_letters_of_any_script() {
    let is_one = |text: &str| Password::try_from(Secret::new(text)).is_ok();
    assert!(is_one("лозинка12345"));
    assert!(!is_one("лозинка1234"));
    assert!(is_one(&"a".repeat(256)));
    assert!(!is_one(&"a".repeat(257)));
}

proptest! {
    #[test]
    fn a_name_reads_back(text in "[a-zA-Z0-9][a-zA-Z0-9._@-]{0,63}") {
        let name: UserName = text.parse().unwrap();
        prop_assert_eq!(name.to_string().parse::<UserName>().unwrap(), name);
    }
}
