//! Which bands of a file make the image of its kind, in what unit and type.

use domain::lang::Message;
use domain::lists::{SurveyKind, VerticalDatum};
use domain::message;
use raster::cog::{Content, Recipe};
use raster::inspection::{BandColour, SampleType, SourceBand};

use super::datum::VerticalSaid;
use super::place::Placed;
use super::{File, HeightUnit, SurveyError};

/// How the image is made, and why so.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub(super) recipe: Recipe,
    /// What was changed.
    pub(super) notes: Vec<Message>,
    /// Whether somebody says the unit of heights.
    pub(super) unit_said: bool,
}

/// Marks for no data that programs write without declaring them. None is a height in Serbia.
const NO_HEIGHTS: [f64; 9] = [
    -9999.0,
    -99_999.0,
    -32_768.0,
    -32_767.0,
    32_767.0,
    -1e10,
    1e20,
    -3.402_823_466_385_288_6e38,
    3.402_823_466_385_288_6e38,
];

pub(super) fn choose(
    file: &File<'_>,
    placed: &Placed,
    vertical: &VerticalSaid,
) -> Result<Chosen, SurveyError> {
    let kind = file.request.kind;
    let bands = &file.inspection.bands;
    let is_alpha = |band: &SourceBand| band.colour == BandColour::Alpha;
    let alpha = bands.iter().position(is_alpha);
    let data: Vec<usize> = (0..bands.len())
        .filter(|&at| !is_alpha(&bands[at]))
        .collect();
    let mut base = Recipe {
        grid: placed.grid,
        crs: placed.crs.clone(),
        source: file.inspection.sample,
        source_bands: bands.len(),
        mask: file.inspection.mask,
        alpha,
        mark: file.inspection.nodata,
        presumed: Vec::new(),
        content: Content::Values {
            band: data.first().copied().unwrap_or_default(),
            factor: 1.0,
            offset: 0.0,
        },
        stored: file.inspection.sample,
        nodata: None,
        smooth: true,
    };
    let mut notes = file.inspection.notes.clone();
    let unit_said = if kind == SurveyKind::Orthophoto {
        picture(file, &data, &mut base, &mut notes)?;
        false
    } else {
        values(file, &data, vertical, &mut base, &mut notes)?
    };
    Ok(Chosen {
        recipe: base,
        notes,
        unit_said,
    })
}

/// Whether the unit of heights is said.
fn values(
    file: &File<'_>,
    data: &[usize],
    vertical: &VerticalSaid,
    recipe: &mut Recipe,
    notes: &mut Vec<Message>,
) -> Result<bool, SurveyError> {
    let [band] = data else {
        return Err(several_bands(file, data.len()));
    };
    let source = &file.inspection.bands[*band];
    let terrain = file.request.kind.is_terrain();
    if terrain && !source.palette.is_empty() {
        return Err(bands(
            file,
            "its cells are numbers of colours, not heights; export the heights \
             themselves, or import it as --kind orthophoto",
        ));
    }
    recipe.smooth = source.palette.is_empty();
    let said = if terrain {
        unit(file, source, vertical)?
    } else {
        None
    };
    let unit_m = said.map_or(1.0, HeightUnit::metres);
    let (factor, offset) = (source.scale * unit_m, source.offset * unit_m);
    recipe.content = Content::Values {
        band: *band,
        factor,
        offset,
    };
    if terrain {
        let declares = recipe.mark.is_some() || recipe.mask || recipe.alpha.is_some();
        let zero = !declares && vertical.datum != Some(VerticalDatum::Local);
        recipe.presumed = NO_HEIGHTS.to_vec();
        recipe.presumed.extend(zero.then_some(0.0));
    }
    let same = (factor - 1.0).abs() < f64::EPSILON && offset.abs() < f64::EPSILON;
    (recipe.stored, recipe.nodata) = stored(recipe, same, terrain);
    notes.extend((!same).then(|| converted(said, source)));
    Ok(said.is_some())
}

/// The type of the image's values and its mark for no data.
fn stored(recipe: &Recipe, same: bool, terrain: bool) -> (SampleType, Option<f64>) {
    let source = recipe.source;
    let needs_mark = terrain || recipe.mask || recipe.alpha.is_some();
    let own = match source {
        SampleType::Int8 => SampleType::Int16,
        other => other,
    };
    match (recipe.mark, source) {
        _ if !same => (wide(source), Some(f64::NAN)),
        (Some(mark), _) => (own, Some(mark)),
        (None, SampleType::Float32 | SampleType::Float64) => (own, Some(f64::NAN)),
        (None, SampleType::Int16) if terrain => (own, Some(-32_768.0)),
        (None, _) if needs_mark => (wide(source), Some(f64::NAN)),
        (None, _) => (own, None),
    }
}

/// The floating-point type that holds every value of a type.
const fn wide(source: SampleType) -> SampleType {
    match source {
        SampleType::UInt32 | SampleType::Int32 | SampleType::Float64 => SampleType::Float64,
        _ => SampleType::Float32,
    }
}

/// What is said about the unit of heights, by the user, the band or the vertical system.
fn unit(
    file: &File<'_>,
    band: &SourceBand,
    vertical: &VerticalSaid,
) -> Result<Option<HeightUnit>, SurveyError> {
    if file.request.unit.is_some() {
        return Ok(file.request.unit);
    }
    let said = band.unit.iter().chain(&vertical.unit);
    let Some(said) = said.map(|text| text.trim()).find(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let read = said.parse().map(Some);
    read.map_err(|_| {
        let reason = format!(
            "its heights are in the unit `{said}`, which is not known here; say with --height-unit \
             which it is: m, dm, cm, mm, ft or us-ft"
        );
        bands(file, &reason)
    })
}

fn converted(unit: Option<HeightUnit>, band: &SourceBand) -> Message {
    let (scale, offset) = (band.scale, band.offset);
    let metres = unit.map_or(1.0, HeightUnit::metres);
    message!(
        "вредности су преведене у метре: ({scale} × вредност + {offset}) × {metres} m",
        "values were converted to metres: ({scale} × value + {offset}) × {metres} m"
    )
}

fn picture(
    file: &File<'_>,
    data: &[usize],
    recipe: &mut Recipe,
    notes: &mut Vec<Message>,
) -> Result<(), SurveyError> {
    if !matches!(recipe.source, SampleType::UInt8 | SampleType::UInt16) {
        let reason = format!(
            "its colours are of the type {}; write them as 8 or 16 bits with `gdal_translate -ot Byte \
             -scale`",
            recipe.source
        );
        return Err(bands(file, &reason));
    }
    let source = &file.inspection.bands;
    let palette = data.first().map_or(&[][..], |&at| &source[at].palette);
    recipe.content = match data {
        [_] if !palette.is_empty() => {
            notes.push(message!(
                "бројеви боја замењени су бојама палете",
                "numbers of colours were replaced by the palette's colours"
            ));
            recipe.stored = SampleType::UInt8;
            Content::Palette(palette.to_vec())
        }
        [one] => Content::Colours {
            bands: vec![*one],
            factor: if file.inspection.bits == 1 {
                255.0
            } else {
                1.0
            },
        },
        [_, _, _] | [_, _, _, _] => {
            notes.extend((data.len() == 4).then(left_out));
            Content::Colours {
                bands: colours(source, data),
                factor: 1.0,
            }
        }
        _ => return Err(several_bands(file, data.len())),
    };
    Ok(())
}

fn left_out() -> Message {
    message!(
        "четврти канал није боја, па га снимак за приказ нема; изворна датотека га чува",
        "the fourth band is no colour and is left out of the image; the original keeps it"
    )
}

/// Red, green and blue where the file says which they are, else the first three bands.
fn colours(bands: &[SourceBand], data: &[usize]) -> Vec<usize> {
    let of = |colour| data.iter().copied().find(|&at| bands[at].colour == colour);
    let said = [BandColour::Red, BandColour::Green, BandColour::Blue].map(of);
    match said {
        [Some(red), Some(green), Some(blue)] => vec![red, green, blue],
        _ => data[..3].to_vec(),
    }
}

fn several_bands(file: &File<'_>, count: usize) -> SurveyError {
    let reason = match file.request.kind {
        SurveyKind::Orthophoto => format!(
            "it has {count} bands of colours, where an orthophoto has 1, 3 or 4; choose three with \
             `gdal_translate -b 1 -b 2 -b 3`"
        ),
        _ => format!(
            "it has {count} bands, where this kind of survey has one; choose it with `gdal_translate \
             -b 1`, or import the file as --kind orthophoto if these are colours"
        ),
    };
    bands(file, &reason)
}

fn bands(file: &File<'_>, reason: &str) -> SurveyError {
    SurveyError::Bands {
        file: file.received.name.clone(),
        reason: reason.to_owned(),
    }
}
