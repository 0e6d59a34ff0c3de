mod attributes;
mod places;

use domain::Value;
use domain::layers::FACILITIES;
use geo_types::{Geometry, point};

use super::*;
use crate::coordinates::{Given, decide};
use crate::mapping::map;
use crate::protocol::{
    DeclaredCrs, EncodingDecision, SourceField, SourceGeometry, SourceLayer, SourceValue,
};
use geodesy::Bounds;

fn source_layer(geometry: SourceGeometry, fields: &[&str]) -> SourceLayer {
    let field = |name: &&str| SourceField {
        name: (*name).to_owned(),
        kind: "text".to_owned(),
    };
    SourceLayer {
        holes_by_direction: false,
        name: "sloj".to_owned(),
        geometry,
        record_count: 1,
        fields: fields.iter().map(field).collect(),
        crs: None,
        extent: None,
        encoding: EncodingDecision {
            name: "UTF-8".to_owned(),
            evidence: Message::default(),
            samples: Vec::new(),
        },
    }
}

fn converter(
    layer: &'static Layer,
    geometry: SourceGeometry,
    fields: &[&str],
    crs: &str,
) -> Converter {
    let source = source_layer(geometry, fields);
    let mapping = map(&source, layer, None).unwrap();
    let declared = DeclaredCrs {
        authority: Some(crs.to_owned()),
        wkt: String::new(),
    };
    let bounds = match crs {
        "EPSG:6316" => Bounds::new(7_575_750.0, 4_881_734.0, 7_588_213.0, 4_920_787.0),
        _ => Bounds::new(21.9, 44.0, 22.1, 44.4),
    };
    let given = Given {
        file: "f",
        named: None,
        declared: Some(&declared),
        columns: None,
        is_table: false,
    };
    let decision = decide(&given, &bounds).unwrap();
    Converter::new(layer, &mapping, Some(&decision), RegionNames::default()).unwrap()
}

fn wkb(geometry: &Geometry<f64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    wkb::writer::write_geometry(&mut bytes, geometry, &wkb::writer::WriteOptions::default())
        .unwrap();
    bytes
}

fn read(field: &str, value: &SourceValue) -> Result<Value, Message> {
    let mapping = map(
        &source_layer(SourceGeometry::Point, &["code", field]),
        &FACILITIES,
        None,
    );
    let mut column = Column::of(&mapping.unwrap().matched[1], 0);
    column.read(value, &region_names())
}

fn region_names() -> RegionNames {
    let regions = [
        ("RS-14", "Borski"),
        ("RS-00", "Beograd"),
        ("RS-20", "Nišavski"),
        ("70327", "Bor"),
        ("70203", "Palilula"),
        ("71323", "Palilula"),
        ("71331", "Medijana"),
        ("70912", "Petrovac na Mlavi"),
        ("70483", "Gornji Milanovac"),
    ];
    RegionNames::of(regions.map(|(code, name)| (code.to_owned(), name.to_owned())))
}

fn text(text: &str) -> SourceValue {
    SourceValue::Text(text.to_owned())
}

fn code(code: &str) -> Value {
    Value::Text(code.to_owned())
}

#[test]
fn values_are_read_as_files_write_them() {
    use SourceValue::{Boolean, Date, DateTime, Integer, Null, Real, TextList};
    let day = Value::Date(chrono::NaiveDate::from_ymd_opt(2014, 5, 15).unwrap());
    let codes = |all: &[&str]| Value::Codes(all.iter().map(|one| (*one).to_owned()).collect());
    for (field, value, expected) in [
        ("name", text("  Поље 2 "), code("Поље 2")),
        ("name", text("-"), Value::Unknown),
        ("name", Null, Value::Unknown),
        ("name", Integer(7), code("7")),
        ("height_m", text("12,5"), Value::Number(12.5)),
        ("height_m", Integer(12), Value::Number(12.0)),
        ("height_m", Real(-9999.0), Value::Unknown),
        ("height_m", text("nema"), Value::Unknown),
        ("start_year", Real(1985.0), Value::Integer(1985)),
        ("start_year", text("1985"), Value::Integer(1985)),
        ("in_scope", text("Da"), Value::Boolean(true)),
        ("in_scope", text("не"), Value::Boolean(false)),
        ("in_scope", Integer(1), Value::Boolean(true)),
        ("in_scope", Boolean(false), Value::Boolean(false)),
        ("surveyed_on", Date("2014-05-15".to_owned()), day.clone()),
        (
            "surveyed_on",
            DateTime("2014-05-15T06:30:00Z".to_owned()),
            day.clone(),
        ),
        ("surveyed_on", text("15.5.2014."), day),
        (
            "facility_type",
            text("tailings_pond"),
            code("tailings_pond"),
        ),
        (
            "facility_type",
            text("ФЛОТАЦИЈСКО ЈАЛОВИШТЕ"),
            code("tailings_pond"),
        ),
        (
            "facility_type",
            text("Flotacijsko jalovište"),
            code("tailings_pond"),
        ),
        (
            "facility_type",
            text("flotacijsko jaloviste"),
            code("tailings_pond"),
        ),
        (
            "facility_type",
            text("Tailings pond"),
            code("tailings_pond"),
        ),
        ("waste_code", text("01 03 04*"), code("010304")),
        ("waste_code", Integer(10_305), code("010305")),
        ("waste_code", Real(10_306.0), code("010306")),
        (
            "commodities",
            text("Bakar, zlato; бакар"),
            codes(&["copper", "gold"]),
        ),
        (
            "commodities",
            TextList(vec!["copper".to_owned(), "Сребро".to_owned()]),
            codes(&["copper", "silver"]),
        ),
        ("district", text("rs-14"), code("RS-14")),
        ("district", text("RS-14 Borski"), code("RS-14")),
        ("district", text("Борски управни округ"), code("RS-14")),
        ("municipality", Real(70_327.0), code("70327")),
        ("municipality", text("70327 Bor"), code("70327")),
        ("municipality", text("Opština Bor"), code("70327")),
        ("municipality", text("БОР"), code("70327")),
        ("district", text("Beograd"), code("RS-00")),
    ] {
        assert_eq!(read(field, &value), Ok(expected), "{field} {value:?}");
    }
}

#[test]
fn what_is_no_value_says_the_way_out() {
    for (field, value, start) in [
        (
            "height_m",
            text("visoko"),
            "`visoko` is not a number; write it with a decimal point",
        ),
        (
            "start_year",
            SourceValue::Real(1985.5),
            "`1985.5` is not a whole number; write it without",
        ),
        (
            "surveyed_on",
            text("5/15/2014"),
            "`5/15/2014` is not a day; write it as 2014-05-15",
        ),
        (
            "surveyed_on",
            SourceValue::Integer(2014),
            "`2014` is only a year, and is not a day; write it as 2014-05-15",
        ),
        (
            "facility_type",
            text("jezero"),
            "`jezero` is neither a code nor a label of the list facility_type; the nearest are: contaminated_pond (Contaminated pond or pit lake), ",
        ),
        (
            "commodities",
            text("bakar, kriptonit"),
            "`kriptonit` is neither a code nor a label of the list ",
        ),
        ("in_scope", text("možda"), "`možda` is not true or false"),
        (
            "municipality",
            text("70328"),
            "`70328` has a wrong control digit",
        ),
        (
            "municipality",
            text("Nigde"),
            "`Nigde` is not the registration number of a municipality",
        ),
        (
            "municipality",
            text("Palilula"),
            "`Palilula` is the name of several: 70203, 71323; write the number",
        ),
        (
            "municipality",
            text("Borski"),
            "`Borski` is not the registration number of a municipality",
        ),
        (
            "district",
            text("Nigde"),
            "`Nigde` is not a district, RS-00 to RS-29",
        ),
    ] {
        let error = read(field, &value).unwrap_err().en;
        assert!(error.starts_with(start), "{field} {value:?}: {error}");
    }
}

#[test]
fn a_key_is_not_read_from_the_beginning_of_a_longer_text() {
    let mut converter = converter(&FACILITIES, SourceGeometry::Point, &["code"], "EPSG:4326");
    let values = vec![text("RS-70327-001 deo")];
    let converted = converter.convert(&SourceRecord {
        row: 1,
        fid: None,
        values,
        wkb: None,
    });
    assert!(converted.is_refused());
    assert_eq!(converted.record.key(), None);
}

#[test]
fn coordinates_go_through_the_pinned_operation() {
    let mut converter = converter(&FACILITIES, SourceGeometry::Point, &["code"], "EPSG:6316");
    let source = SourceRecord {
        row: 1,
        fid: None,
        values: vec![text("RS-70327-001")],
        wkb: Some(wkb(&point!(x: 7_588_213.57, y: 4_881_734.64).into())),
    };
    let converted = converter.convert(&source);
    let Some(Geometry::Point(at)) = converted.record.geometry else {
        panic!("{converted:?}")
    };
    // Bor, computed with PROJ by operation EPSG:9486.
    assert!(
        (at.x() - 22.095_91).abs() < 1e-7 && (at.y() - 44.074_88).abs() < 1e-7,
        "{at:?}"
    );
}

#[test]
fn what_follows_from_values_is_completed() {
    let fields = ["code", "naziv", "opstina"];
    let mut converter = converter(&FACILITIES, SourceGeometry::Point, &fields, "EPSG:4326");
    let values = vec![text("RS-70327-001"), text("Поље"), text("70327")];
    let record = converter
        .convert(&SourceRecord {
            row: 1,
            fid: None,
            values,
            wkb: None,
        })
        .record;
    assert_eq!(record.get("name_latin"), &code("Polje"));
    assert_eq!(record.get("district"), &code("RS-14"));
}

/// The typed record takes what its field cannot have for unknown: the number is still there to be refused.
#[test]
fn a_number_out_of_range_is_refused_and_not_lost() {
    let told = |name: &str, number: f64| {
        let fields = ["code", "name", name];
        let mut converter = converter(&FACILITIES, SourceGeometry::Point, &fields, "EPSG:4326");
        let values = vec![
            text("RS-70327-001"),
            text("Поље"),
            SourceValue::Real(number),
        ];
        let converted = converter.convert(&SourceRecord {
            row: 1,
            fid: None,
            values,
            wkb: None,
        });
        let found = converted
            .findings
            .into_iter()
            .chain(converted.record.findings());
        let of_field = found.filter(|one| one.field.as_deref() == Some(name));
        of_field.map(|one| one.message.en).collect::<Vec<_>>()
    };
    for (name, number) in [("height_m", -5.0), ("volume_m3", 1e12), ("area_m2", -0.5)] {
        let errors = told(name, number);
        assert!(
            errors.len() == 1 && errors[0].contains("outside the range"),
            "{errors:?}"
        );
    }
    assert!(told("height_m", 45.0).is_empty());
}

#[test]
fn names_stand_on_one_line_and_hide_nothing() {
    let text = |text: &str| SourceValue::Text(text.to_owned());
    let told = |field: &str, value: &str| read(field, &text(value));
    let kept = |text: &str| Ok(Value::Text(text.to_owned()));
    assert_eq!(told("name", "Стари\r\n Бор\t2"), kept("Стари  Бор 2"));
    assert_eq!(told("remarks", "прво\nдруго"), kept("прво\nдруго"));
    for (field, hidden) in [("name", "Бор\u{0}"), ("remarks", "\u{1b}[31mБор")] {
        let refused = told(field, hidden).unwrap_err().en;
        assert!(
            refused.starts_with("the text has the invisible character U+00"),
            "{refused}"
        );
    }
}

#[test]
fn a_revision_that_is_none_is_refused_not_ignored() {
    for (value, number) in [
        (SourceValue::Integer(12), Some(12)),
        (SourceValue::Real(12.0), Some(12)),
        (SourceValue::Text(" 12 ".to_owned()), Some(12)),
        (SourceValue::Text(String::new()), None),
        (SourceValue::Null, None),
    ] {
        assert_eq!(revision(&value).unwrap(), number, "{value:?}");
    }
    for strange in [
        SourceValue::Real(1.5),
        SourceValue::Integer(-1),
        SourceValue::Text("abc".to_owned()),
    ] {
        assert!(
            revision(&strange)
                .unwrap_err()
                .en
                .contains("is no number of a revision")
        );
    }
}
