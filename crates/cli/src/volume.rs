//! `cadastre volume`: how much a facility grew or shrank between two surveys.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::Utc;
use domain::Lang;
use importer::process::Worker;
use importer::volume::{ChangeError, Excluded, Finding, Kept, VolumeRequest, plan, publish};
use raster::Library;
use raster::volume::Options;
use store::Store;
use store::revision::{Means, NewRevision};

use crate::args::{DatabaseArgs, VolumeArgs};
use crate::database::Database;
use crate::signals;

/// The exit status for surveys that cannot be compared.
const REFUSED: u8 = 3;

/// Computes the change, tells it, and keeps it as a finding of the facility.
pub async fn run(
    args: &DatabaseArgs,
    home: &Path,
    rasters: PathBuf,
    volume: VolumeArgs,
) -> anyhow::Result<ExitCode> {
    let stop = signals::stop()?;
    let database = Database::open(args, home, 4).await?;
    let library = Arc::new(Library::new(rasters));
    let done = signals::unless_stopped(stop, carry_out(&database.store, &library, &volume)).await;
    database.close().await;
    match done {
        None => {
            eprintln!("stopped; nothing was changed");
            Ok(ExitCode::FAILURE)
        }
        Some(Ok(told)) => {
            // Whoever reads it may have closed the pipe; what is done is done.
            let _ = write!(std::io::stdout(), "{told}");
            Ok(ExitCode::SUCCESS)
        }
        Some(Err(error)) => refused(error, volume.lang),
    }
}

/// Surveys that cannot be compared are told in the language of the command; other errors stop it.
fn refused(error: anyhow::Error, lang: Lang) -> anyhow::Result<ExitCode> {
    match error.downcast_ref::<ChangeError>() {
        Some(ChangeError::Refused(reason)) => {
            eprintln!("error: {}", reason.get(lang));
            Ok(ExitCode::from(REFUSED))
        }
        _ => Err(error),
    }
}

async fn carry_out(
    store: &Store,
    library: &Arc<Library>,
    args: &VolumeArgs,
) -> anyhow::Result<String> {
    let plan = plan(store, request(args).await?).await?;
    let incoming = library.incoming()?;
    let difference = incoming.file("difference.tif");
    let (images, to) = (Arc::clone(library), difference.clone());
    let computing = tokio::task::spawn_blocking(move || plan.compute(&images, Some(&to)));
    let finding = computing.await.map_err(|_| ChangeError::Stopped)??;
    write_files(&finding, &difference, args)?;
    let kept = if args.dry_run {
        None
    } else {
        Some(publish(store, library, &finding, &difference, &revision(args)).await?)
    };
    Ok(told(&finding, kept, args.lang))
}

async fn request(args: &VolumeArgs) -> anyhow::Result<VolumeRequest> {
    let excluded = match &args.exclude {
        Some(file) => {
            let worker = Worker::of_this_program();
            let excluded = Excluded::of_file(&worker, file, args.exclude_crs.as_ref()).await;
            Some(excluded.with_context(|| format!("--exclude {} was not read", file.display()))?)
        }
        None => None,
    };
    Ok(VolumeRequest {
        from: args.from.clone(),
        to: args.to.clone(),
        facility: args.facility.clone(),
        code: args.code.clone(),
        excluded,
        options: Options {
            coregister: args.co_register,
            level_of_detection_m: args.level_of_detection,
            exclude_flat: args.exclude_flat,
            stable_buffer_m: args.stable_buffer,
            ..Options::default()
        },
    })
}

fn revision(args: &VolumeArgs) -> NewRevision {
    #[expect(
        clippy::disallowed_methods,
        reason = "the command is where the clock is read"
    )]
    let made_at = Utc::now();
    NewRevision {
        made_at,
        author: args.author.clone(),
        means: Means::Command,
        source: Some(format!("{}, {}", args.from, args.to)),
        comment: args.comment.clone(),
        upload: None,
    }
}

/// The files that were asked for beside the finding.
fn write_files(finding: &Finding, difference: &Path, args: &VolumeArgs) -> anyhow::Result<()> {
    let failed = |file: &Path| format!("{} was not written; nothing was changed", file.display());
    if let Some(file) = &args.difference {
        std::fs::copy(difference, file).with_context(|| failed(file))?;
    }
    if let Some(file) = &args.picture {
        let is_svg = file.extension().is_some_and(|extension| extension == "svg");
        let bytes = if is_svg {
            finding.svg(args.lang)?.into_bytes()
        } else {
            finding.png()?
        };
        std::fs::write(file, bytes).with_context(|| failed(file))?;
    }
    if let Some(file) = &args.report {
        let text = format!("{:#}\n", finding.report(args.lang));
        std::fs::write(file, text).with_context(|| failed(file))?;
    }
    Ok(())
}

/// The result for the terminal.
fn told(finding: &Finding, kept: Option<Kept>, lang: Lang) -> String {
    let code = finding.code();
    let last = match kept {
        None => domain::message!("Ништа није уписано.", "Nothing was stored."),
        Some(Kept::Unchanged) => domain::message!(
            "Налаз {code} је у регистру већ такав.",
            "The register has the finding {code} already so."
        ),
        Some(Kept::Published(revision)) => domain::message!(
            "Налаз {code} је уписан у ревизији {revision}.",
            "Stored as the finding {code} in revision {revision}."
        ),
    };
    let lines = std::iter::once(finding.summary())
        .chain(finding.lines())
        .chain([last]);
    let lines: Vec<_> = lines.map(|line| line.get(lang).into_owned()).collect();
    lines.join("\n") + "\n"
}
