//! The names of the files in a zip archive, which may be in any encoding.

use std::io::{Read, Seek};

use zip::read::ZipFile;

use super::charset::Charset;
use super::encoding::{self, Declared, Place, RawText};

/// General purpose bit 11: the name is UTF-8 (APPNOTE 4.4.4).
const UTF8_FLAG: u16 = 1 << 11;

/// The name of an entry. Without the flag for UTF-8 it is in the code page of the machine that
/// made the archive, for Windows in Serbia mostly CP852, and is read as what looks most like
/// Serbian; many programs write UTF-8 and forget the flag.
pub(super) fn decoded<R: Read + Seek>(entry: &ZipFile<'_, R>) -> String {
    let raw = entry.name_raw();
    let flagged = entry.flags().as_u16() & UTF8_FLAG != 0;
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) if flagged => String::from_utf8_lossy(raw).into_owned(),
        Err(_) => in_code_page(raw),
    }
}

fn in_code_page(raw: &[u8]) -> String {
    let text = RawText {
        place: Place::Heading,
        bytes: raw,
        fills: false,
    };
    let found = encoding::decide(&[text], None, Declared::default());
    let charset = found.ok().and_then(|decision| decision.name.parse().ok());
    let name = charset.and_then(|charset: Charset| {
        let decoded = charset.decode(raw).ok()?;
        Some(decoded.into_owned())
    });
    name.unwrap_or_else(|| String::from_utf8_lossy(raw).into_owned())
}

#[cfg(test)]
mod tests {
    use super::in_code_page;

    #[test]
    fn names_of_serbian_files_are_read_in_their_code_page() {
        // Bytes after the mapping tables CP852.TXT and CP1250.TXT of the Unicode Consortium.
        for (raw, name) in [
            (
                b"jalovi\xE7te/\xA6u\xA7a.shp".as_slice(),
                "jalovište/Žuža.shp",
            ),
            (b"\xACa\x9Fak/\xE7ljivar.shp", "Čačak/šljivar.shp"),
            (b"\xC8a\xE8ak/jalovi\x9Ate.shp", "Čačak/jalovište.shp"),
        ] {
            assert_eq!(in_code_page(raw), name);
        }
    }
}
