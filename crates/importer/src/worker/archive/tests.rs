use super::open;

/// An entry of a zip archive, as the archive's own list describes it.
#[derive(Clone)]
struct Entry {
    name: &'static str,
    flags: u16,
    method: u16,
    /// Unix mode.
    mode: u32,
    /// Sizes that the list announces, packed and unpacked.
    sizes: [u32; 2],
    /// Where the list says that the entry begins.
    begin: Option<u32>,
}

const FILE: Entry = Entry {
    name: "a.csv",
    flags: 0,
    method: 0,
    mode: 0o100_644,
    sizes: [1, 1],
    begin: None,
};

/// A zip archive (APPNOTE 4.3) whose every entry holds one letter.
fn zip(entries: &[Entry]) -> Vec<u8> {
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    for entry in entries {
        let length = u16::try_from(entry.name.len()).unwrap().to_le_bytes();
        let begin = u32::try_from(bytes.len()).unwrap();
        let described = [
            &entry.flags.to_le_bytes()[..],
            &entry.method.to_le_bytes(),
            // No time; the checksum of the letter A.
            &[0, 0, 0x21, 0, 0x8B, 0x9E, 0xD9, 0xD3],
            &entry.sizes[0].to_le_bytes(),
            &entry.sizes[1].to_le_bytes(),
            &length,
            &[0, 0],
        ]
        .concat();
        bytes.extend(b"PK\x03\x04\x14\0");
        bytes.extend(&described);
        bytes.extend(entry.name.as_bytes());
        bytes.push(b'A');
        // Made on Unix.
        list.extend(b"PK\x01\x02\x14\x03\x14\0");
        list.extend(&described);
        list.extend([0; 6]);
        list.extend((entry.mode << 16).to_le_bytes());
        list.extend(entry.begin.unwrap_or(begin).to_le_bytes());
        list.extend(entry.name.as_bytes());
    }
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let begin = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    let length = u32::try_from(list.len()).unwrap().to_le_bytes();
    bytes.extend(list);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([&count[..], &count, &length, &begin, &[0, 0]].concat());
    bytes
}

fn opened(entries: &[Entry]) -> Result<Vec<String>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    std::fs::write(&path, zip(entries)).unwrap();
    let (_, members) = open(&path).map_err(|failure| failure.0)?;
    Ok(members.into_iter().map(|member| member.name).collect())
}

fn named(name: &'static str) -> Entry {
    Entry { name, ..FILE }
}

#[test]
fn an_archive_of_a_surveys_files_is_opened() {
    let entries = [
        named("a.csv"),
        named("folder/b.csv"),
        named("folder\\c.csv"),
        named("__MACOSX/._a.csv"),
        named("old.zip"),
    ];
    let names = ["a.csv", "folder/b.csv", "folder/c.csv", "old.zip"];
    assert_eq!(opened(&entries).unwrap(), names);
}

#[test]
fn steps_that_lead_nowhere_are_left_out() {
    let entries = ["./", ".", "./a.csv", "b//c.csv", "b/", "b//", "./b/./d.csv"].map(named);
    assert_eq!(opened(&entries).unwrap(), ["a.csv", "b/c.csv", "b/d.csv"]);
}

#[test]
fn names_that_lead_out_of_the_archive_are_refused() {
    for name in [
        "../a.csv",
        "folder/../../a.csv",
        "..\\a.csv",
        "/etc/a.csv",
        "\\\\server\\a.csv",
        "C:\\a.csv",
        "C:a.csv",
        "a.csv\0.shp",
    ] {
        let words = opened(&[named(name)]).unwrap_err();
        assert!(
            words.contains("leads out of the archive"),
            "{name}: {words}"
        );
    }
}

#[test]
fn entries_that_are_no_plain_files_are_refused() {
    for (entry, words) in [
        (
            Entry {
                mode: 0o120_777,
                ..FILE
            },
            "is a link",
        ),
        (
            Entry {
                mode: 0o010_644,
                ..FILE
            },
            "is a pipe or a device",
        ),
        (
            Entry {
                mode: 0o020_644,
                ..FILE
            },
            "is a pipe or a device",
        ),
        (
            Entry {
                mode: 0o060_644,
                ..FILE
            },
            "is a pipe or a device",
        ),
        (Entry { flags: 1, ..FILE }, "locked with a password"),
        (Entry { method: 14, ..FILE }, "is packed by"),
        (
            Entry {
                method: 8,
                sizes: [10_000, 3_000_000],
                ..FILE
            },
            "would grow from 10000 to 3000000 bytes",
        ),
    ] {
        let said = opened(&[entry]).unwrap_err();
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn archives_made_to_do_harm_are_refused() {
    let large = |name| Entry {
        name,
        sizes: [1_500_000_000, 1_500_000_000],
        ..FILE
    };
    let cases: [(Vec<Entry>, &str); 5] = [
        (vec![named("a.csv"), named("a.csv")], "twice"),
        (vec![named("a\\b.csv"), named("a/b.csv")], "twice"),
        (vec![named("./a.csv"), named("a.csv")], "twice"),
        (
            vec![large("a.csv"), large("b.csv")],
            "more than 2 GiB when unpacked",
        ),
        (
            vec![
                named("a.csv"),
                Entry {
                    name: "b.csv",
                    begin: Some(0),
                    ..FILE
                },
            ],
            "share their bytes",
        ),
    ];
    for (entries, words) in cases {
        let said = opened(&entries).unwrap_err();
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn an_archive_of_too_many_entries_is_refused() {
    let entries = |count| {
        let name = |number: usize| &*String::leak(format!("{number}.csv"));
        (0..count)
            .map(|number| named(name(number)))
            .collect::<Vec<_>>()
    };
    assert_eq!(opened(&entries(1000)).unwrap().len(), 1000);
    let said = opened(&entries(1001)).unwrap_err();
    assert!(
        said.contains("has 1001 entries, more than the 1000"),
        "{said}"
    );
}
