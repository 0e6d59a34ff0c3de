//! Messages on a byte stream: a little-endian `u32` length, then postcard.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;

use crate::protocol::{Event, MAX_MESSAGE_BYTES};

/// Most messages are shorter, and so are not moved while they grow.
const USUAL_BYTES: usize = 512 * 1024;

/// Reads one message.
pub(super) fn read<T: DeserializeOwned>(stream: &mut impl Read) -> io::Result<T> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = usize::try_from(u32::from_le_bytes(length)).map_err(io::Error::other)?;
    let mut body = vec![0; checked(length)?];
    stream.read_exact(&mut body)?;
    postcard::from_bytes(&body).map_err(io::Error::other)
}

/// Writes an answer; records that are too many bytes for one message go into several.
///
/// # Errors
/// [`io::ErrorKind::FileTooLarge`] in plain words when a single record, or what a file says about
/// itself, is longer than a message may be; else what the stream says.
pub(super) fn write(stream: &mut impl Write, event: Event) -> io::Result<()> {
    write_up_to(stream, event, MAX_MESSAGE_BYTES)
}

fn write_up_to(stream: &mut impl Write, event: Event, most_bytes: usize) -> io::Result<()> {
    let body = Vec::with_capacity(USUAL_BYTES);
    let body = postcard::to_extend(&event, body).map_err(io::Error::other)?;
    if body.len() <= most_bytes {
        let length = u32::try_from(body.len()).map_err(io::Error::other)?;
        stream.write_all(&length.to_le_bytes())?;
        return stream.write_all(&body);
    }
    drop(body);
    match event {
        Event::Records(mut records) if records.len() > 1 => {
            let rest = records.split_off(records.len() / 2);
            write_up_to(stream, Event::Records(records), most_bytes)?;
            write_up_to(stream, Event::Records(rest), most_bytes)
        }
        event => Err(too_large(&event)),
    }
}

fn too_large(event: &Event) -> io::Error {
    let what = match event {
        Event::Records(records) => {
            let row = records.first().map_or(0, |record| record.row);
            format!("record {row} has more than")
        }
        _ => "the description of the file's layers and fields has more than".to_owned(),
    };
    let most_mib = MAX_MESSAGE_BYTES >> 20;
    let words = format!(
        "{what} {most_mib} MiB, which no survey needs; simplify its geometry, or leave the long \
         texts out, and export the file again"
    );
    io::Error::new(io::ErrorKind::FileTooLarge, words)
}

fn checked(length: usize) -> io::Result<usize> {
    if length > MAX_MESSAGE_BYTES {
        return Err(io::Error::other(format!("a message of {length} bytes")));
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::{read, write, write_up_to};
    use crate::protocol::{Event, SourceRecord, SourceValue};

    fn record(row: u64, text: &str) -> SourceRecord {
        SourceRecord {
            row,
            fid: None,
            values: vec![SourceValue::Text(text.to_owned())],
            wkb: None,
        }
    }

    #[test]
    fn a_message_survives_the_stream() {
        let mut stream = Vec::new();
        write(&mut stream, Event::Failed("no .shx".to_owned())).unwrap();
        // u32 length 9; then variant 3, string length 7, the text.
        assert_eq!(stream, b"\x09\0\0\0\x03\x07no .shx");
        let event = read(&mut stream.as_slice()).unwrap();
        assert!(matches!(event, Event::Failed(words) if words == "no .shx"));
    }

    #[test]
    fn an_absurd_length_is_refused_before_memory_is_taken() {
        assert!(read::<Event>(&mut [0xff, 0xff, 0xff, 0xff].as_slice()).is_err());
    }

    #[test]
    fn records_too_long_for_one_message_are_divided() {
        let texts = ["a".repeat(60), "b".repeat(60), "c".repeat(60)];
        let records = (1..).zip(&texts).map(|(row, text)| record(row, text));
        let mut stream = Vec::new();
        write_up_to(&mut stream, Event::Records(records.collect()), 100).unwrap();
        let mut stream = stream.as_slice();
        let mut rows = Vec::new();
        while !stream.is_empty() {
            let Event::Records(records) = read(&mut stream).unwrap() else {
                panic!("no records");
            };
            rows.extend(records.iter().map(|record| record.row));
        }
        assert_eq!(rows, [1, 2, 3]);
    }

    #[test]
    fn a_record_too_long_for_any_message_is_named() {
        let records = vec![record(1, "a"), record(2, &"b".repeat(200))];
        let error = write_up_to(&mut Vec::new(), Event::Records(records), 100).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
        assert!(
            error
                .to_string()
                .starts_with("record 2 has more than 32 MiB"),
            "{error}"
        );
    }
}
