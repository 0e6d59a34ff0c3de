use super::{BadByte, Charset};

const KNOWN: [Charset; 16] = [
    Charset::Utf8,
    Charset::Cp1250,
    Charset::Cp1251,
    Charset::Cp437,
    Charset::Cp852,
    Charset::Koi8R,
    Charset::Iso8859_2,
    Charset::Cp1252,
    Charset::Cp855,
    Charset::Cp866,
    Charset::Iso8859_5,
    Charset::MacCyrillic,
    Charset::Yuscii,
    Charset::YusciiCyrillic,
    Charset::Utf16Le,
    Charset::Utf16Be,
];

/// The byte values of Š š Đ đ Č č Ć ć Ž ž in the code charts of Microsoft, IBM and ISO.
#[test]
fn serbian_latin_letters_have_their_published_bytes() {
    for (charset, bytes) in [
        (Charset::Cp1250, b"\x8A\x9A\xD0\xF0\xC8\xE8\xC6\xE6\x8E\x9E"),
        (Charset::Cp852, b"\xE6\xE7\xD1\xD0\xAC\x9F\x8F\x86\xA6\xA7"),
        (
            Charset::Iso8859_2,
            b"\xA9\xB9\xD0\xF0\xC8\xE8\xC6\xE6\xAE\xBE",
        ),
    ] {
        assert_eq!(charset.decode(bytes).unwrap(), "ŠšĐđČčĆćŽž", "{charset}");
    }
}

#[test]
fn serbian_cyrillic_letters_have_their_published_bytes() {
    for (charset, bytes) in [
        (
            Charset::Cp1251,
            b"\x80\x90\x8A\x9A\x8C\x9C\x8E\x9E\x8F\x9F\xA3\xBC\xC0\xE0\xD8\xF8\xC6\xE6",
        ),
        (
            Charset::Cp855,
            b"\x81\x80\x91\x90\x93\x92\x95\x94\x9B\x9A\x8F\x8E\xA1\xA0\xF6\xF5\xEA\xE9",
        ),
        (
            Charset::Iso8859_5,
            b"\xA2\xF2\xA9\xF9\xAA\xFA\xAB\xFB\xAF\xFF\xA8\xF8\xB0\xD0\xC8\xE8\xB6\xD6",
        ),
        (
            Charset::MacCyrillic,
            b"\xAB\xAC\xBC\xBD\xBE\xBF\xCB\xCC\xDA\xDB\xB7\xC0\x80\xE0\x98\xF8\x86\xE6",
        ),
    ] {
        let text = charset.decode(bytes).unwrap();
        assert_eq!(text, "ЂђЉљЊњЋћЏџЈјАаШшЖж", "{charset}");
    }
    assert_eq!(Charset::Cp866.decode(b"\x80\xA0\xE0").unwrap(), "Аар");
    // `CP437.TXT` of the Unicode Consortium; RFC 1489.
    assert_eq!(Charset::Cp437.decode(b"\x9F\xA7\xE7\xD0").unwrap(), "ƒºτ╨");
    assert_eq!(Charset::Koi8R.decode(b"\xC2\xEF\xF2").unwrap(), "бОР");
}

/// ISO-IR-141 and ISO-IR-146, the registered forms of JUS I.B1.002 and JUS I.B1.003; iconv of
/// glibc gives the same for the first.
#[test]
fn letters_stand_for_signs_in_yuscii() {
    assert_eq!(
        Charset::Yuscii.decode(b"[{\\|^~]}@` Kru{evac").unwrap(),
        "ŠšĐđČčĆćŽž Kruševac"
    );
    assert_eq!(
        Charset::YusciiCyrillic
            .decode(b"@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^ `abcdefghijklmnopqrstuvwxyz{|}~")
            .unwrap(),
        "ЖАБЦДЕФГХИЈКЛМНОПЉРСТУВЊЏЅЗШЂЋЧ жабцдефгхијклмнопљрстувњџѕзшђћч"
    );
    let places = b"poqoprivrednog zemqi{ta okru`ewe, RS-70327-901 tailings_pond";
    assert_eq!(
        Charset::YusciiCyrillic.decode(places).unwrap(),
        "пољопривредног земљишта окружење, RS-70327-901 tailings_pond"
    );
    assert_eq!(
        Charset::YusciiCyrillic.decode_name(b"[IFRA").unwrap(),
        "ŠIFRA"
    );
    assert_eq!(
        Charset::Yuscii.decode(b"Kru\x9Aevac"),
        Err(BadByte { offset: 3 })
    );
}

#[test]
fn ascii_is_the_same_in_all_but_utf_16_and_yuscii() {
    for charset in KNOWN {
        if matches!(charset, Charset::Utf16Le | Charset::Utf16Be) || charset.is_7_bit() {
            continue;
        }
        assert_eq!(
            charset.decode(b"RS-70327-901 {|}~").unwrap(),
            "RS-70327-901 {|}~"
        );
    }
    assert_eq!(Charset::Utf16Le.decode(b"B\0o\0r\0").unwrap(), "Bor");
    assert_eq!(Charset::Utf16Be.decode(b"\0B\0o\0r").unwrap(), "Bor");
}

#[test]
fn bytes_that_are_no_text_are_placed() {
    let at = |offset| Err(BadByte { offset });
    assert_eq!(Charset::Utf8.decode(b"Kru\x9Aevac"), at(3));
    assert_eq!(Charset::Cp1250.decode(b"ab\x81"), at(2));
    assert_eq!(Charset::Cp1251.decode(b"\x98"), at(0));
    assert_eq!(Charset::Iso8859_2.decode(b"Kru\x9Aevac"), at(3));
    assert_eq!(Charset::Utf16Le.decode(b"B\0\0\xD8"), at(2));
}

#[test]
fn a_letter_cut_by_the_column_is_left_out_only_where_the_column_is_full() {
    let cut = "Kruš".as_bytes().split_last().unwrap().1;
    assert_eq!(Charset::Utf8.decode_field(cut, true).unwrap(), "Kru");
    assert_eq!(
        Charset::Utf8.decode_field(cut, false),
        Err(BadByte { offset: 3 })
    );
    assert_eq!(
        Charset::Cp1250.decode_field(b"Kru\x9A", true).unwrap(),
        "Kruš"
    );
}

#[test]
fn names_are_taken_as_people_and_programs_write_them() {
    for (name, charset) in [
        ("utf8", Charset::Utf8),
        ("UTF-8\r\n", Charset::Utf8),
        ("65001", Charset::Utf8),
        ("windows-1250", Charset::Cp1250),
        ("ANSI 1250", Charset::Cp1250),
        ("1251", Charset::Cp1251),
        ("OEM 852", Charset::Cp852),
        ("ISO 8859-2", Charset::Iso8859_2),
        ("88592", Charset::Iso8859_2),
        ("latin2", Charset::Iso8859_2),
        ("ISO-8859-1", Charset::Cp1252),
        ("UTF-16BE", Charset::Utf16Be),
        ("cp-1250", Charset::Cp1250),
        ("852", Charset::Cp852),
        ("IBM855", Charset::Cp855),
        ("iso8859-5", Charset::Iso8859_5),
        ("IBM437", Charset::Cp437),
        ("koi8r", Charset::Koi8R),
        ("mac-cyrillic", Charset::MacCyrillic),
        ("yuscii", Charset::Yuscii),
        ("JUS_I.B1.002", Charset::Yuscii),
        ("YUSCII-CYR", Charset::YusciiCyrillic),
        ("JUS_I.B1.003-serb", Charset::YusciiCyrillic),
    ] {
        assert_eq!(name.parse(), Ok(charset), "{name}");
    }
    let error = "EBCDIC".parse::<Charset>().unwrap_err().to_string();
    for charset in KNOWN {
        assert_eq!(charset.to_string().parse(), Ok(charset));
        assert!(error.contains(&charset.to_string()), "{error}");
    }
}

#[test]
fn the_upper_half_of_a_code_page_is_what_it_decodes_to() {
    for charset in KNOWN {
        let Some(half) = charset.upper_half() else {
            continue;
        };
        for (byte, character) in (0x80..=0xFF).zip(half) {
            if let Ok(text) = charset.decode(&[byte]) {
                assert_eq!(text, character.to_string(), "{charset} {byte:02X}");
            }
        }
    }
    assert_eq!(Charset::Utf8.upper_half(), None);
}
