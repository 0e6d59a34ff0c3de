//! Messages on a byte stream: a little-endian `u32` length, then postcard.

use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::protocol::MAX_MESSAGE_BYTES;

/// Reads one message.
pub(super) fn read<T: DeserializeOwned>(stream: &mut impl Read) -> io::Result<T> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = usize::try_from(u32::from_le_bytes(length)).map_err(io::Error::other)?;
    let mut body = vec![0; checked(length)?];
    stream.read_exact(&mut body)?;
    postcard::from_bytes(&body).map_err(io::Error::other)
}

/// Writes one message.
pub(super) fn write<T: Serialize>(stream: &mut impl Write, message: &T) -> io::Result<()> {
    let body = postcard::to_stdvec(message).map_err(io::Error::other)?;
    let length = u32::try_from(checked(body.len())?).map_err(io::Error::other)?;
    stream.write_all(&length.to_le_bytes())?;
    stream.write_all(&body)
}

fn checked(length: usize) -> io::Result<usize> {
    if length > MAX_MESSAGE_BYTES {
        return Err(io::Error::other(format!("a message of {length} bytes")));
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::{read, write};
    use crate::protocol::Event;

    #[test]
    fn a_message_survives_the_stream() {
        let mut stream = Vec::new();
        write(&mut stream, &Event::Failed("no .shx".to_owned())).unwrap();
        // u32 length 9; then variant 3, string length 7, the text.
        assert_eq!(stream, b"\x09\0\0\0\x03\x07no .shx");
        let event = read(&mut stream.as_slice()).unwrap();
        assert!(matches!(event, Event::Failed(words) if words == "no .shx"));
    }

    #[test]
    fn an_absurd_length_is_refused_before_memory_is_taken() {
        assert!(read::<Event>(&mut [0xff, 0xff, 0xff, 0xff].as_slice()).is_err());
    }
}
