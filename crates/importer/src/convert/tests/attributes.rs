//! Values with units, doubts and words around them, and what is said of them.

use super::*;
use crate::mapping::{Mapping, MappingFile};

fn mapping_of(fields: &[&str], file: Option<&str>) -> Mapping {
    let all: Vec<&str> = std::iter::once("code")
        .chain(fields.iter().copied())
        .collect();
    let file: Option<MappingFile> = file.map(|text| text.parse().unwrap());
    let source = source_layer(SourceGeometry::Point, &all);
    map(&source, &FACILITIES, file.as_ref()).unwrap()
}

fn column(field: &str) -> Column {
    Column::of(&mapping_of(&[field], None).matched[1], 0)
}

/// The value, and what was said of it.
fn told(column: &mut Column, value: &SourceValue) -> (Value, Vec<(Severity, String)>) {
    let read = column.read(value, &region_names()).unwrap();
    let remarks = column.take_aside().remarks;
    let said = remarks
        .into_iter()
        .map(|(severity, one)| (severity, one.en));
    (read, said.collect())
}

#[test]
fn numbers_are_brought_to_the_register_s_unit() {
    for (field, value, expected) in [
        ("POVR_HA", text("12,5"), 125_000.0),
        ("POVR_HA", SourceValue::Real(0.07), 700.0),
        ("POVR_HA", SourceValue::Integer(30), 300_000.0),
        // A unit beside the number wins over that of the column.
        ("POVR_HA", text("3 km²"), 3_000_000.0),
        ("povrsina", text("12,5 ha"), 125_000.0),
        ("povrsina", text("45 ari"), 4_500.0),
        ("zapremina", text("1.200.000 m³"), 1_200_000.0),
        ("zapremina", text("250 x 10^3 m3"), 250_000.0),
        ("zapremina", text("1,5 miliona kubika"), 1_500_000.0),
        ("masa", text("3,4 Mt"), 3_400_000.0),
        ("masa", text("22 хиљ. т"), 22_000.0),
        ("visina", text("1250cm"), 12.5),
        ("kota krune", text("475,5 m n.v."), 475.5),
        ("Kota krune (mnv)", text("475,5"), 475.5),
        ("kota krune", text("475,5 mnv"), 475.5),
        // A hectare has 100 ares, an are 100 square metres.
        ("povrsina", text("1 ha 20 a"), 12_000.0),
        ("povrsina", text("1 ha 20 a 15 m2"), 12_015.0),
        ("povrsina", text("1ha, 20ari, 15,5m²"), 12_015.5),
        ("povrsina", text("1ha20a15m2"), 12_015.0),
        ("POVR_HA", text("1 ha 20 a"), 12_000.0),
        ("visina", text("12 m 30 cm"), 12.3),
        ("zapremina", text("2.3 milion kubika"), 2_300_000.0),
        ("zapremina", text("2,3 miliona m3"), 2_300_000.0),
        ("zapremina", text("2,3 miliona"), 2_300_000.0),
        ("zapremina", text("1,2 x 10^6"), 1_200_000.0),
        ("zapremina", text("1,2·10⁶"), 1_200_000.0),
        ("Zapremina u milionima m3", text("1,2"), 1_200_000.0),
        ("masa", text("1.350.000 t"), 1_350_000.0),
    ] {
        let (read, _) = told(&mut column(field), &value);
        assert_eq!(read, Value::Number(expected), "{field} {value:?}");
    }
}

/// A field, a value of the file, what is read, how much the one remark on it weighs, how it begins.
type Remarked<'a> = (&'a str, SourceValue, Value, Severity, &'a str);

fn assert_remarked(cases: &[Remarked<'_>]) {
    for (field, value, expected, severity, start) in cases {
        let (read, said) = told(&mut column(field), value);
        assert_eq!(&read, expected, "{field} {value:?}");
        let [(weight, message)] = &said[..] else {
            panic!("{field} {value:?}: {said:?}")
        };
        assert_eq!(weight, severity, "{field} {value:?}");
        assert!(message.starts_with(start), "{field} {value:?}: {message}");
    }
}

#[test]
#[rustfmt::skip]
fn a_number_read_with_a_remark_says_what_was_done() {
    use Severity::{Note, Warning};
    let number = Value::Number;
    assert_remarked(&[
        ("povrsina", text("12,5 ha"), number(125_000.0), Note, "`12,5 ha` is 125000 m²"),
        ("visina", text("oko 15"), number(15.0), Warning, "`oko 15` is read as 15; `oko` is dropped"),
        ("visina", text("cca. 15 m"), number(15.0), Warning, "`cca. 15 m` is read as 15 m; `cca`"),
        ("visina", text("~15"), number(15.0), Warning, "`~15` is read as 15; `~` is dropped"),
        ("visina", text("око 15,5"), number(15.5), Warning, "`око 15,5` is read as 15,5"),
        ("visina", text("1.234"), number(1.234), Warning, "`1.234` may be 1.234 or 1234; it is read as 1.234"),
        ("masa", text("350.000 t"), number(350_000.0), Warning, "`350.000 t` may be 350 or 350000; it is read as 350000"),
        ("masa", text("350.000"), number(350.0), Warning, "`350.000` may be 350 or 350000; it is read as 350;"),
        ("masa", text("3.125 t"), number(3.125), Warning, "`3.125 t` may be 3.125 or 3125; it is read as 3.125;"),
        ("zapremina", SourceValue::Integer(0), number(0.0), Warning, "0 is entered as a measured zero"),
        ("povrsina", SourceValue::Real(0.0), Value::Unknown, Note, "`0` cannot be a value here"),
        ("godina pocetka", text("0"), Value::Unknown, Note, "`0` cannot be a value here"),
        ("opstina", text("00000"), Value::Unknown, Note, "`00000` cannot be a value here"),
        ("povrsina", text("1 ha 20 a"), number(12_000.0), Note, "`1 ha 20 a` is 12000 m²"),
        ("zapremina", text("1,2 x 10^6"), number(1_200_000.0), Note, "`1,2 x 10^6` is read as 1200000"),
        ("visina", text("12,5 ?"), number(12.5), Warning, "`12,5 ?` is read as 12,5; the question mark is dropped"),
        ("visina", SourceValue::Integer(9999), Value::Unknown, Warning, "`9999` cannot be a value here"),
        ("visina", SourceValue::Real(99_999.0), Value::Unknown, Warning, "`99999` cannot be a value here"),
        ("visina", text("9999.0"), Value::Unknown, Warning, "`9999` cannot be a value here"),
        ("kota krune", text("9999"), Value::Unknown, Warning, "`9999` cannot be a value here"),
        ("godina pocetka", SourceValue::Integer(9999), Value::Unknown, Warning, "`9999` cannot be a value here"),
        ("zapremina", SourceValue::Integer(99_999), number(99_999.0), Warning, "99999 is entered as a value, but nines"),
        ("visina", text("#DIV/0!"), Value::Unknown, Warning, "instead of a value stands the error #DIV/0!"),
        ("status", text(" #REF! "), Value::Unknown, Warning, "instead of a value stands the error #REF!"),
    ]);
}

#[test]
#[rustfmt::skip]
fn a_day_or_year_read_with_a_remark_says_what_was_done() {
    use Severity::{Note, Warning};
    let year = Value::Integer;
    assert_remarked(&[
        ("godina pocetka", text("maj 1985"), year(1985), Note, "of `maj 1985` only the year is entered, 1985"),
        ("godina pocetka", text("oko 1985. god."), year(1985), Warning, "`oko 1985. god.` is read as"),
        ("godina pocetka", SourceValue::Date("1985-05-01".to_owned()), year(1985), Note, "of `1985-05-01` only"),
        ("godina pocetka", text("1978?"), year(1978), Warning, "`1978?` is read as 1978; the question mark"),
        ("godina pocetka", text("1978. (?)"), year(1978), Warning, "`1978. (?)` is read as 1978.; the question"),
        ("godina pocetka", text("~1978"), year(1978), Warning, "`~1978` is read as 1978; `~` is dropped"),
        ("godina pocetka", text("1.1.1900."), Value::Unknown, Warning, "1900-01-01 is what programs"),
        ("datum", text("1899-12-30"), Value::Unknown, Warning, "1899-12-30 is what programs and spreadsheets write"),
        ("datum", SourceValue::Date("1900-01-01".to_owned()), Value::Unknown, Warning, "1900-01-01 is what"),
        ("datum", SourceValue::Integer(41_774), day(2014, 5, 15), Note,
         "41774 is read as the day number of a spreadsheet (Excel): 2014-05-15"),
        ("datum", text("05/06/2014"), day(2014, 6, 5), Warning,
         "`05/06/2014` is read as 2014-06-05, the day before the month; it may be 2014-05-06"),
    ]);
}

fn day(year: i32, month: u32, day: u32) -> Value {
    Value::Date(chrono::NaiveDate::from_ymd_opt(year, month, day).unwrap())
}

#[test]
fn what_is_read_without_doubt_says_nothing() {
    for (field, value, expected) in [
        ("godina pocetka", text("1985. godina"), Value::Integer(1985)),
        ("godina pocetka", text("1.985"), Value::Integer(1985)),
        ("datum", text("15. маја 2014."), day(2014, 5, 15)),
        ("datum", SourceValue::Integer(20_140_515), day(2014, 5, 15)),
        ("status", text("u radu"), code("operating")),
        ("status", text("НАПУШТЕН"), code("abandoned")),
        ("status", text("saniran"), code("reclaimed")),
        // The list has an entry for it, other fields have not.
        ("status", text("nepoznato"), code("unknown")),
        ("tip", text("nepoznato"), Value::Unknown),
        ("tip", text("hvostojalište"), code("tailings_pond")),
        ("tip", text("Флотацијска јаловина"), code("tailings_pond")),
        ("waste_code", text("01-03-04 *"), code("010304")),
        ("waste_code", text("01/03/04∗"), code("010304")),
        ("waste_code", text("01_03_04"), code("010304")),
        ("opstina", text("Niš - Palilula"), code("71323")),
        ("waste_code", text("10304.0"), code("010304")),
        ("waste_code", text("EWC 01 03 04"), code("010304")),
        ("opstina", text("Petrovac n/M"), code("70912")),
        ("opstina", text("Петровац на Млави"), code("70912")),
        ("opstina", text("G. Milanovac"), code("70483")),
        ("opstina", text("SO Bor"), code("70327")),
        ("opstina", text("Opština Bor"), code("70327")),
        ("opstina", text("70327.0"), code("70327")),
        ("opstina", text("70327-Bor"), code("70327")),
        ("opstina", text("Бор (70327)"), code("70327")),
        ("Šifra opštine", text("70327"), code("70327")),
        ("okrug", text("RS14"), code("RS-14")),
        ("okrug", text("RS 14"), code("RS-14")),
        ("okrug", text("RS–11"), code("RS-11")),
        ("okrug", text("Grad Beograd"), code("RS-00")),
        ("datum", text("0000-00-00"), Value::Unknown),
        ("datum", text("00.00.0000. 00:00"), Value::Unknown),
        ("godina pocetka", text("0000-00-00"), Value::Unknown),
        ("status", text("konzervirano"), code("care_and_maintenance")),
        (
            "status",
            text("Привремено ван употребе"),
            code("care_and_maintenance"),
        ),
        ("metoda", text("TLS"), code("lidar")),
        ("metoda", text("ласер"), code("lidar")),
        ("metoda", text("GPS RTK"), code("gnss_rtk")),
        ("nadvisenje", text("uzvodno nasipanje"), code("upstream")),
        // District 0 is Beograd.
        ("okrug", SourceValue::Integer(0), code("RS-00")),
        ("opstina", text("Палилула (Београд)"), code("70203")),
        ("visina", text("#N/A"), Value::Unknown),
        ("visina", SourceValue::Real(-1.797e308), Value::Unknown),
        ("visina", SourceValue::Integer(-999), Value::Unknown),
        ("visina", text("-9999,00"), Value::Unknown),
    ] {
        let (read, said) = told(&mut column(field), &value);
        assert_eq!((read, said), (expected, Vec::new()), "{field} {value:?}");
    }
}

fn assert_refused(cases: &[(&str, &str, &str)]) {
    for (field, value, start) in cases {
        let refused = column(field).read(&text(value), &region_names());
        let message = refused.unwrap_err();
        assert!(
            message.en.starts_with(start),
            "{field} {value}: {}",
            message.en
        );
        assert!(domain::text::is_cyrillic(&message.sr), "{}", message.sr);
    }
}

#[test]
fn what_a_careful_reader_refuses_is_refused() {
    assert_refused(&[
        ("visina", "10-12", "`10-12` is a range; write one number"),
        ("visina", "10 – 12 m", "`10 – 12 m` is a range"),
        ("visina", "od 10 do 12", "`od 10 do 12` is a range"),
        ("visina", ">20", "`>20` is a bound, not a value"),
        ("visina", "preko 100 m", "`preko 100 m` is a bound"),
        (
            "visina",
            "12 ha",
            "`12 ha`: `ha` is not a unit expected here; those known are m, ",
        ),
        (
            "visina",
            "475 m n.v.",
            "`475 m n.v.` is a level above the sea, not a height of the facility; enter it as a level",
        ),
        ("visina", "475 mnv", "`475 mnv` is a level above the sea"),
        ("visina", "20 a 1 ha", "`20 a 1 ha`: `a 1 ha` is not a unit"),
        (
            "povrsina",
            "20 a 1 ha",
            "`20 a 1 ha`: `a 1 ha` is not a unit",
        ),
        (
            "zapremina",
            "1,2 x 106",
            "`1,2 x 106`: `x 106` is not a unit",
        ),
        ("godina pocetka", ">1978", "`>1978` is a bound"),
        (
            "godina pocetka",
            "pre 1978",
            "`pre 1978` is a bound, not a value",
        ),
        (
            "godina pocetka",
            "1978/79",
            "`1978/79` are two years; write one",
        ),
        ("godina pocetka", "1978-", "`1978-` is a bound"),
        ("godina pocetka", "– 1978.", "`– 1978.` is a bound"),
        ("godina pocetka", "1978/1979.", "`1978/1979.` are two years"),
        (
            "godina pocetka",
            "70-ih",
            "`70-ih` is not a year; write four digits",
        ),
        ("datum", "pre 15.5.2014", "`pre 15.5.2014` is not a day"),
        (
            "masa",
            "3 mt",
            "`3 mt` may be in tonnes or in million tonnes",
        ),
        ("visina", "x", "`x` is not a number"),
        ("visina", "1.2.3", "`1.2.3` is not a number"),
        ("godina pocetka", "1985-1991", "`1985-1991` is a range"),
        ("datum", "15-05-14", "`15-05-14` has a year of two digits"),
        ("datum", "maj 2014", "`maj 2014` has no day"),
        ("datum", "41774", "`41774` is not a day"),
        ("waste_code", "01 03 06*", "`01 03 06*` has an asterisk"),
        ("waste_code", "010306*", "`010306*` has an asterisk"),
        ("waste_code", "010304 i 010306", "`010304 i 010306`"),
        (
            "status",
            "aktivnoo",
            "`aktivnoo` is neither a code nor a label of the list facility_status; the nearest are: operating (Operating)",
        ),
        (
            "tip",
            "qqq",
            "`qqq` is neither a code nor a label of the list facility_type; write one of: tailings_pond, ",
        ),
    ]);
}

#[test]
fn what_leaves_several_values_open_names_them() {
    assert_refused(&[
        (
            "metoda",
            "GPS",
            "`GPS` does not say what exactly it is of the list observation_method; it may be: gnss_rtk (",
        ),
        (
            "metoda",
            "фотограметрија",
            "`фотограметрија` does not say what exactly it is of the list observation_method; it may be: \
             uav_photogrammetry (UAV photogrammetry), orthophoto (Orthophoto); write the code",
        ),
        (
            "status",
            "Van upotrebe",
            "`Van upotrebe` does not say what exactly it is of the list facility_status; it may be: \
             care_and_maintenance (Care and maintenance), closed (",
        ),
        (
            "okrug",
            "RS22",
            "`RS22` is the code of a statistical region; if the district is meant, write RS-22",
        ),
        (
            "opstina",
            "Grad Niš",
            "`Grad Niš` is a city of several municipalities; write one of them: 71285, 71307, 71315, \
             71323 Palilula, 71331 Medijana",
        ),
        (
            "opstina",
            "Beograd",
            "`Beograd` is a city of several municipalities",
        ),
        (
            "opstina",
            "Gornji Milanovc",
            "`Gornji Milanovc` is not the registration number of a municipality, such as 70327, \
             nor a name in the register; the nearest by name are: 70483 Gornji Milanovac",
        ),
    ]);
}

#[test]
fn the_rest_of_a_column_decides_what_its_points_are() {
    let look_at = |shown: &[&str]| {
        let mapping = mapping_of(&["zapremina"], None);
        let mut converter =
            Converter::new(&FACILITIES, &mapping, None, RegionNames::default()).unwrap();
        for one in shown {
            converter.look(&volume_record(one));
        }
        converter
    };
    for (shown, value, expected, warned) in [
        (&["12,5"][..], "1.234", 1234.0, false),
        (&["12.5"], "1.234", 1.234, false),
        (&["12.5"], "1,234", 1234.0, false),
        (&["1.200.000"], "1.234", 1234.0, false),
        (&["12,5"], "1,234", 1.234, false),
        (&["0,5", "0.5"], "1.234", 1.234, true),
        (&["12", "nema", "1.500"], "1.234", 1.234, true),
    ] {
        let converted = look_at(shown).convert(&volume_record(value));
        let volume = converted.record.get("volume_m3");
        assert_eq!(volume, &Value::Number(expected), "{shown:?} {value}");
        assert_eq!(!converted.findings.is_empty(), warned, "{shown:?} {value}");
    }
}

fn volume_record(volume: &str) -> SourceRecord {
    SourceRecord {
        row: 1,
        fid: None,
        values: vec![text("RS-70327-001"), text(volume)],
        wkb: None,
    }
}

#[test]
fn a_day_that_shows_the_order_settles_those_after_it() {
    let mut column = column("datum");
    told(&mut column, &text("15/05/2014"));
    let (read, said) = told(&mut column, &text("05/06/2014"));
    assert_eq!((read, said), (day(2014, 6, 5), Vec::new()));
}

#[test]
fn a_mapping_file_gives_values_that_the_file_does_not() {
    let file = "[constants]\nsource = \"Elaborat 2023\"\nstart_year = \"1985. godina\"\n\
                [values.status]\nA = \"aktivno\"\n7 = \"closed\"\n\"-\" = \"\"";
    let mapping = mapping_of(&["status"], Some(file));
    let mut converter =
        Converter::new(&FACILITIES, &mapping, None, RegionNames::default()).unwrap();
    for (status, expected) in [
        (text(" A "), code("operating")),
        (SourceValue::Integer(7), code("closed")),
        (text("-"), Value::Unknown),
        (text("napušteno"), code("abandoned")),
    ] {
        let values = vec![text("RS-70327-001"), status];
        let record = converter
            .convert(&SourceRecord {
                row: 1,
                fid: None,
                values,
                wkb: None,
            })
            .record;
        assert_eq!(record.get("status"), &expected);
        assert_eq!(record.get("source"), &code("Elaborat 2023"));
        assert_eq!(record.get("start_year"), &Value::Integer(1985));
    }
}

#[test]
fn a_mapping_file_names_places_as_a_cell_does() {
    let file = "[constants]\nmunicipality = \"Opština Bor\"\n[values.district]\nIstok = \"Borski\"";
    let mapping = mapping_of(&["okrug"], Some(file));
    let mut converter = Converter::new(&FACILITIES, &mapping, None, region_names()).unwrap();
    let converted = converter.convert(&SourceRecord {
        row: 1,
        fid: None,
        values: vec![text("RS-70327-001"), text("Istok")],
        wkb: None,
    });
    assert_eq!(converted.findings, []);
    assert_eq!(converted.record.get("municipality"), &code("70327"));
    assert_eq!(converted.record.get("district"), &code("RS-14"));
}

#[test]
fn lost_letters_are_told_of_a_text_that_is_refused_too() {
    let mapping = mapping_of(&["status"], None);
    let mut converter = Converter::new(&FACILITIES, &mapping, None, region_names()).unwrap();
    let converted = converter.convert(&SourceRecord {
        row: 1,
        fid: None,
        values: vec![text("RS-70327-001"), text("napu\u{fffd}teno")],
        wkb: None,
    });
    let [refusal] = &converted.findings[..] else {
        panic!("{:?}", converted.findings)
    };
    assert_eq!(refusal.severity, Severity::Error);
    let lost = "; letters are missing in the text \"napu\u{fffd}teno\"";
    assert!(refusal.message.en.contains(lost), "{}", refusal.message);
}
