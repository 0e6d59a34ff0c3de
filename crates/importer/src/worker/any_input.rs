//! What the reader parses itself, given anything: it answers or refuses, and does not panic.
//!
//! `PROPTEST_CASES=100000 cargo test -p importer any_input` looks longer than the usual 256 cases.

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;

use super::archive;
use super::charset::Charset;
use super::container::Container;
use super::csv_table::CsvTable;
use super::dbf::Heading;
use super::encoding::{Place, may_be_yuscii};
use super::failure::Failure;
use super::format::{Format, refused_by_name};
use super::{dxf, frame, kml};
use crate::protocol::{Event, Job, SourceRecord, SourceValue};

/// The heading of a dBASE table with any numbers in it, and any bytes after it.
fn dbf() -> impl Strategy<Value = Vec<u8>> {
    let column = (vec(any::<u8>(), 11), any::<u8>(), any::<u8>());
    let table = (
        any::<u32>(),
        prop_oneof![0_u16..300, any::<u16>()],
        prop_oneof![0_u16..300, any::<u16>()],
        vec(column, 0..8),
        vec(any::<u8>(), 0..200),
    );
    table.prop_map(|(rows, heading_bytes, row_bytes, columns, rest)| {
        let mut bytes = vec![3, 124, 1, 2];
        bytes.extend(rows.to_le_bytes());
        bytes.extend(heading_bytes.to_le_bytes());
        bytes.extend(row_bytes.to_le_bytes());
        bytes.resize(32, 0);
        for (name, kind, width) in columns {
            bytes.extend(name);
            bytes.extend([kind, 0, 0, 0, 0, width]);
            bytes.resize(bytes.len() + 15, 0);
        }
        bytes.extend(rest);
        bytes
    })
}

/// A zip archive's parts in any order, and anything between them.
fn zip() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        Just(b"PK\x03\x04\x14\0\0\0\x08\0".to_vec()),
        Just(b"PK\x01\x02\x14\0\x14\0\0\0\x08\0".to_vec()),
        Just(b"PK\x05\x06\0\0\0\0\x01\0\x01\0".to_vec()),
        Just(b"PK\x06\x06".to_vec()),
        Just(b"PK\x06\x07".to_vec()),
        vec(prop_oneof![Just(0), any::<u8>()], 0..24),
    ];
    vec(part, 0..12).prop_map(|parts| parts.concat())
}

fn record() -> impl Strategy<Value = SourceRecord> {
    let value = prop_oneof![
        Just(SourceValue::Null),
        any::<String>().prop_map(SourceValue::Text),
        any::<i64>().prop_map(SourceValue::Integer),
        // Not a number is not equal to itself.
        any::<i32>().prop_map(|number| SourceValue::Real(number.into())),
        any::<bool>().prop_map(SourceValue::Boolean),
        vec(any::<String>(), 0..3).prop_map(SourceValue::TextList),
    ];
    let wkb = proptest::option::of(vec(any::<u8>(), 0..40));
    let named = (any::<u64>(), any::<Option<u64>>());
    (named, vec(value, 0..6), wkb).prop_map(|((row, fid), values, wkb)| SourceRecord {
        row,
        fid,
        values,
        wkb,
    })
}

/// Writes a file and gives it to a test.
fn with_file<T>(name: &str, content: &[u8], test: impl FnOnce(&Path) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    test(&path)
}

fn csv_records(
    content: &[u8],
    encoding: Option<&str>,
) -> Result<(usize, Vec<SourceRecord>), Failure> {
    with_file("a.csv", content, |path| {
        let mut container = Container::folder(path.parent().unwrap())?;
        let table = CsvTable::load(&mut container, "a.csv", encoding)?;
        let mut records = Vec::new();
        table.for_each(|record| {
            records.push(record);
            Ok::<_, Failure>(())
        })?;
        Ok((table.headings.len(), records))
    })
}

proptest! {
    #[test]
    fn any_dbase_table_is_read_or_refused(bytes in prop_oneof![dbf(), vec(any::<u8>(), 0..400)]) {
        if let Ok(heading) = Heading::parse("a.dbf", &bytes) {
            prop_assert!(heading.needed_bytes() > 0);
            // A table may announce more rows than it has.
            let _ = heading.each_text(bytes.as_slice(), |text| {
                let row = match text.place {
                    Place::Row(row) | Place::Cell(row, _) => row,
                    Place::Heading => 0,
                };
                assert!(row <= u64::from(heading.row_count));
                assert!(!text.bytes.is_ascii() || may_be_yuscii(text.bytes));
            });
        }
    }

    #[test]
    fn any_table_of_text_is_read_or_refused(
        content in prop_oneof![
            vec(any::<u8>(), 0..200),
            "(sep=;\n)?[a-d;,\t\"\r\n čЖ\u{feff}]{0,120}".prop_map(String::into_bytes),
        ],
        encoding in proptest::option::of(prop_oneof![
            Just("UTF-8"), Just("CP1250"), Just("CP1251"), Just("UTF-16LE"), Just("ISO-8859-2"),
        ]),
    ) {
        if let Ok((width, records)) = csv_records(&content, encoding) {
            prop_assert!(records.iter().all(|record| record.values.len() == width));
            prop_assert!(records.is_sorted_by(|one, next| one.row < next.row));
        }
    }

    #[test]
    fn any_archive_is_opened_or_refused(bytes in zip()) {
        with_file("a.zip", &bytes, |path| {
            if let Ok((_, members)) = archive::open(path) {
                let inside = |name: &str| !name.starts_with('/') && !name.split('/').any(|it| it == "..");
                assert!(members.iter().all(|member| inside(&member.name)));
            }
        });
    }

    #[test]
    fn any_message_is_understood_or_refused(bytes in vec(any::<u8>(), 0..200), kind in 0_u8..5) {
        let body = [&[kind], bytes.as_slice()].concat();
        let length = u32::try_from(body.len()).unwrap().to_le_bytes();
        let framed = [length.as_slice(), &body].concat();
        // Whether it is understood is left open; that it ends is not.
        let _ = frame::read::<Event>(&mut framed.as_slice());
        let _ = frame::read::<Job>(&mut framed.as_slice());
        let _ = frame::read::<Event>(&mut bytes.as_slice());
    }

    #[test]
    fn records_arrive_as_they_were_sent(records in vec(record(), 0..8)) {
        let mut stream = Vec::new();
        frame::write(&mut stream, Event::Records(records.clone())).unwrap();
        let Event::Records(arrived) = frame::read(&mut stream.as_slice()).unwrap() else {
            panic!("another message arrived");
        };
        prop_assert_eq!(format!("{arrived:?}"), format!("{records:?}"));
    }

    #[test]
    fn any_text_around_a_format_is_looked_at(
        text in prop_oneof![
            any::<String>(),
            "(<(/|!--|!\\[CDATA\\[)?[A-Za-z:]{0,8}( [a-z]{1,3}=\"[a-z<]{0,3}\")?(/|--|\\]\\])?>?[ a&;]{0,3}){0,12}",
            "([ ]{0,2}[0-9]{1,3}\r?\n[A-Z$_a-z0-9]{0,12}\r?\n){0,12}",
        ],
        name in "[a-zA-Z./ ]{0,20}",
    ) {
        let plain = kml::plain("a.kml", &text);
        prop_assert!(plain.map_or(0, |plain| plain.links.len()) <= text.len());
        let _ = dxf::statement(text.as_bytes());
        let _ = dxf::note_of_curves(&text);
        let _ = Format::of_content(text.as_bytes());
        let _ = refused_by_name(&name, name.rsplit('.').next().unwrap_or(""), text.as_bytes());
    }

    #[test]
    fn any_name_of_an_encoding_is_known_or_refused(
        name in prop_oneof![any::<String>(), "(cp|CP|windows-|ISO[- ]?8859[-_]|utf-?)?[0-9]{0,5}"],
        bytes in vec(any::<u8>(), 0..40),
    ) {
        if let Ok(charset) = name.parse::<Charset>() {
            let again: Charset = charset.to_string().parse().unwrap();
            prop_assert_eq!(again.to_string(), charset.to_string());
            let _ = charset.decode(&bytes);
            let _ = charset.decode_field(&bytes, true);
        }
    }
}
