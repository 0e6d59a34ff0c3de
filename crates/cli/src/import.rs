//! `cadastre import`: one survey file.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use chrono::Utc;
use domain::{Lang, Layer};
use importer::import::{ImportRequest, import};
use importer::mapping::{MappingFile, draft};
use importer::process::Worker;
use importer::receive::receive;
use importer::report::{Outcome, Report};
use store::Store;
use store::revision::Means;

use crate::args::{DatabaseArgs, ImportArgs};
use crate::database::Database;
use crate::progress::Bar;
use crate::signals;

/// The exit status for a file that was read, but whose records need somebody's hand.
const REFUSED: u8 = 3;

/// Imports the file and prints the report; a refused file is a failure of the command.
pub async fn run(args: &DatabaseArgs, home: &Path, import: ImportArgs) -> anyhow::Result<ExitCode> {
    let stop = signals::stop()?;
    let report_file = import.report.clone();
    let lang = import.lang;
    let to_draft = import.write_mapping.clone();
    let force = import.force;
    let request = request(import)?;
    if let Some(out) = to_draft {
        return write_mapping(&request, &out, force).await;
    }
    let report_file = report_file.map(created).transpose()?;
    let database = Database::open(args, home, 4).await?;
    let done = signals::unless_stopped(stop, carry_out(&database.store, &request)).await;
    database.close().await;
    let Some(report) = done.transpose()? else {
        eprintln!("stopped; nothing was changed");
        return Ok(ExitCode::FAILURE);
    };
    // Whoever reads it may have closed the pipe; what is done is done.
    let _ = write!(std::io::stdout(), "{}", report.to_text(lang));
    if let Some((name, file)) = report_file {
        write_report(&report, &name, file, lang)?;
    }
    Ok(if is_refused(&report) {
        ExitCode::from(REFUSED)
    } else {
        ExitCode::SUCCESS
    })
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
    };
    let report = carry_out(store, &request).await?;
    anyhow::ensure!(
        !is_refused(&report),
        "{} was not loaded\n{report}",
        file.display()
    );
    Ok(report.summary.en)
}

async fn carry_out(store: &Store, request: &ImportRequest) -> anyhow::Result<Report> {
    let worker = Worker::of_this_program();
    let bar = Bar::default();
    #[expect(
        clippy::disallowed_methods,
        reason = "the command is where the clock is read"
    )]
    let now = Utc::now();
    let report = import(store, &worker, request, now, &bar).await;
    bar.clear();
    Ok(report?)
}

fn request(args: ImportArgs) -> anyhow::Result<ImportRequest> {
    let mapping = args.mapping.as_deref().map(|file| {
        MappingFile::read(file)
            .with_context(|| format!("the mapping file {} was not read", file.display()))
    });
    let crs = args.crs.as_deref().map(|name| {
        name.parse::<geodesy::Reading>().with_context(|| {
            format!("--crs {name} is not a coordinate reference system known here")
        })
    });
    Ok(ImportRequest {
        path: args.file,
        layer: args.layer,
        source_layer: args.source_layer,
        mapping: mapping.transpose()?,
        crs: crs.transpose()?,
        encoding: args.encoding,
        dry_run: args.dry_run,
        author: args.author,
        means: Means::Command,
        source: args.source,
        comment: args.comment,
    })
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

fn is_refused(report: &Report) -> bool {
    matches!(report.outcome, Outcome::Refused | Outcome::Undecided)
}

/// Makes the file of the report before anything is imported, so that a wrong name is told in time.
fn created(name: PathBuf) -> anyhow::Result<(PathBuf, File)> {
    let file = File::create(&name)
        .with_context(|| format!("the report cannot be written to {}", name.display()))?;
    Ok((name, file))
}

fn write_report(report: &Report, name: &Path, mut file: File, lang: Lang) -> anyhow::Result<()> {
    let kind = name
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    let text = match kind {
        "json" => report.to_json()?,
        "csv" => report.to_csv()?,
        "html" | "htm" => report.to_html(lang)?,
        _ => report.to_text(lang),
    };
    file.write_all(text.as_bytes()).with_context(|| {
        format!(
            "the import is done as told above, but the report was not written to {}",
            name.display()
        )
    })
}
