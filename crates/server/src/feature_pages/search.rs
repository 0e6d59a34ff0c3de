//! The form by which a selection is narrowed, and the conditions that it has.

use domain::layer::{Field, Layer};
use domain::layers::{self, readable_fields};
use domain::{Lang, Text};

use super::{NOT_SELECTING, Scene, region_name};
use crate::context::Context;
use crate::links::with_only;
use crate::params::{ITEMS_PARAMETERS, ItemsRequest};

/// Lists of codes that are offered at once; the others stand behind a line that opens.
const FIRST: usize = 2;
const SEARCH: &str = "q";
const REGION: &str = "region";
const REGION_TITLE: Text = Text::new("Регион", "Region");

/// A form that needs no script.
pub struct Form {
    /// Where it is sent to.
    pub action: String,
    /// What is searched for; `None` where the service cannot search.
    pub q: Option<String>,
    /// The regions, level by level.
    pub regions: Vec<(String, Vec<Choice>)>,
    /// The lists of codes.
    pub selects: Vec<Select>,
    /// Conditions that the form has no field for.
    pub hidden: Vec<(String, String)>,
}

/// A list to choose one of.
pub struct Select {
    /// The parameter.
    pub name: &'static str,
    /// What it is called.
    pub title: String,
    /// Its values.
    pub choices: Vec<Choice>,
}

/// One of a list.
pub struct Choice {
    /// What is sent.
    pub code: String,
    /// What is read.
    pub label: String,
    /// Whether it is the one in use.
    pub is_chosen: bool,
}

impl Form {
    /// The form of a layer, filled in as the request has it.
    pub fn of(
        context: &Context,
        layer: &'static Layer,
        request: &ItemsRequest,
        scene: &Scene,
    ) -> Self {
        let q = || context.parameter(SEARCH).unwrap_or_default().to_owned();
        let selects: Vec<_> = selectable(context, layer)
            .filter_map(|field| Select::of(context, field))
            .collect();
        let region = request
            .selection
            .region
            .map(|(region, _)| region.to_string());
        let has_field = |name: &str| {
            [SEARCH, REGION].contains(&name) || selects.iter().any(|select| select.name == name)
        };
        let hidden = context
            .query
            .iter()
            .filter(|(name, _)| !NOT_SELECTING.contains(&name.as_str()) && !has_field(name));
        Self {
            action: format!("{}/collections/{}/items", context.base_url, layer.id),
            q: ITEMS_PARAMETERS.contains(&SEARCH).then(q),
            regions: regions(scene, region.as_deref(), context.lang),
            hidden: hidden.cloned().collect(),
            selects,
        }
    }

    /// The lists that are offered at once.
    pub fn first(&self) -> &[Select] {
        &self.selects[..self.selects.len().min(FIRST)]
    }

    /// The others.
    pub fn rest(&self) -> &[Select] {
        &self.selects[self.selects.len().min(FIRST)..]
    }

    /// Whether any of the others is in use.
    pub fn rest_is_used(&self) -> bool {
        let choices = self.rest().iter().flat_map(|select| &select.choices);
        choices.into_iter().any(|choice| choice.is_chosen)
    }
}

fn selectable(context: &Context, layer: &'static Layer) -> impl Iterator<Item = &'static Field> {
    let fields = readable_fields(layer, context.access).iter().copied();
    fields.filter(|field| field.filterable)
}

impl Select {
    fn of(context: &Context, field: &'static Field) -> Option<Self> {
        let lang = context.lang;
        let list = field.code_list()?;
        let chosen = context.parameter(field.name);
        let choices = list.entries.iter().map(|entry| Choice {
            code: entry.code.to_owned(),
            label: entry.label.get(lang).into_owned(),
            is_chosen: chosen == Some(entry.code),
        });
        Some(Self {
            name: field.name,
            title: field.title.get(lang).into_owned(),
            choices: choices.collect(),
        })
    }
}

fn regions(scene: &Scene, chosen: Option<&str>, lang: Lang) -> Vec<(String, Vec<Choice>)> {
    let levels = scene
        .regions
        .chunk_by(|one, other| one.layer == other.layer);
    let level = levels.filter_map(|regions| {
        let layer = layers::find(&regions.first()?.layer)?;
        let choices = regions.iter().map(|region| Choice {
            code: region.code.clone(),
            label: region_name(region, lang),
            is_chosen: chosen == Some(region.code.as_str()),
        });
        Some((layer.title.get(lang).into_owned(), choices.collect()))
    });
    level.collect()
}

/// A condition of the selection.
pub struct InUse {
    /// What it is on.
    pub title: String,
    /// What it asks for.
    pub value: String,
    /// The selection without it.
    pub without: String,
}

impl InUse {
    /// The conditions of a request, as given.
    pub fn of(context: &Context, layer: &Layer, scene: &Scene) -> Vec<Self> {
        let conditions = context.query.iter();
        let conditions = conditions.filter(|(name, _)| !NOT_SELECTING.contains(&name.as_str()));
        conditions
            .map(|(name, value)| {
                let (title, value) = said(context, layer, scene, (name, value));
                let others = |other: &str| other != name && !["offset", "cursor"].contains(&other);
                let without = format!("{}{}", context.base_url, with_only(context, others));
                Self {
                    title,
                    value,
                    without,
                }
            })
            .collect()
    }
}

/// A condition in words: titles and labels where the layer has them.
fn said(
    context: &Context,
    layer: &Layer,
    scene: &Scene,
    (name, value): (&str, &str),
) -> (String, String) {
    let lang = context.lang;
    let region = |code: &str| {
        let named = scene.regions.iter().find(|region| region.code == code);
        named.map(|region| region_name(region, lang))
    };
    if name == REGION {
        let title = REGION_TITLE.get(lang).into_owned();
        return (title, region(value).unwrap_or_else(|| value.to_owned()));
    }
    let known = layer.field(name);
    let Some(field) = known.filter(|field| field.is_readable(context.access)) else {
        return (name.to_owned(), value.to_owned());
    };
    let entry = field.code_list().and_then(|list| list.find(value));
    let label = entry.map(|entry| entry.label.get(lang).into_owned());
    let named = || field.named_layer().and_then(|_| region(value));
    (
        field.title.get(lang).into_owned(),
        label.or_else(named).unwrap_or_else(|| value.to_owned()),
    )
}
