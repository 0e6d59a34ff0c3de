//! A legend that says how many records of a selection each class has.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::code_list::Coded as _;
use domain::theme::Theme;
use domain::{Layer, Text};
use serde_json::json;
use store::items::Selection;
use store::{Store, StoreError};

use super::legend::{about, entry};
use super::{COLLECTIONS, Scheme};
use crate::App;
use crate::context::{Context, JSON};
use crate::error::ApiError;
use crate::kept::Kept;
use crate::landing::json_response;
use crate::links::own;
use crate::params::ItemsRequest;
use crate::problem::{Problem, Wanted};

/// How long counting may take.
const COUNTING_TIME: Duration = Duration::from_secs(5);
/// The counts over whole layers, by layer and theme.
pub type KeptCounts = Kept<(&'static str, &'static str), Vec<u64>>;
const THEMES: Text = Text::new(
    "теме су на адреси `/styles`",
    "the themes are listed at `/styles`",
);

/// `GET /collections/{layer}/legend`: the classes of a theme, each with the number of selected records.
pub async fn legend(
    State(app): State<App>,
    Path(layer): Path<String>,
    Extension(kept): Extension<Arc<KeptCounts>>,
    context: Context,
) -> Result<Response, ApiError> {
    let layer = context.layer(&layer)?;
    let mut request = ItemsRequest::read_counted(&context, layer)?;
    let theme = theme(&context, layer)?;
    let scheme = Scheme::of(&context)?;
    let format = context.format(&[JSON])?;
    request.search(&context, layer, &app.store).await?;
    let counted = counts(&app.store, &kept, (layer, theme), &request.selection).await;
    let counts = counted.map_err(|why| match why {
        Uncounted::TakesTooLong => context.error(Problem::TooLongToCount),
        Uncounted::Failed(error) => context.store_error(&error),
    })?;
    let classes = theme.classes();
    let entries = classes.iter().zip(counts.iter()).map(|(class, count)| {
        let mut entry = entry(class, context.lang);
        entry["count"] = json!(count);
        entry
    });
    let mut body = about(&context, theme, scheme);
    body["numberMatched"] = json!(counts.iter().sum::<u64>());
    body["classes"] = entries.collect();
    body["links"] = json!(own(&context, format, &[JSON]));
    Ok(json_response(&context, format, &body))
}

/// Why there are no counts.
enum Uncounted {
    TakesTooLong,
    Failed(StoreError),
}

/// The counts of a selection, in the order of [`Theme::classes`].
async fn counts(
    store: &Store,
    kept: &KeptCounts,
    (layer, theme): (&'static Layer, Theme),
    selection: &Selection,
) -> Result<Arc<Vec<u64>>, Uncounted> {
    let counting = async {
        let counted = store.class_counts(layer, theme, selection, COUNTING_TIME);
        let counted = Box::pin(counted).await.map_err(Uncounted::Failed)?;
        counted.ok_or(Uncounted::TakesTooLong)
    };
    let state = store.layer_state(layer).await.map_err(Uncounted::Failed)?;
    if selection.is_whole(state.extent) {
        let revision = store.register_revision().await;
        let revision = revision.map_err(Uncounted::Failed)?;
        return kept.of((layer.id, theme.code()), revision, counting).await;
    }
    counting.await.map(Arc::new)
}

fn theme(context: &Context, layer: &Layer) -> Result<Theme, ApiError> {
    let theme = context.parse("theme", THEMES, Theme::from_code)?;
    let theme = theme.unwrap_or(Theme::Type);
    if theme.applies_to(layer) {
        return Ok(theme);
    }
    Err(context.bad_parameter("theme", theme.code(), Wanted::Said(COLLECTIONS)))
}
