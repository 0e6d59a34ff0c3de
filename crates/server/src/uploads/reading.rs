//! How a sent file is to be read: what `cadastre import` takes as options, by the same names.

use std::path::Path;

use chrono::NaiveDate;
use domain::code_list::Coded;
use domain::lang::Message;
use domain::layer::{Layer, Supply};
use domain::layers::{self, FACILITIES};
use domain::lists::{ObservationMethod, SurveyKind, VerticalDatum};
use domain::message;
use domain::quantity::Metres;
use domain::region::FacilityCode;
use domain::upload::RecordChoices;
use importer::import::ImportRequest;
use importer::mapping::MappingFile;
use importer::survey::{HeightUnit, SurveyRequest};
use serde::{Deserialize, Serialize};
use store::revision::Means;
use store::submission::Submission;

/// How a file is to be read, as it was said; what is not said is found out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Reading {
    /// The layer of the register; facilities, or surveys for a raster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// The layer of the file, where several fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_layer: Option<String>,
    /// The reference system of the coordinates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crs: Option<String>,
    /// The encoding of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The matching of fields: the content of a mapping file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<String>,
    /// The facility that a raster shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility: Option<String>,
    /// What a raster shows of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The day on which a raster was surveyed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surveyed: Option<NaiveDate>,
    /// How it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// What its heights are counted from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vertical_datum: Option<String>,
    /// The standard deviation of its heights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vertical_accuracy_m: Option<f64>,
    /// The unit of its heights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height_unit: Option<String>,
    /// Whether it is no file but edits of the layer.
    #[serde(skip_serializing_if = "is_false")]
    pub edits: bool,
    /// What reviewers said of records, by their places in the file.
    #[serde(skip_serializing_if = "RecordChoices::is_empty")]
    pub choices: RecordChoices,
}

/// What the importer is asked to do.
#[derive(Debug)]
pub enum Work {
    /// Edits of a layer.
    Edits(&'static Layer),
    /// Features.
    Features(Box<ImportRequest>),
    /// A raster.
    Raster(Box<SurveyRequest>),
}

/// A member that cannot be read, and why.
#[derive(Debug, PartialEq, Eq)]
pub struct BadMember {
    /// Its name.
    pub name: &'static str,
    /// What was said.
    pub value: String,
    /// What is wanted.
    pub wanted: Message,
}

impl Reading {
    /// The names of the members that may be said when a file is sent.
    pub const PARAMETERS: [&'static str; 12] = [
        "layer",
        "source-layer",
        "crs",
        "encoding",
        "mapping",
        "facility",
        "kind",
        "surveyed",
        "method",
        "vertical-datum",
        "vertical-accuracy-m",
        "height-unit",
    ];

    /// Reads named texts, such as those of a form or an address; an empty text says nothing.
    pub fn of_pairs<'a>(
        pairs: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, serde_json::Error> {
        let said = pairs.filter(|(name, text)| Self::PARAMETERS.contains(name) && !text.is_empty());
        let members = said.map(|(name, text)| (name.to_owned(), Self::value_of(name, text)));
        serde_json::from_value(serde_json::Value::Object(members.collect()))
    }

    /// What a text says of a member.
    pub fn value_of(name: &str, text: &str) -> serde_json::Value {
        let number = text.parse::<f64>().ok();
        let number = number.filter(|_| name == "vertical-accuracy-m");
        number.map_or_else(|| text.into(), Into::into)
    }

    /// The layer of the register that the file is for.
    pub fn target(&self, is_raster: bool) -> Result<&'static Layer, BadMember> {
        let Some(name) = &self.layer else {
            return Ok(if is_raster {
                &layers::SURVEYS
            } else {
                &FACILITIES
            });
        };
        if self.edits {
            return layers::find(name).ok_or_else(|| missing("layer"));
        }
        let wanted_supply = if is_raster {
            Supply::Rasters
        } else {
            Supply::Features
        };
        let takes = |layer: &&Layer| layer.supply == wanted_supply;
        layers::find(name).filter(takes).ok_or_else(|| {
            let names = layers::LAYERS.iter().copied().filter(takes);
            let names = names.map(|layer| layer.id).collect::<Vec<_>>().join(", ");
            BadMember {
                name: "layer",
                value: name.clone(),
                wanted: message!(
                    "слојеви који примају овакву датотеку: {names}",
                    "the layers that take such a file: {names}"
                ),
            }
        })
    }

    /// What the importer is to do with the file at `path`; nothing is changed by it yet.
    pub fn work(&self, path: &Path, submission: &Submission) -> Result<Work, BadMember> {
        if self.edits {
            return Ok(Work::Edits(self.target(false)?));
        }
        if is_raster(path) {
            return Ok(Work::Raster(Box::new(self.raster(path, submission)?)));
        }
        let mapping = self.mapping.as_ref();
        let mapping = mapping.map(|text| {
            text.parse::<MappingFile>()
                .map_err(|error| bad("mapping", "…", &error))
        });
        Ok(Work::Features(Box::new(ImportRequest {
            path: path.to_owned(),
            layer: self.target(false)?,
            source_layer: self.source_layer.clone(),
            mapping: mapping.transpose()?,
            crs: self.reference_system()?,
            encoding: self.encoding.clone(),
            dry_run: true,
            author: submission.submitted_by.clone(),
            means: Means::Upload,
            source: submission.source.clone(),
            comment: submission.comment.clone(),
            choices: self.choices.clone(),
            submission: Some(submission.id),
        })))
    }

    fn raster(&self, path: &Path, submission: &Submission) -> Result<SurveyRequest, BadMember> {
        self.target(true)?;
        let facility = self.facility.as_deref();
        let facility: FacilityCode = match facility.map(str::parse) {
            Some(Ok(code)) => code,
            Some(Err(error)) => return Err(bad("facility", facility.unwrap_or_default(), &error)),
            None => return Err(missing("facility")),
        };
        let Some(surveyed_on) = self.surveyed else {
            return Err(missing("surveyed"));
        };
        let unit = self.height_unit.as_deref();
        let unit = unit.map(|text| {
            text.parse::<HeightUnit>()
                .map_err(|error| bad("height-unit", text, &error))
        });
        let accuracy = self.vertical_accuracy_m.map(|metres| {
            Metres::new(metres)
                .map_err(|error| bad("vertical-accuracy-m", &metres.to_string(), &error))
        });
        Ok(SurveyRequest {
            path: path.to_owned(),
            facility,
            kind: coded::<SurveyKind>("kind", self.kind.as_deref())?
                .ok_or_else(|| missing("kind"))?,
            surveyed_on,
            method: coded::<ObservationMethod>("method", self.method.as_deref())?,
            vertical_datum: coded::<VerticalDatum>(
                "vertical-datum",
                self.vertical_datum.as_deref(),
            )?,
            vertical_accuracy: accuracy.transpose()?,
            unit: unit.transpose()?,
            code: None,
            crs: self.reference_system()?,
            dry_run: true,
            author: submission.submitted_by.clone(),
            means: Means::Upload,
            source: submission.source.clone(),
            comment: submission.comment.clone(),
            submission: Some(submission.id),
        })
    }

    fn reference_system(&self) -> Result<Option<geodesy::Reading>, BadMember> {
        let read = self.crs.as_deref().map(|name| {
            name.parse::<geodesy::Reading>()
                .map_err(|error| bad("crs", name, &error))
        });
        read.transpose()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_false(yes: &bool) -> bool {
    !*yes
}

/// Whether a file is sent as a raster, as its name says.
pub fn is_raster(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    ["tif", "tiff"]
        .iter()
        .any(|name| extension.eq_ignore_ascii_case(name))
}

fn coded<T: Coded>(name: &'static str, text: Option<&str>) -> Result<Option<T>, BadMember> {
    let Some(text) = text else {
        return Ok(None);
    };
    T::from_code(text).map(Some).ok_or_else(|| {
        let codes: Vec<_> = T::LIST.entries.iter().map(|entry| entry.code).collect();
        let codes = codes.join(", ");
        BadMember {
            name,
            value: text.to_owned(),
            wanted: message!("једно од: {codes}", "one of: {codes}"),
        }
    })
}

fn bad(name: &'static str, value: &str, error: &dyn std::error::Error) -> BadMember {
    BadMember {
        name,
        value: value.to_owned(),
        wanted: Message::verbatim(error.to_string()),
    }
}

fn missing(name: &'static str) -> BadMember {
    BadMember {
        name,
        value: String::new(),
        wanted: message!(
            "снимку (GeoTIFF) треба `facility`, `kind` и `surveyed`",
            "a raster (GeoTIFF) needs `facility`, `kind` and `surveyed`"
        ),
    }
}
