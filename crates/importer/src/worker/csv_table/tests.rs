use super::{CsvTable, ENOUGH_ASCII_LINES, decode, raw_lines};
use crate::protocol::SourceValue;
use crate::worker::failure::Failure;

fn table(bytes: &[u8]) -> Result<CsvTable, Failure> {
    let (decided, text) = decode("a.csv", bytes, None)?;
    CsvTable::from_text("a.csv", text, decided)
}

/// Headings joined by `|`, then line and values of every record.
fn read(bytes: &[u8]) -> Result<(String, Vec<(u64, String)>), Failure> {
    let table = table(bytes)?;
    let mut records = Vec::new();
    table.for_each(|record| {
        let values = record.values.iter().map(|value| match value {
            SourceValue::Text(text) => text.as_str(),
            _ => "-",
        });
        records.push((record.row, values.collect::<Vec<_>>().join("|")));
        Ok::<_, Failure>(())
    })?;
    Ok((table.headings.join("|"), records))
}

#[test]
fn of_many_lines_those_outside_ascii_are_all_looked_at() {
    let mut table = b"owner;x;y\n".to_vec();
    table.extend(b"Krivelj;1;2\n".repeat(3 * ENOUGH_ASCII_LINES));
    table.extend(b"Kru\x9Aevac;1;2\nBor;1;2\n");
    let lines = raw_lines(&table, None);
    let foreign = lines.iter().filter(|line| !line.bytes.is_ascii()).count();
    assert_eq!(foreign, 1);
    assert!((ENOUGH_ASCII_LINES / 2..=ENOUGH_ASCII_LINES + 1).contains(&lines.len()));
}

#[test]
fn values_come_with_their_line() {
    for (bytes, headings, records) in [
        (
            b"code,name\nA,Bor\nB,\n".as_slice(),
            "code|name",
            vec![(2, "A|Bor"), (3, "B|-")],
        ),
        (
            b"code;name\r\nA;Bor, V.\r\nB;x\r\n",
            "code|name",
            vec![(2, "A|Bor, V."), (3, "B|x")],
        ),
        (b"code\tname\nA\tBor", "code|name", vec![(2, "A|Bor")]),
        // Line ends of old Macintoshes.
        (
            b"code,name\rA,Bor\rB,\r",
            "code|name",
            vec![(2, "A|Bor"), (3, "B|-")],
        ),
        (
            b"\xEF\xBB\xBFcode,name\nA,Bor",
            "code|name",
            vec![(2, "A|Bor")],
        ),
        (b"sep=;\r\ncode;name\r\nA;B", "code|name", vec![(3, "A|B")]),
        (
            b"code,name\n\n\nA,Bor\n,\nB,x",
            "code|name",
            vec![(4, "A|Bor"), (6, "B|x")],
        ),
        (
            b"code,name\nA,\"two\nlines\"\nB,x",
            "code|name",
            vec![(2, "A|two\nlines"), (4, "B|x")],
        ),
        (
            b"code,,name\nA,1\nB,2,c,,",
            "code|column 2|name",
            vec![(2, "A|1|-"), (3, "B|2|c")],
        ),
        (b"\"a;b\",c\n1,5\" pipe\n", "a;b|c", vec![(2, "1|5\" pipe")]),
        (b"code\n", "code", vec![]),
        (b"code|name\nA|Bor", "code|name", vec![(2, "A|Bor")]),
        (
            b"Registar jalovista 2023\n\n# izvoz\ncode;name;x\nA;Bor;1\n\nB;x;2",
            "code|name|x",
            vec![(5, "A|Bor|1"), (7, "B|x|2")],
        ),
    ] {
        let (found, values) = read(bytes).unwrap();
        assert_eq!(found, headings);
        let values: Vec<_> = values
            .iter()
            .map(|(line, text)| (*line, text.as_str()))
            .collect();
        assert_eq!(values, records, "{headings}");
    }
}

#[test]
fn what_cannot_be_divided_is_refused_with_its_line() {
    for (bytes, words) in [
        (b"code,x\nA,1\nB,44,07\n".as_slice(), "line 3 has 3 values"),
        (
            b"code;name;x;y\nA;1;2;3\nB,1,2,3\n",
            "line 3 is divided by commas, but the heading by semicolons",
        ),
        (
            b"code,name,x,y\nA;1;44,1;22,1\n",
            "line 2 is divided by semicolons, but the heading by commas",
        ),
        (b"code,name\nA,1\nB,\"open\nC,2\nD,3", "begins on line 3"),
        (
            b"code,code\n",
            "two columns of \"a.csv\" are named \"code\"",
        ),
        (b"", "\"a.csv\" is empty"),
    ] {
        let error = read(bytes).unwrap_err().0;
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn text_is_decoded_with_its_evidence() {
    for (bytes, name, evidence) in [
        (
            b"a\nKru\x9Aevac".as_slice(),
            "CP1250",
            "reads the text most like Serbian",
        ),
        (
            b"a\nKru\xE7evac",
            "CP852",
            "reads the text most like Serbian",
        ),
        (b"a\nKru\xC5\xA1evac", "UTF-8", "valid UTF-8"),
        (
            b"\xFF\xFEa\0\n\0K\0r\0u\0\x61\x01e\0v\0a\0c\0",
            "UTF-16LE",
            "byte order mark",
        ),
    ] {
        let table = table(bytes).unwrap();
        assert_eq!(
            (table.encoding.name.as_str(), table.encoding.samples.len()),
            (name, 1)
        );
        assert_eq!(table.encoding.samples, ["Kruševac"]);
        assert!(
            table.encoding.evidence.en.contains(evidence),
            "{}",
            table.encoding.evidence
        );
    }
}

#[test]
fn a_wrong_encoding_named_by_the_user_is_refused_with_its_line() {
    let error = decode("a.csv", b"a\nb\nKru\x9Aevac", Some("UTF-8")).unwrap_err();
    assert!(error.0.contains("row 3 is not UTF-8"), "{error:?}");
}

#[test]
fn the_end_mark_of_dos_is_no_value() {
    let (_, values) = read(b"a,b\r\n1,2\r\n\x1a").unwrap();
    assert_eq!(values, read(b"a,b\r\n1,2\r\n").unwrap().1);
    assert_eq!(values, read(b"a,b\n1,2\x1a").unwrap().1);
}

#[test]
fn the_character_nul_is_refused_with_its_line() {
    for bytes in [b"a,b\n1,2\n3,\x00\n".as_slice(), b"a,b\r1,2\r3\x00,4\r"] {
        let refused = table(bytes).map(|_| ()).unwrap_err();
        assert!(
            refused
                .0
                .starts_with("line 3 of \"a.csv\" holds the character NUL"),
            "{refused:?}"
        );
    }
}
