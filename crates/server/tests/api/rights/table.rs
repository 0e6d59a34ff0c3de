//! The table of what each role gets by each route: `table.txt` says how it is read.

use axum::http::StatusCode;

use super::READERS;

/// Who is told restricted values.
#[derive(Clone, Copy, Debug)]
pub enum Tells {
    Nobody,
    /// Those whose role is not limited to regions.
    Unlimited,
    /// Also those whose region the answer is of.
    Region,
}

/// One thing to try.
pub struct Entry {
    /// Method and path as the router has them.
    pub route: &'static str,
    pub path: &'static str,
    /// The status for each reader.
    pub expected: Vec<StatusCode>,
    pub tells: Tells,
    pub content_type: Option<&'static str>,
    pub body: &'static str,
}

/// The table.
pub fn entries() -> Vec<Entry> {
    let (mut names, mut entries, mut route) = (Vec::new(), Vec::new(), "");
    for line in include_str!("table.txt").lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(tried) = line.strip_prefix("    ") {
            entries.push(entry(route, tried, &names));
        } else if let Some((name, codes)) = line.split_once('=') {
            names.push((name.trim(), codes.trim()));
        } else {
            route = line;
        }
    }
    entries
}

fn entry(route: &'static str, tried: &'static str, names: &[(&str, &'static str)]) -> Entry {
    let parts: Vec<&str> = tried.split('|').map(str::trim).collect();
    let named = names.iter().find(|(name, _)| *name == parts[0]);
    let codes = named.map_or(parts[0], |(_, codes)| codes).split(' ');
    let mut expected: Vec<StatusCode> = codes.map(|code| code.parse().unwrap()).collect();
    if let [one] = expected[..] {
        expected = vec![one; READERS.len()];
    }
    assert_eq!(expected.len(), READERS.len(), "{tried}");
    Entry {
        route,
        path: parts[2],
        expected,
        tells: match parts[1] {
            "nobody" => Tells::Nobody,
            "unlimited" => Tells::Unlimited,
            "region" => Tells::Region,
            other => panic!("who is {other}: {tried}"),
        },
        content_type: parts.get(3).map(|kind| match *kind {
            "form" => "application/x-www-form-urlencoded",
            "json" => "application/json",
            "merge-patch" => "application/merge-patch+json",
            "geojson" => "application/geo+json",
            other => panic!("a body of which kind: {other}"),
        }),
        body: parts.get(4).copied().unwrap_or_default(),
    }
}
