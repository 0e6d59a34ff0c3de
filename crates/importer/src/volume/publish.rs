//! Keeping a finding in the register, with the raster of its differences.

use std::io;
use std::path::{Path, PathBuf};

use domain::lang::Message;
use domain::layer::Layer;
use domain::layers::VOLUME_CHANGES;
use domain::{Record, Value, message};
use raster::library::Kind;
use raster::{Library, RasterError, cog};
use store::Store;
use store::revision::NewRevision;
use store::staging::{StagedRows, Staging};

use super::{ChangeError, Finding};

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is in the register by this revision.
    Published(i64),
    /// The register says the same already.
    Unchanged,
}

/// Puts the finding into the register as one revision, and its differences into the library; nothing
/// where the register says the same.
///
/// `difference` is the file that [`super::Plan::compute`] wrote, in the library's own
/// [`Library::incoming`].
///
/// # Errors
/// [`ChangeError::Refused`] when the registered finding of this code knows what this one does not;
/// else when the register or the library fails. Then nothing was changed.
pub async fn publish(
    store: &Store,
    library: &Library,
    finding: &Finding,
    difference: &Path,
    revision: &NewRevision,
) -> Result<Kept, ChangeError> {
    let sha256 = digested(difference).await?;
    let record = finding.record(Some(&sha256));
    not_less(store, &record).await?;
    let mut staging = Staging::begin(store, &VOLUME_CHANGES).await?;
    let rows = StagedRows::of(&VOLUME_CHANGES, [(1, record)]);
    staging.append(vec![rows]).await?;
    staging.complete().await?;
    staging.compare(&[]).await?;
    // Before the record: a record never names a raster that is not there.
    library.place(difference, Kind::Difference, &sha256).await?;
    let published = staging.publish(revision).await?;
    Ok(published.map_or(Kept::Unchanged, Kept::Published))
}

async fn digested(path: &Path) -> Result<String, ChangeError> {
    let owned = path.to_owned();
    let done = tokio::task::spawn_blocking(move || cog::digested(&owned)).await;
    let done = done.map_err(|_| ChangeError::Stopped)?;
    done.map(|file| file.sha256)
        .map_err(|source| ChangeError::Raster(not_kept(path.to_owned(), source)))
}

const fn not_kept(path: PathBuf, source: io::Error) -> RasterError {
    RasterError::NotKept { path, source }
}

/// Refuses to replace a finding that knows more: an unknown value leaves the registered one as it is,
/// which would then stand beside numbers of another comparison.
async fn not_less(store: &Store, record: &Record) -> Result<(), ChangeError> {
    let layer: &Layer = record.layer;
    let Some(code) = record.key() else {
        return Ok(());
    };
    let Some(registered) = store.record_of_code(&VOLUME_CHANGES, code).await? else {
        return Ok(());
    };
    let fields = layer.fields.iter().zip(&record.values);
    let lost: Vec<&str> = fields
        .filter(|(field, value)| {
            let is_computed = !matches!(field.name, "revision" | "updated_at");
            is_computed
                && matches!(value, Value::Unknown)
                && !matches!(registered.record.get(field.name), Value::Unknown)
        })
        .map(|(field, _)| field.name)
        .collect();
    if lost.is_empty() {
        return Ok(());
    }
    let fields = lost.join(", ");
    let reason: Message = message!(
        "налаз {code} у регистру има вредности које ово поређење не даје ({fields}); сачувајте овај \
         налаз под другом шифром (--code)",
        "the finding {code} in the register has values that this comparison does not give \
         ({fields}); keep this finding under another code (--code)"
    );
    Err(ChangeError::Refused(reason))
}
