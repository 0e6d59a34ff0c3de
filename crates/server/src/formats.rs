//! The formats in which the features of a layer can be had: one table, from which negotiation, links,
//! download addresses and OpenAPI follow.

mod answer;
pub mod csv;
mod erml;
mod flatgeobuf;
mod geojson_seq;
mod json_fg;
mod kml;
mod options;
mod package;
mod registry;
mod shape;
pub mod values;
pub mod xml;

use std::sync::Arc;

use axum::http::HeaderValue;
use domain::{Layer, Text};
use store::feature::Feature;
use store::layer_state::LayerState;

use crate::context::{Context, Format, GEOJSON, HTML, XLSX};
use crate::feature_pages::List;
use crate::geojson::{GeoJson, WriteError, write_feature, write_links};
use crate::links::Link;
use crate::stream::{Encoder, End, Job};
use crate::template;

pub use answer::{Extent, answer, features_response, hits, in_headers, put_links};
pub use options::{OPTIONS, Options, YES_OR_NO};
pub use shape::{rings, shape, write_wkt, writer_of};

/// How features become bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `GeoJSON` (RFC 7946).
    GeoJson,
    /// `GeoJSON` texts, one after the other (RFC 8142).
    GeoJsonSeq,
    /// JSON-FG (OGC 21-045r1).
    JsonFg,
    /// A table (RFC 4180).
    Csv,
    /// `FlatGeobuf`.
    FlatGeobuf,
    /// `GeoPackage` (OGC 12-128r17).
    GeoPackage,
    /// A workbook.
    Xlsx,
    /// A zipped shapefile.
    Shapefile,
    /// KML (OGC 12-007r2).
    Kml,
    /// `EarthResourceML-Lite`, the view of mining waste.
    EarthResourceMl,
    /// The table of the Global Registry of tailings storage facilities.
    GlobalRegistry,
    /// A page for people.
    Html,
}

/// A format of features.
#[derive(Debug)]
pub struct FeatureFormat {
    /// Its name in `f=` and its media type.
    pub format: Format,
    /// The header `Content-Type`.
    pub content_type: &'static str,
    /// The end of the name of a downloaded file.
    pub extension: &'static str,
    /// What people call it.
    pub title: Text,
    /// How features become bytes.
    pub encoding: Encoding,
}

/// All formats. `GeoJSON` is the first, so that it is the answer to clients that name none.
static ALL: [FeatureFormat; 11] = [
    row(
        GEOJSON,
        "geojson",
        Text::new("GeoJSON", "GeoJSON"),
        Encoding::GeoJson,
    ),
    row(
        Format {
            name: "geojsonseq",
            media_type: "application/geo+json-seq",
        },
        "geojsons",
        Text::new("GeoJSON, објекат по објекат", "GeoJSON text sequence"),
        Encoding::GeoJsonSeq,
    ),
    row(
        Format {
            name: "jsonfg",
            media_type: "application/vnd.ogc.fg+json",
        },
        "fg.json",
        Text::new("JSON-FG", "JSON-FG"),
        Encoding::JsonFg,
    ),
    row(
        Format {
            name: "csv",
            media_type: "text/csv",
        },
        "csv",
        Text::new("Табела (CSV)", "Table (CSV)"),
        Encoding::Csv,
    ),
    row(
        Format {
            name: "fgb",
            media_type: "application/flatgeobuf",
        },
        "fgb",
        Text::new("FlatGeobuf", "FlatGeobuf"),
        Encoding::FlatGeobuf,
    ),
    row(
        Format {
            name: "gpkg",
            media_type: "application/geopackage+sqlite3",
        },
        "gpkg",
        Text::new("GeoPackage", "GeoPackage"),
        Encoding::GeoPackage,
    ),
    row(
        XLSX,
        "xlsx",
        Text::new("Excel", "Excel workbook"),
        Encoding::Xlsx,
    ),
    row(
        Format {
            name: "shp",
            media_type: "application/zip",
        },
        "shp.zip",
        Text::new("Шејпфајл (губи податке)", "Shapefile (loses data)"),
        Encoding::Shapefile,
    ),
    row(
        Format {
            name: "kml",
            media_type: "application/vnd.google-earth.kml+xml",
        },
        "kml",
        Text::new("KML", "KML"),
        Encoding::Kml,
    ),
    row(
        Format {
            name: "erml",
            media_type: "application/gml+xml;version=3.2",
        },
        "gml",
        Text::new(
            "EarthResourceML-Lite, MiningWasteView",
            "EarthResourceML-Lite, MiningWasteView",
        ),
        Encoding::EarthResourceMl,
    ),
    row(
        Format {
            name: "global-registry",
            media_type: "text/csv",
        },
        "global-registry.csv",
        Text::new(
            "Табела светског регистра јаловишта",
            "Table of the Global Registry of TSFs",
        ),
        Encoding::GlobalRegistry,
    ),
];

/// A page, which is no file to download.
static PAGE: FeatureFormat = row(HTML, "html", Text::new("Страница", "Page"), Encoding::Html);

const fn row(
    format: Format,
    extension: &'static str,
    title: Text,
    encoding: Encoding,
) -> FeatureFormat {
    let content_type = match encoding {
        Encoding::Csv | Encoding::GlobalRegistry => "text/csv; header=present; charset=utf-8",
        _ => format.media_type,
    };
    FeatureFormat {
        format,
        content_type,
        extension,
        title,
        encoding,
    }
}

/// The formats of a layer, for negotiation and links.
pub fn offered(layer: &Layer) -> Vec<Format> {
    let formats = of_layer(layer).map(|one| one.format);
    formats.chain([HTML]).collect()
}

/// The formats of a layer.
pub fn of_layer(layer: &Layer) -> impl Iterator<Item = &'static FeatureFormat> {
    ALL.iter().filter(|one| one.encoding.suits(layer))
}

/// The links of a collection to its items in every other format than `GeoJSON`, which is linked first,
/// and to the files with all of them.
pub fn collection_links(context: &Context, layer: &Layer, state: &LayerState) -> Vec<Link> {
    let base = format!("/collections/{}", layer.id);
    let count = state.feature_count;
    let items = of_layer(layer).skip(1).chain([&PAGE]).map(|one| {
        let path = format!("{base}/items?f={}", one.format.name);
        Link::to(context, &path, "items", one.format.media_type).titled(one.title.get(context.lang))
    });
    let files = of_layer(layer).map(|one| {
        let path = format!("{base}/download/{}", one.format.name);
        let title = one.title.get(context.lang);
        Link::to(context, &path, "enclosure", one.format.media_type)
            .titled(format!("{title} ({count})"))
    });
    let template = template::link(context, layer);
    items.chain(files).chain(template).collect()
}

/// The formats of one feature: a package is made of a layer.
pub fn offered_of_one(layer: &Layer) -> Vec<Format> {
    let streamed = of_layer(layer).filter(|one| !one.encoding.is_package());
    let formats = streamed.map(|one| one.format);
    formats.chain([HTML]).collect()
}

/// The name by which `f` asks for a media type of features.
pub fn name_of(media_type: &str) -> Option<&'static str> {
    let found = ALL.iter().find(|one| one.format.media_type == media_type);
    found.map(|one| one.format.name)
}

/// The media type of the format of this name.
pub fn media_type_of(name: &str) -> Option<&'static str> {
    let found = ALL.iter().find(|one| one.format.name == name);
    found.map(|one| one.format.media_type)
}

/// The format of this name; `GeoJSON` for a name that no format has.
pub fn described(format: Format) -> &'static FeatureFormat {
    let all = ALL.iter().chain([&PAGE]);
    let found = all.into_iter().find(|one| one.format == format);
    found.unwrap_or(&ALL[0])
}

impl Encoding {
    /// Whether it is made as a whole, as a file, before the first byte leaves.
    pub const fn is_package(self) -> bool {
        matches!(self, Self::GeoPackage | Self::Xlsx | Self::Shapefile)
    }

    /// Whether the answer says itself how it goes on; else headers do.
    pub const fn has_links(self) -> bool {
        matches!(self, Self::GeoJson | Self::JsonFg | Self::Html)
    }

    /// Whether coordinates may be asked for in another reference system. KML and the registry know one;
    /// packages would have to describe the others.
    pub const fn moves(self) -> bool {
        !self.is_package() && !matches!(self, Self::Kml | Self::GlobalRegistry | Self::Html)
    }

    /// Whether fields may be chosen. Two formats have columns of their own.
    pub const fn chooses(self) -> bool {
        !matches!(self, Self::EarthResourceMl | Self::GlobalRegistry)
    }

    /// The last two are tables of facilities, whatever is shown of their places.
    fn suits(self, layer: &Layer) -> bool {
        let of_facilities = matches!(self, Self::EarthResourceMl | Self::GlobalRegistry);
        !of_facilities || layer.is_matched_without_code()
    }

    /// The writer of a streamed format. Packages have writers of their own.
    pub fn encoder(self, job: &Job) -> Box<dyn Encoder> {
        let crs = job.request.crs;
        if let (Self::Html, Some(scene)) = (self, &job.scene) {
            return Box::new(List::new(job, Arc::clone(scene)));
        }
        match self {
            Self::GeoJsonSeq => Box::new(geojson_seq::GeoJsonSeq { crs }),
            Self::JsonFg => Box::new(json_fg::JsonFg::new(job)),
            Self::Csv => Box::new(csv::Csv::new(job)),
            Self::FlatGeobuf => Box::new(flatgeobuf::FlatGeobuf::new(job)),
            Self::Kml => Box::new(kml::Kml::new(job)),
            Self::EarthResourceMl => Box::new(erml::EarthResourceMl::new(job)),
            Self::GlobalRegistry => Box::new(registry::GlobalRegistry::new(job)),
            Self::GeoJson | Self::GeoPackage | Self::Xlsx | Self::Shapefile | Self::Html => {
                Box::new(GeoJson { crs })
            }
        }
    }
}

impl Encoding {
    /// Writes one feature as an answer of its own.
    pub fn write_one(
        self,
        out: &mut Vec<u8>,
        job: &Job,
        feature: &Feature,
        links: &[Link],
    ) -> Result<(), WriteError> {
        if self.has_links() {
            match self {
                Self::JsonFg => json_fg::JsonFg::new(job).write_root(out, feature)?,
                _ => write_feature(out, feature, job.request.crs)?,
            }
            write_links(out, links);
            out.push(b'}');
            return Ok(());
        }
        let mut encoder = self.encoder(job);
        encoder.begin(out);
        encoder.feature(out, feature, 0)?;
        let end = End {
            returned: 1,
            matched: None,
            links,
            generalised: job.generalised(),
        };
        encoder.end(out, &end);
        Ok(())
    }
}

impl FeatureFormat {
    /// The name under which a layer's download is kept: `facilities.csv`.
    pub fn file_name(&self, layer: &Layer) -> String {
        format!("{}.{}", layer.id, self.extension)
    }

    /// The value of `Content-Disposition` for a download.
    pub fn attachment(&self, layer: &Layer) -> Option<HeaderValue> {
        let name = self.file_name(layer);
        HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).ok()
    }
}
