//! `cadastre load`: every file of a folder that is named after a layer.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use domain::Layer;
use domain::layer::Supply;
use store::Store;

use crate::args::DatabaseArgs;
use crate::database::Database;
use crate::{import, signals};

/// Loads a folder.
pub async fn run(args: &DatabaseArgs, home: &Path, from: &Path) -> anyhow::Result<ExitCode> {
    let stop = signals::stop()?;
    let database = Database::open(args, home, 4).await?;
    let outcome = signals::unless_stopped(stop, folder(&database.store, from)).await;
    database.close().await;
    match outcome {
        Some(loaded) => loaded.map(|()| ExitCode::SUCCESS),
        None => Ok(ExitCode::FAILURE),
    }
}

/// Imports the files one after the other, each once.
pub async fn folder(store: &Store, folder: &Path) -> anyhow::Result<()> {
    let files = files(folder)?;
    anyhow::ensure!(
        !files.is_empty(),
        "{} holds no file named after a layer, such as districts.geojson or facilities.csv",
        folder.display()
    );
    for (layer, file) in files {
        let outcome = import::once(store, layer, &file).await?;
        println!("{}: {outcome}", file.display());
    }
    Ok(())
}

fn files(folder: &Path) -> anyhow::Result<Vec<(&'static Layer, PathBuf)>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("the folder {} cannot be read", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.is_file() && !belongs_to_another(path));
    paths.sort();
    let mut found = Vec::new();
    for layer in in_order() {
        let named = |path: &&PathBuf| path.file_stem().is_some_and(|stem| stem == layer.id);
        match paths.iter().filter(named).collect::<Vec<_>>()[..] {
            [] => {}
            [path] => found.push((layer, path.clone())),
            [one, other, ..] => anyhow::bail!(
                "{} and {} are both named after the layer {}; keep one of them there",
                one.display(),
                other.display(),
                layer.id
            ),
        }
    }
    Ok(found)
}

/// The parts of a shapefile or of a MapInfo table beside its main file.
fn belongs_to_another(path: &Path) -> bool {
    const PARTS: [&str; 10] = [
        "shx", "dbf", "prj", "cpg", "qix", "sbn", "sbx", "dat", "map", "id",
    ];
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    PARTS.iter().any(|part| extension == *part)
}

/// Layers of which files hold the features; regions and other reference layers first: what is edited
/// is checked against them.
fn in_order() -> Vec<&'static Layer> {
    let mut layers = domain::layers::LAYERS.to_vec();
    layers.retain(|layer| layer.supply == Supply::Features);
    layers.sort_by_key(|layer| layer.editable);
    layers
}
