//! Requests, written out by hand: a client that tells a whole answer from a broken one.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Whether the body is as long as announced, or was ended by the closing chunk.
    pub is_whole: bool,
}

impl Answer {
    pub fn json(&self) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {text}"))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Sends a request and reads the whole answer; an error is one of the connection.
pub fn get(url: &str) -> std::io::Result<Answer> {
    let mut stream = ask(url)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    Ok(parse(&bytes))
}

/// Sends a request; the answer is for the caller to read.
pub fn ask(url: &str) -> std::io::Result<TcpStream> {
    let rest = url.strip_prefix("http://").expect("an http address");
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host)?;
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )?;
    Ok(stream)
}

/// Reads an answer as it came over the wire (RFC 9112).
pub fn parse(bytes: &[u8]) -> Answer {
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("a head");
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .unwrap()
        .parse()
        .unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let mut answer = Answer {
        status,
        headers,
        body: Vec::new(),
        is_whole: false,
    };
    let rest = &bytes[end + 4..];
    if answer.header("transfer-encoding") == Some("chunked") {
        (answer.body, answer.is_whole) = chunks(rest);
    } else {
        let length = answer
            .header("content-length")
            .map_or(0, |text| text.parse().unwrap());
        (answer.body, answer.is_whole) = (rest.to_vec(), rest.len() == length);
    }
    answer
}

/// The joined chunks, and whether the last one, of no bytes, came.
fn chunks(mut rest: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    while let Some(line) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&rest[..line]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        rest = &rest[line + 2..];
        if size == 0 {
            return (body, true);
        }
        let there = size.min(rest.len());
        body.extend_from_slice(&rest[..there]);
        rest = rest.get(size + 2..).unwrap_or_default();
    }
    (body, false)
}
