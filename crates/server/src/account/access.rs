//! What a reader reads of records, decided once for each request and kept in its [`Context`].
//!
//! A role without limits reads restricted fields everywhere. One that is limited to regions reads them
//! where nothing but records of these regions is answered: in selections that are bound to such a region
//! as records say it (`region=`, `/collections/{regions}/items/{code}/{layer}`), and of single records
//! that belong to one. Elsewhere, in feeds and in what describes a layer it reads what everybody reads.

use axum::extract::Request;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use domain::Layer;
use domain::layer::Access;
use domain::region::{Membership, Region};

use super::Reader;
use crate::App;
use crate::context::Context;
use crate::error::ApiError;

/// Of routes that answer everybody alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct SameForAll;

/// Keeps a route to what everybody reads: tiles, images, styles. What it answers may be kept by the
/// browsers of those who read more elsewhere.
pub async fn same_for_all(mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(SameForAll);
    let mut response = next.run(request).await;
    response.extensions_mut().insert(SameForAll);
    response
}

/// What a reader reads of every record.
pub fn of_reader(reader: &Reader, request: &Parts) -> Access {
    let same_for_all = request.extensions.get::<SameForAll>().is_some();
    let signed_in = reader.signed_in().filter(|_| !same_for_all);
    signed_in.map_or(Access::Public, |one| one.rights.access())
}

/// The context of a selection, with what is read in the region of its parameter `region`.
pub fn of_asked_region(context: Context) -> Context {
    let region = context.parameter("region").map(str::parse);
    match region {
        Some(Ok(region)) => of_region(context, region),
        _ => context,
    }
}

/// The context of a selection of a region, with what is read in it. Records that only lie there may
/// belong to another.
pub fn of_region(mut context: Context, region: Region) -> Context {
    let membership = context.parameter("region-by").map(str::parse);
    let recorded = membership.is_none_or(|by| by == Ok(Membership::Recorded));
    if let Reader::SignedIn(one) = &context.reader
        && recorded
    {
        context.access = one.rights.access_in(region);
    }
    context
}

/// The context of one record, with what is read of it and of what it said before.
///
/// # Errors
/// When the database does not answer.
pub async fn of_record(
    app: &App,
    mut context: Context,
    layer: &'static Layer,
    id: i64,
) -> Result<Context, ApiError> {
    let Some(one) = context.reader.signed_in() else {
        return Ok(context);
    };
    let limited = one.rights.role.may_read_restricted() && !one.rights.are_unlimited();
    if limited {
        let belongs = app.store.belongs_to(layer, id, &one.rights.regions).await;
        if belongs.map_err(|error| context.store_error(&error))? {
            context.access = Access::Restricted;
        }
    }
    Ok(context)
}
