//! `cadastre import`: one survey file.

mod exit;
mod report_file;
mod wanted;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::Layer;
use importer::import::{ImportRequest, import};
use importer::mapping::draft;
use importer::process::Worker;
use importer::receive::receive;
use importer::report::Report;
use importer::survey::{SurveyRequest, Tools, import_survey};
use raster::Library;
use store::Store;
use store::revision::Means;
use tokio::runtime::Runtime;

pub use self::exit::Exit;
use self::report_file::ReportFile;
use self::wanted::Wanted;
use crate::args::{DatabaseArgs, ImportArgs};
use crate::database::Database;
use crate::progress::Bar;
use crate::signals;

/// Imports the file and prints the report; a refused file is a failure of the command.
pub fn run_to_its_end(
    runtime: Runtime,
    args: &DatabaseArgs,
    home: &Path,
    rasters: PathBuf,
    import: ImportArgs,
) -> anyhow::Result<ExitCode> {
    let done = runtime.block_on(run(args, home, rasters, import));
    // A thread that packs an image cannot be stopped, only left behind; nobody wants its work.
    runtime.shutdown_background();
    done
}

async fn run(
    args: &DatabaseArgs,
    home: &Path,
    rasters: PathBuf,
    import: ImportArgs,
) -> anyhow::Result<ExitCode> {
    let stop = signals::stop()?;
    let report_file = import.report.clone();
    let lang = import.lang;
    let to_draft = import.write_mapping.clone();
    let force = import.force;
    let wanted = Wanted::of(import)?;
    if let Some(out) = to_draft {
        return write_mapping(wanted.features()?, &out, force).await;
    }
    let report_file = report_file
        .map(|name| ReportFile::open(name, wanted.path()))
        .transpose()?;
    let database = Database::open(args, home, 4).await?;
    let library = Arc::new(Library::new(rasters));
    let doing = carry_out(&database.store, &library, &wanted);
    let done = Box::pin(signals::unless_stopped(stop, doing)).await;
    database.close().await;
    let Some(report) = done.transpose()? else {
        eprintln!("stopped; nothing was changed");
        return Ok(Exit::Failed.into());
    };
    // Whoever reads it may have closed the pipe; what is done is done.
    let _ = write!(std::io::stdout(), "{}", report.to_text(lang));
    if let Some(file) = report_file {
        file.write(&report, lang)?;
    }
    Ok(Exit::of(report.outcome).into())
}

/// Prints the JSON Schema of reports.
pub fn print_schema() -> anyhow::Result<ExitCode> {
    println!("{}", Report::json_schema()?);
    Ok(ExitCode::SUCCESS)
}

/// Imports a file into a layer, unless this very file was imported into it before: what people have
/// changed since stays. Answers what happened; a refused file is an error.
pub async fn once(store: &Store, layer: &'static Layer, file: &Path) -> anyhow::Result<String> {
    let path = file.to_owned();
    let received = tokio::task::spawn_blocking(move || receive(&path)).await??;
    if let Some(revision) = store.revision_of_file(layer, &received.sha256).await? {
        return Ok(format!("Loaded already, in revision {revision}."));
    }
    let request = ImportRequest {
        path: file.to_owned(),
        layer,
        source_layer: None,
        mapping: None,
        crs: None,
        encoding: None,
        dry_run: false,
        author: "operator".to_owned(),
        means: Means::Command,
        source: None,
        comment: Some("cadastre load".to_owned()),
        choices: BTreeMap::new(),
        submission: None,
    };
    let report = import_features(store, &request).await?;
    anyhow::ensure!(
        Exit::of(report.outcome) == Exit::Done,
        "{} was not loaded\n{report}",
        file.display()
    );
    Ok(report.summary.en)
}

async fn carry_out(
    store: &Store,
    library: &Arc<Library>,
    wanted: &Wanted,
) -> anyhow::Result<Report> {
    match wanted {
        Wanted::Features(request) => import_features(store, request).await,
        Wanted::Raster(request) => import_raster(store, library, request).await,
    }
}

async fn import_features(store: &Store, request: &ImportRequest) -> anyhow::Result<Report> {
    let worker = Worker::of_this_program();
    let bar = Bar::default();
    let report = import(store, &worker, request, now(), &bar).await;
    bar.clear();
    Ok(report?)
}

async fn import_raster(
    store: &Store,
    library: &Arc<Library>,
    request: &SurveyRequest,
) -> anyhow::Result<Report> {
    let worker = Worker::of_this_program();
    let bar = Bar::default();
    let tools = Tools {
        store,
        library,
        worker: &worker,
        progress: &bar,
    };
    let report = import_survey(&tools, request, now()).await;
    bar.clear();
    Ok(report?)
}

/// The present moment.
#[expect(
    clippy::disallowed_methods,
    reason = "the command is where the clock is read"
)]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Writes a mapping file to begin with. It needs no database.
async fn write_mapping(
    request: &ImportRequest,
    out: &Path,
    force: bool,
) -> anyhow::Result<ExitCode> {
    let draft = draft(&Worker::of_this_program(), request).await?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    let written = options
        .open(out)
        .and_then(|mut file| file.write_all(draft.as_bytes()));
    written.with_context(|| {
        format!(
            "the mapping file {} was not written; name another, or add --force to replace it",
            out.display()
        )
    })?;
    println!(
        "Written: {}. Change it where it is wrong, then import with --mapping {0}",
        out.display()
    );
    Ok(ExitCode::SUCCESS)
}
