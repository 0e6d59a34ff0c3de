//! Parts of a file (RFC 9110, 13 and 14).

use std::ops::Range;

use axum::http::{HeaderMap, HeaderName, Method, header};

/// Requests for more parts than this get the whole file, as RFC 9110, 14.2 allows.
const MOST_PARTS: usize = 16;

/// What a request wants of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The client's copy is this very file: 304.
    Unchanged,
    /// The client wants another file than this one: 412.
    Another,
    /// All of it: 200.
    Whole,
    /// These bytes: 206.
    Parts(Vec<Range<u64>>),
    /// Nothing that the file has: 416.
    Beyond,
}

impl Asked {
    /// Reads the conditions and the range of a request, in the order of RFC 9110, 13.2.2. `tag` is
    /// the file's strong entity tag, quotes included, and `size` its bytes. There is no date of
    /// modification, so conditions on one are not evaluated, and a range under one is not taken.
    pub fn of(method: &Method, headers: &HeaderMap, tag: &str, size: u64) -> Self {
        if headers.contains_key(header::IF_MATCH) && !lists(headers, header::IF_MATCH, tag, "") {
            return Self::Another;
        }
        if lists(headers, header::IF_NONE_MATCH, tag, "W/") {
            return Self::Unchanged;
        }
        let same = headers
            .get(header::IF_RANGE)
            .is_none_or(|condition| condition.as_bytes() == tag.as_bytes());
        let range = headers
            .get(header::RANGE)
            .and_then(|range| range.to_str().ok());
        match range {
            // A range is defined for GET alone (14.2).
            Some(range) if same && *method == Method::GET => Self::range(range, size),
            _ => Self::Whole,
        }
    }

    /// RFC 9110, 14.1.2. A range that is not understood is as if it were not there.
    fn range(text: &str, size: u64) -> Self {
        let Some(set) = byte_set(text) else {
            return Self::Whole;
        };
        let specs: Option<Vec<_>> = set
            .split(',')
            .map(|spec| spec.trim_matches([' ', '\t']))
            .filter(|spec| !spec.is_empty())
            .map(Spec::read)
            .collect();
        match specs {
            Some(specs) if (1..=MOST_PARTS).contains(&specs.len()) => {
                let parts: Vec<_> = specs.iter().filter_map(|spec| spec.within(size)).collect();
                if parts.is_empty() {
                    Self::Beyond
                } else {
                    Self::Parts(parts)
                }
            }
            _ => Self::Whole,
        }
    }
}

/// Units are compared without regard to case (14.1).
fn byte_set(text: &str) -> Option<&str> {
    let (unit, set) = text.split_once('=')?;
    unit.trim().eq_ignore_ascii_case("bytes").then_some(set)
}

/// Whether a header lists a tag, or every tag; `ignored` is a prefix of tags that is not compared.
fn lists(headers: &HeaderMap, name: HeaderName, tag: &str, ignored: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|one| one == "*" || one == tag || one.strip_prefix(ignored) == Some(tag))
}

#[derive(Clone, Copy)]
enum Spec {
    From(u64),
    Between(u64, u64),
    Last(u64),
}

impl Spec {
    fn read(text: &str) -> Option<Self> {
        match text.split_once('-')? {
            ("", last) => Some(Self::Last(digits(last)?)),
            (first, "") => Some(Self::From(digits(first)?)),
            (first, last) => {
                let (first, last) = (digits(first)?, digits(last)?);
                (first <= last).then_some(Self::Between(first, last))
            }
        }
    }

    fn within(self, size: u64) -> Option<Range<u64>> {
        let range = match self {
            Self::From(first) => first..size,
            Self::Between(first, last) => first..size.min(last.saturating_add(1)),
            Self::Last(count) => size.saturating_sub(count)..size,
        };
        (range.start < range.end).then_some(range)
    }
}

/// Numbers too large to be kept are places beyond every file.
fn digits(text: &str) -> Option<u64> {
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "\"ab12\"";

    fn asked(pairs: &[(&'static str, &'static str)], method: &Method) -> Asked {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        Asked::of(method, &headers, TAG, 1000)
    }

    #[test]
    fn ranges_as_the_standard_writes_them() {
        let parts = |parts: &[(u64, u64)]| {
            Asked::Parts(parts.iter().map(|(start, end)| *start..*end).collect())
        };
        for (range, wanted) in [
            ("bytes=0-499", parts(&[(0, 500)])),
            ("bytes=500-999", parts(&[(500, 1000)])),
            ("bytes=-300", parts(&[(700, 1000)])),
            ("bytes=-2000", parts(&[(0, 1000)])),
            ("bytes=900-", parts(&[(900, 1000)])),
            ("bytes=0-0,-1", parts(&[(0, 1), (999, 1000)])),
            ("bytes= 0-99 , , 200-2000 ", parts(&[(0, 100), (200, 1000)])),
            ("bytes=0-99,5000-", parts(&[(0, 100)])),
            ("BYTES=999-", parts(&[(999, 1000)])),
            ("bytes=0-99999999999999999999999", parts(&[(0, 1000)])),
            ("bytes=1000-", Asked::Beyond),
            ("bytes=99999999999999999999999-", Asked::Beyond),
            ("bytes=-0", Asked::Beyond),
            ("bytes=500-499", Asked::Whole),
            ("bytes=", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=a-b", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("bytes=1-2-3", Asked::Whole),
            ("rows=1-2", Asked::Whole),
            ("0-499", Asked::Whole),
            (
                "bytes=1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8,9-9,10-10,11-11,12-12,13-13,14-14,15-15,\
                 16-16,17-17",
                Asked::Whole,
            ),
        ] {
            assert_eq!(asked(&[("range", range)], &Method::GET), wanted, "{range}");
        }
        let empty = Asked::range("bytes=0-", 0);
        assert_eq!(empty, Asked::Beyond, "an empty file has no byte 0");
        let head = asked(&[("range", "bytes=0-499")], &Method::HEAD);
        assert_eq!(head, Asked::Whole);
    }

    #[test]
    fn conditions_come_before_the_range() {
        const RANGE: (&str, &str) = ("range", "bytes=0-9");
        let part = Asked::range("bytes=0-9", 1000);
        for (name, value, wanted) in [
            ("if-none-match", "\"ab12\"", Asked::Unchanged),
            ("if-none-match", "\"x\", W/\"ab12\"", Asked::Unchanged),
            ("if-none-match", "*", Asked::Unchanged),
            ("if-none-match", "\"x\"", part.clone()),
            ("if-match", "\"ab12\"", part.clone()),
            ("if-match", "*", part.clone()),
            ("if-match", "W/\"ab12\"", Asked::Another),
            ("if-match", "\"x\"", Asked::Another),
            ("if-range", "\"ab12\"", part),
            ("if-range", "W/\"ab12\"", Asked::Whole),
            ("if-range", "\"x\"", Asked::Whole),
            ("if-range", "Sat, 29 Oct 1994 19:43:31 GMT", Asked::Whole),
        ] {
            let found = asked(&[RANGE, (name, value)], &Method::GET);
            assert_eq!(found, wanted, "{name}: {value}");
        }
    }
}
