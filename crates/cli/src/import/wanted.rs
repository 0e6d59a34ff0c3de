//! What a command line asks to import: features or a raster, which is seen by the file itself.

use std::path::Path;

use anyhow::Context as _;
use domain::Layer;
use domain::layer::Supply;
use domain::layers::FACILITIES;
use domain::region::FacilityCode;
use domain::upload::{RecordChoice, RecordChoices};
use importer::import::ImportRequest;
use importer::mapping::MappingFile;
use importer::survey::{SurveyRequest, is_tiff};
use store::revision::Means;

use crate::args::{ImportArgs, SurveyArgs};

/// What is to be imported, and how.
pub(super) enum Wanted {
    /// The features of a survey file.
    Features(ImportRequest),
    /// A raster survey.
    Raster(SurveyRequest),
}

impl Wanted {
    pub(super) fn of(args: ImportArgs) -> anyhow::Result<Self> {
        if is_raster(&args) {
            return Ok(Self::Raster(raster(args)?));
        }
        if let Some(option) = args.survey.first_given() {
            anyhow::bail!(
                "{option} is for rasters, and {} is no GeoTIFF; leave it out, or export the raster \
                 as GeoTIFF (.tif)",
                args.file.display()
            );
        }
        features(args).map(Self::Features)
    }

    /// The file or folder of the survey.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Features(request) => &request.path,
            Self::Raster(request) => &request.path,
        }
    }

    /// The features, where a mapping file is asked for, which rasters do not have.
    pub(super) fn features(&self) -> anyhow::Result<&ImportRequest> {
        match self {
            Self::Features(request) => Ok(request),
            Self::Raster(request) => anyhow::bail!(
                "{} is a raster, whose cells need no mapping; leave --write-mapping out",
                request.path.display()
            ),
        }
    }
}

/// A file that cannot be looked into is named as what its name says, and refused as such.
fn is_raster(args: &ImportArgs) -> bool {
    let extension = args.file.extension().unwrap_or_default();
    let is_called = ["tif", "tiff"]
        .iter()
        .any(|it| extension.eq_ignore_ascii_case(it));
    let is_described = is_called && args.survey.first_given().is_some();
    is_described || is_tiff(&args.file).unwrap_or(false)
}

fn raster(args: ImportArgs) -> anyhow::Result<SurveyRequest> {
    refuse_options_of_features(&args)?;
    let crs = reading(args.crs.as_deref())?;
    let SurveyArgs {
        facility,
        kind,
        surveyed,
        method,
        vertical_datum,
        vertical_accuracy_m,
        height_unit,
        code,
    } = args.survey;
    let missing = [
        (facility.is_none(), "--facility CODE"),
        (kind.is_none(), "--kind dem|dtm|dsm|orthophoto|index"),
        (surveyed.is_none(), "--surveyed DATE"),
    ];
    let missing: Vec<_> = missing
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, name)| *name)
        .collect();
    let (Some(facility), Some(kind), Some(surveyed_on)): (Option<FacilityCode>, _, _) =
        (facility, kind, surveyed)
    else {
        anyhow::bail!(
            "{} is a raster: say what it shows with {}",
            args.file.display(),
            missing.join(" and ")
        )
    };
    Ok(SurveyRequest {
        path: args.file,
        facility,
        kind,
        surveyed_on,
        method,
        vertical_datum,
        vertical_accuracy: vertical_accuracy_m,
        unit: height_unit,
        code,
        crs,
        dry_run: args.dry_run,
        author: args.author,
        means: Means::Command,
        source: args.source,
        comment: args.comment,
        submission: None,
    })
}

fn refuse_options_of_features(args: &ImportArgs) -> anyhow::Result<()> {
    let other_layer = args.layer.filter(|layer| layer.supply != Supply::Rasters);
    if let Some(layer) = other_layer {
        anyhow::bail!(
            "{} is a raster, which goes into the layer surveys, not {}; leave --layer out",
            args.file.display(),
            layer.id
        );
    }
    let given = [
        (args.source_layer.is_some(), "--source-layer"),
        (args.mapping.is_some(), "--mapping"),
        (args.write_mapping.is_some(), "--write-mapping"),
        (args.encoding.is_some(), "--encoding"),
        (!args.choices.is_empty(), "--choice"),
    ];
    match given.iter().find(|(given, _)| *given) {
        Some((_, option)) => anyhow::bail!(
            "{} is a raster, which has no fields and no text; leave {option} out",
            args.file.display()
        ),
        None => Ok(()),
    }
}

fn features(args: ImportArgs) -> anyhow::Result<ImportRequest> {
    let layer = args.layer.unwrap_or(&FACILITIES);
    refuse_other_supply(layer, &args.file)?;
    let mapping = args.mapping.as_deref().map(|file| {
        MappingFile::read(file)
            .with_context(|| format!("the mapping file {} was not read", file.display()))
    });
    Ok(ImportRequest {
        path: args.file,
        layer,
        source_layer: args.source_layer,
        mapping: mapping.transpose()?,
        crs: reading(args.crs.as_deref())?,
        encoding: args.encoding,
        dry_run: args.dry_run,
        author: args.author,
        means: Means::Command,
        source: args.source,
        comment: args.comment,
        choices: choices(args.choices)?,
        submission: None,
    })
}

fn choices(given: Vec<(u64, RecordChoice)>) -> anyhow::Result<RecordChoices> {
    let mut choices = RecordChoices::new();
    for (row, choice) in given {
        anyhow::ensure!(
            choices.insert(row, choice).is_none(),
            "--choice says twice what row {row} is; leave one out"
        );
    }
    Ok(choices)
}

/// Refuses a file of features for a layer whose records are made otherwise.
fn refuse_other_supply(layer: &Layer, file: &Path) -> anyhow::Result<()> {
    match layer.supply {
        Supply::Features => Ok(()),
        Supply::Rasters => anyhow::bail!(
            "the layer {} takes rasters, and {} is no GeoTIFF; import a GeoTIFF (.tif) with \
             --facility, --kind and --surveyed",
            layer.id,
            file.display()
        ),
        Supply::Computation => anyhow::bail!(
            "the layer {} is computed from surveys, and takes no files; see `cadastre --help`",
            layer.id
        ),
    }
}

fn reading(crs: Option<&str>) -> anyhow::Result<Option<geodesy::Reading>> {
    let read = crs.map(|name| {
        name.parse::<geodesy::Reading>().with_context(|| {
            format!("--crs {name} is not a coordinate reference system known here")
        })
    });
    read.transpose()
}
