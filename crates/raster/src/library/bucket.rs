//! A library in an object store that speaks S3.

use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, TryFutureExt as _, TryStreamExt as _};
use gdal::config::set_config_option;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::buffered::BufWriter;
use object_store::path::Path as ObjectPath;
use object_store::{GetOptions, GetRange, ObjectStore as _, ObjectStoreExt as _};
use tokio::io::AsyncWriteExt as _;

use super::Kind;
use crate::error::RasterError;

/// So many bytes are sent at a time; an object has at most 10 000 parts.
const PART_BYTES: usize = 16 * 1024 * 1024;

/// A bucket, and under which names in it the files are.
pub(super) struct Bucket {
    name: String,
    prefix: String,
    /// Made when it is first needed.
    store: OnceLock<Arc<AmazonS3>>,
}

impl Bucket {
    /// The bucket of `s3://bucket/prefix`; `None` for other texts.
    pub(super) fn of(url: &str) -> Option<Self> {
        let rest = url.strip_prefix("s3://")?;
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        Some(Self {
            name: name.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            store: OnceLock::new(),
        })
    }

    fn key(&self, kind: Kind, sha256: &str) -> String {
        let folder = kind.folder();
        match self.prefix.as_str() {
            "" => format!("{folder}/{sha256}.tif"),
            prefix => format!("{prefix}/{folder}/{sha256}.tif"),
        }
    }

    pub(super) fn gdal_path(&self, kind: Kind, sha256: &str) -> String {
        // GDAL is told where the service is when the first file is looked for.
        if let Err(error) = self.store() {
            tracing::warn!(%error, bucket = self.name, "the raster folder cannot be reached");
        }
        format!("/vsis3/{}/{}", self.name, self.key(kind, sha256))
    }

    pub(super) async fn size(&self, kind: Kind, sha256: &str) -> io::Result<u64> {
        let key = ObjectPath::from(self.key(kind, sha256));
        let found = self.store()?.head(&key).await?;
        Ok(found.size)
    }

    pub(super) fn read_range(
        &self,
        kind: Kind,
        sha256: &str,
        range: Range<u64>,
    ) -> BoxStream<'static, io::Result<Bytes>> {
        if range.is_empty() {
            return stream::empty().boxed();
        }
        let key = ObjectPath::from(self.key(kind, sha256));
        let store = self.store();
        let reading = async move {
            let options = GetOptions {
                range: Some(GetRange::Bounded(range)),
                ..GetOptions::default()
            };
            let found = store?.get_opts(&key, options).await?;
            Ok::<_, io::Error>(found.into_stream().map_err(io::Error::from))
        };
        reading.try_flatten_stream().boxed()
    }

    /// An object is there when its last part has come, or not at all.
    pub(super) async fn place(
        &self,
        local: &Path,
        kind: Kind,
        sha256: &str,
    ) -> Result<(), RasterError> {
        let key = self.key(kind, sha256);
        let sent = self.send(local, &key).await;
        sent.map_err(|source| RasterError::NotKept {
            path: format!("s3://{}/{key}", self.name).into(),
            source,
        })
    }

    async fn send(&self, local: &Path, key: &str) -> io::Result<()> {
        let (store, key) = (self.store()?, ObjectPath::from(key));
        if store.head(&key).await.is_err() {
            let mut file = tokio::fs::File::open(local).await?;
            let mut object = BufWriter::with_capacity(store, key, PART_BYTES);
            if let Err(error) = tokio::io::copy(&mut file, &mut object).await {
                object.abort().await?;
                return Err(error);
            }
            object.shutdown().await?;
        }
        tokio::fs::remove_file(local).await
    }

    fn store(&self) -> io::Result<Arc<AmazonS3>> {
        if let Some(store) = self.store.get() {
            return Ok(Arc::clone(store));
        }
        // Another part of the program may have chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let endpoint = std::env::var("AWS_ENDPOINT_URL").ok();
        let plain = endpoint
            .as_ref()
            .is_some_and(|url| url.starts_with("http://"));
        let store = AmazonS3Builder::from_env()
            .with_bucket_name(&self.name)
            .with_allow_http(plain)
            .build()?;
        if let Some(url) = endpoint {
            tell_gdal(&url).map_err(io::Error::other)?;
        }
        Ok(Arc::clone(self.store.get_or_init(|| Arc::new(store))))
    }
}

/// GDAL has names of its own for where a service is that is not Amazon's.
fn tell_gdal(endpoint: &str) -> Result<(), gdal::errors::GdalError> {
    let (scheme, host) = endpoint.split_once("://").unwrap_or(("https", endpoint));
    let secure = if scheme == "http" { "NO" } else { "YES" };
    set_config_option("AWS_S3_ENDPOINT", host.trim_end_matches('/'))?;
    set_config_option("AWS_HTTPS", secure)?;
    set_config_option("AWS_VIRTUAL_HOSTING", "FALSE")
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "s3://{}/{}", self.name, self.prefix)
    }
}
