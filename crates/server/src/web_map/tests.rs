//! What can be told of the map without a browser.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use domain::Lang;

use super::{Background, policy, texts};

/// The names of texts that the sources of the script ask for.
fn asked() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/map/src");
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let source = fs::read_to_string(entry.unwrap().path()).unwrap();
        let after = source.split("say(\"").skip(1);
        names.extend(after.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
    }
    names
}

#[test]
fn the_script_has_every_text_that_it_asks_for_and_no_other() {
    let known: BTreeSet<String> = texts(Lang::En).keys().cloned().collect();
    assert_eq!(asked(), known);
}

#[test]
fn a_background_is_an_address_of_tiles_on_a_named_host() {
    let good: Background = "https://tiles.example.org:8443/osm/{z}/{x}/{y}.png?k=1"
        .parse()
        .unwrap();
    assert_eq!(good.origin(), "https://tiles.example.org:8443");
    for bad in [
        "tiles.example.org/{z}/{x}/{y}.png",
        "ftp://tiles.example.org/{z}/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        "https://a.example.org; script-src */{z}/{x}/{y}.png",
        "https://*.example.org/{z}/{x}/{y}.png",
    ] {
        assert!(bad.parse::<Background>().is_err(), "{bad}");
    }
}

#[test]
fn the_page_may_ask_this_service_and_the_host_of_the_background() {
    let background = "https://tiles.example.org/{z}/{x}/{y}.png".parse().unwrap();
    assert!(!policy(None).contains("://"));
    let policy = policy(Some(&background));
    assert!(
        policy.contains("connect-src 'self' https://tiles.example.org;"),
        "{policy}"
    );
    assert!(
        policy.contains("img-src 'self' data: blob: https://tiles.example.org;"),
        "{policy}"
    );
    assert!(policy.contains("script-src 'self';"), "{policy}");
}
