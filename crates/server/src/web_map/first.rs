//! What the map's script asks first, answered within the page: on a slow line each question is a round
//! trip that everything else waits for. The answers are those of the service itself.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use domain::code_list::Coded as _;
use domain::layers::{DISTRICTS, FACILITIES, MUNICIPALITIES, STATISTICAL_REGIONS};
use domain::theme::Theme;
use domain::{Lang, Layer};
use futures_util::future::join_all;
use tower::ServiceExt as _;

use crate::context::Context;

/// The routes that answer, as nobody in particular is answered.
#[derive(Clone, Debug)]
pub struct Inside(pub Router);

/// How long the page waits for an answer; the script asks for what is missing.
const PATIENCE: Duration = Duration::from_millis(100);
/// Longer answers would keep the page from standing.
const MOST_BYTES: usize = 100_000;
/// What the script takes.
const ACCEPT: &str = "application/json, application/geo+json, application/schema+json";

/// The answers by their paths, as a JSON object that may stand in a page. Nothing for who has signed in,
/// who may be told more.
pub async fn answers(inside: &Inside, context: &Context) -> String {
    if context.reader.signed_in().is_some() {
        return "{}".to_owned();
    }
    let asked = paths(context.lang).into_iter();
    let answered = join_all(asked.map(|path| answer(inside, context, path))).await;
    let members: Vec<_> = answered.into_iter().flatten().collect();
    // Within a script's element a text could end it.
    format!("{{{}}}", members.join(",")).replace('<', "\\u003c")
}

/// A member of the object; `None` for what is no answer, or not soon enough.
async fn answer(inside: &Inside, context: &Context, path: String) -> Option<String> {
    let mut request = Request::get(&path).body(Body::empty()).ok()?;
    *request.headers_mut() = headers(context);
    let answering = async {
        let response = inside.0.clone().oneshot(request).await.ok()?;
        if response.status() != StatusCode::OK {
            return None;
        }
        to_bytes(response.into_body(), MOST_BYTES).await.ok()
    };
    let body = tokio::time::timeout(PATIENCE, answering).await.ok()??;
    let body = std::str::from_utf8(&body).ok()?;
    Some(format!("{}:{body}", serde_json::Value::from(path)))
}

/// The reader's, without those that say what the answer may be.
fn headers(context: &Context) -> HeaderMap {
    let mut headers = context.headers.clone();
    for name in [
        header::IF_NONE_MATCH,
        header::IF_MODIFIED_SINCE,
        header::RANGE,
        header::COOKIE,
        header::AUTHORIZATION,
    ] {
        headers.remove(name);
    }
    headers.insert(header::ACCEPT, HeaderValue::from_static(ACCEPT));
    headers
}

fn paths(lang: Lang) -> Vec<String> {
    let theme = Theme::Type.code();
    let mut paths = vec![
        "/collections?".to_owned(),
        "/styles?".to_owned(),
        "/revisions/1?".to_owned(),
    ];
    paths.extend(
        ["schema", "queryables", "sortables"]
            .map(|of| format!("/collections/{}/{of}?", FACILITIES.id)),
    );
    paths.extend(
        ["light", "dark"].map(|scheme| format!("/styles/{theme}?f=mapbox&scheme={scheme}&")),
    );
    paths.push(format!(
        "/collections/{}/legend?scheme=light&theme={theme}&",
        FACILITIES.id
    ));
    paths.push("/sprites/light.json?".to_owned());
    for regions in [&STATISTICAL_REGIONS, &DISTRICTS, &MUNICIPALITIES] {
        paths.push(format!("/collections/{}/schema?", regions.id));
        let naming = naming(regions, lang).join(",");
        paths.push(format!(
            "/collections/{}/items?limit=1000&properties={naming}&skipGeometry=true&",
            regions.id
        ));
    }
    let lang = lang.tag();
    paths
        .into_iter()
        .map(|path| format!("{path}lang={lang}"))
        .collect()
}

/// The fields by which the script names a record in a language.
fn naming(layer: &Layer, lang: Lang) -> Vec<&'static str> {
    let names = match lang {
        Lang::SrCyrl => &["name", "code"][..],
        Lang::SrLatn => &["name_latin", "name", "code"],
        Lang::En => &["name_en", "name_latin", "name", "code"],
    };
    let known = names.iter().copied();
    known.filter(|name| layer.field(name).is_some()).collect()
}
