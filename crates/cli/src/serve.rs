//! `cadastre serve`: the service.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use importer::process::Worker;
use raster::Library;
use server::uploads::{Queue, Uploads};

use crate::args::{DatabaseArgs, ServeArgs};
use crate::cluster::ServeLock;
use crate::database::Database;
use crate::import::now;
use crate::{load, signals};

/// How often the private cluster is looked at.
const WATCH: Duration = Duration::from_secs(2);

/// Serves until Ctrl-C or SIGTERM, then stops what it started.
pub async fn run(
    args: &DatabaseArgs,
    home: &Path,
    rasters: PathBuf,
    serve: ServeArgs,
) -> anyhow::Result<ExitCode> {
    let stop = signals::stop()?;
    // First, so that a port in use or a home in use costs nobody the start of a database.
    let listener = server::bind(serve.listen).await?;
    let address = listener
        .local_addr()
        .context("the address of the service is not known")?;
    let _lock = match args.database_url {
        None => Some(ServeLock::acquire(home, &format!("http://{address}/"))?),
        Some(_) => None,
    };
    let database = Database::open(args, home, serve.connections).await?;
    let mut stop = std::pin::pin!(stop);
    if let Some(folder) = &serve.load {
        let loaded =
            signals::unless_stopped(&mut stop, load::folder(&database.store, folder)).await;
        if !matches!(loaded, Some(Ok(()))) {
            database.close().await;
            return loaded.unwrap_or(Ok(())).map(|()| ExitCode::SUCCESS);
        }
    }
    // What is loaded is the operator's; what is served has only the service's rights.
    let database = database.into_service(serve.connections).await?;
    let config = server::Config {
        public_url: serve.public_url,
        lang: serve.lang,
        trusted_proxies: serve.trusted_proxies,
        provider: serve.provider.provider(),
        background: serve
            .background_tiles
            .map(|tiles| tiles.owed_to(serve.background_attribution)),
    };
    welcome(
        &config
            .public_url
            .clone()
            .unwrap_or_else(|| format!("http://{address}")),
    );
    let app = server::App {
        store: database.store.clone(),
        rasters: Arc::new(Library::new(rasters)),
        uploads: Uploads::new(serve.uploads.unwrap_or_else(|| home.join("uploads"))),
        config,
    };
    let queue = tokio::spawn(Queue::of(&app, Worker::of_this_program(), now).run());
    let router = server::router(app);
    let (stopping, watched) = tokio::sync::oneshot::channel();
    let watch = tokio::spawn(watch(database, watched));
    server::serve(listener, router, stop).await;
    eprintln!("stopping …");
    // What is not done yet is begun anew at the next start.
    queue.abort();
    drop(stopping);
    watch
        .await
        .context("the watch over the database panicked")?
        .close()
        .await;
    Ok(ExitCode::SUCCESS)
}

/// Starts the private cluster again when it dies under the service, until asked to stop.
async fn watch(mut database: Database, stopping: tokio::sync::oneshot::Receiver<()>) -> Database {
    let mut stopping = std::pin::pin!(stopping);
    loop {
        tokio::select! {
            _ = &mut stopping => return database,
            () = tokio::time::sleep(WATCH) => {}
        }
        if database.is_private() && database.store.ping().await.is_err() {
            tracing::warn!("the private PostgreSQL does not answer; starting it again");
            database = database.revive().await;
        }
    }
}

fn welcome(url: &str) {
    println!(
        "\nThe Mining Waste Cadastre is served at  {url}/\n\n\
         In QGIS: Layer > Add Layer > Add WFS / OGC API - Features Layer > New,\n  \
         URL  {url}/  and Version  OGC API - Features,  then Connect, choose layers, Add.\n\
         With GDAL: ogrinfo -oo PAGE_SIZE=10000 OAPIF:{url}/\n\nCtrl-C stops it.\n"
    );
}
