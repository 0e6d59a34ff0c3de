//! The character U+FFFD, which programs put where they could not decode a letter.

use std::fs::File;
use std::io::{self, Read};

use crate::worker::container::Container;
use crate::worker::failure::{Failure, failure};

/// U+FFFD in UTF-8.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();
const CHUNK_BYTES: usize = 1 << 20;

/// Whether the file `name` has the character in it. Where GDAL gives one that the file does not
/// have, the file has bytes that are no UTF-8: those are not lost, and can be exported rightly.
pub(in crate::worker) fn is_stored(container: &mut Container, name: &str) -> Result<bool, Failure> {
    if container.is_zip() {
        return holds(container.bytes(name)?.as_slice())
            .map_err(|error| failure!("{name:?} cannot be searched: {error}"));
    }
    File::open(container.gdal_path(name))
        .and_then(holds)
        .map_err(|error| failure!("{name:?} cannot be read to its end ({error}); send it again"))
}

fn holds(mut file: impl Read) -> io::Result<bool> {
    let mut window = Vec::with_capacity(CHUNK_BYTES + REPLACEMENT.len());
    loop {
        let limit = u64::try_from(CHUNK_BYTES).unwrap_or(u64::MAX);
        let read = file.by_ref().take(limit).read_to_end(&mut window)?;
        if is_in(&window) {
            return Ok(true);
        }
        if read == 0 {
            return Ok(false);
        }
        // The character may begin at the end of this part.
        let kept = window.len().saturating_sub(REPLACEMENT.len() - 1);
        window.drain(..kept);
    }
}

fn is_in(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == REPLACEMENT[0]) {
        rest = &rest[at..];
        if rest.starts_with(REPLACEMENT) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{CHUNK_BYTES, holds};

    #[test]
    fn the_character_is_found_wherever_it_stands() {
        for before in [
            0,
            7,
            CHUNK_BYTES - 3,
            CHUNK_BYTES - 1,
            CHUNK_BYTES,
            3 * CHUNK_BYTES,
        ] {
            let mut bytes = vec![b'a'; before];
            bytes.extend("\u{fffd}evac".bytes());
            assert!(holds(bytes.as_slice()).unwrap(), "{before}");
            bytes.truncate(before + 2);
            assert!(!holds(bytes.as_slice()).unwrap(), "{before}");
        }
        assert!(!holds("Ђ \u{fffc} \u{ff01} Krušev\u{e000}".as_bytes()).unwrap());
    }
}
