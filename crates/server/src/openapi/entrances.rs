//! The permanent addresses of facilities, and what QGIS opens.

use domain::layers::FACILITIES;
use domain::{Lang, Text};
use serde_json::{Map, Value, json};

use super::rasters_tiles::in_path;
use super::{get, reference};
use crate::context::{HTML, JSON_LD};

const FACILITY: Text = Text::new(
    "Све о једном објекту, на сталној адреси; други облици воде на његов запис",
    "Everything about a facility, at its permanent address; other formats lead to its feature",
);
const PROJECT: Text = Text::new("Пројекат за QGIS", "A project for QGIS");
const CONNECTIONS: Text = Text::new("Везе за увоз у QGIS", "Connections to import into QGIS");
const GUIDE: Text = Text::new(
    "Катастар у QGIS-у, корак по корак",
    "The cadastre in QGIS, step by step",
);
const MOVED: Text = Text::new("Објекат има другу шифру", "The facility has another code");
const ELSEWHERE: Text = Text::new("Запис у том облику", "The feature in that format");
const GONE: Text = Text::new("Објекат је уклоњен", "The facility was removed");

/// Adds them.
pub fn add(lang: Lang, paths: &mut Map<String, Value>) {
    let pattern = FACILITIES.key().pattern;
    let code = in_path("code", &json!({ "type": "string", "pattern": pattern }));
    let types = [HTML.media_type, JSON_LD.media_type];
    let parameters = [code, reference("as-of")];
    let mut facility = get(lang, "facility", &FACILITY.get(lang), &types, &parameters);
    for (status, text) in [("303", ELSEWHERE), ("308", MOVED), ("410", GONE)] {
        facility["get"]["responses"][status] = json!({ "description": text.get(lang) });
    }
    paths.insert("/facilities/{code}".to_owned(), facility);
    for (path, id, title, media_type) in [
        ("/qgis", "qgisGuide", GUIDE, HTML.media_type),
        (
            "/qgis/cadastre.qgz",
            "qgisProject",
            PROJECT,
            "application/x-qgis-project",
        ),
        (
            "/qgis/connections.xml",
            "qgisConnections",
            CONNECTIONS,
            "application/xml",
        ),
        (
            "/qgis/vector-tiles.xml",
            "qgisVectorTiles",
            CONNECTIONS,
            "application/xml",
        ),
        (
            "/qgis/surveys.xml",
            "qgisSurveys",
            CONNECTIONS,
            "application/xml",
        ),
    ] {
        let operation = get(lang, id, &title.get(lang), &[media_type], &[]);
        paths.insert(path.to_owned(), operation);
    }
}
