//! What a path leads to: the files of a survey that can be read, recognised by their beginning
//! and their names.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use domain::lang::Message;

use super::container::Container;
use super::failure::{Failure, failure, with_causes};
use super::format::{self, Format, HEAD_BYTES, TAKEN};
use super::gdal_log;
use super::unread;

/// Files that belong to a shapefile but are not its main file.
const SHAPE_COMPANIONS: [&str; 7] = ["shx", "dbf", "prj", "cpg", "qix", "sbn", "sbx"];
/// Files that belong to a `MapInfo` table but are not its main file.
const MAPINFO_COMPANIONS: [&str; 4] = ["map", "dat", "id", "mid"];
/// The first feature of a sequence may be long.
const JSON_HEAD_BYTES: u64 = 1 << 20;

/// A file of a survey that can be read.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// Its format.
    pub(super) format: Format,
    /// The file inside the container.
    pub(super) member: String,
    /// The name of its layer; some formats name their layers themselves.
    pub(super) layer: String,
    /// Whether the names of its own layers are led by `layer`, as others lie beside it.
    pub(super) is_one_of_several: bool,
}

impl Source {
    /// How the layer is offered that the file calls `own`.
    pub(super) fn layer_name(&self, own: &str) -> String {
        match (self.format.names_layers(), self.is_one_of_several) {
            (true, false) => own.to_owned(),
            (true, true) => format!("{}/{own}", self.layer),
            (false, _) => self.layer.clone(),
        }
    }

    /// Whether one of its layers may be called so.
    fn may_hold(&self, wanted: &str) -> bool {
        let rest = wanted.strip_prefix(self.layer.as_str());
        let own = |rest: &str| rest.is_empty() || rest.starts_with([' ', '/']);
        self.format.names_layers() && !self.is_one_of_several || rest.is_some_and(own)
    }
}

/// All that a path leads to.
#[derive(Debug)]
pub(super) struct Survey {
    /// Where the files lie.
    pub(super) container: Container,
    /// The files that can be read, at least one.
    pub(super) sources: Vec<Source>,
    /// What lies beside them and is not read.
    pub(super) notes: Vec<Message>,
}

impl Survey {
    /// Finds the files of a survey at `path`: a file, a zip archive or a folder.
    pub(super) fn find(path: &Path) -> Result<Self, Failure> {
        let metadata = fs::metadata(path)
            .map_err(|error| failure!("the file {} cannot be found: {error}", path.display()))?;
        if metadata.is_dir() {
            return Self::in_container(Container::folder(path)?);
        }
        if !metadata.is_file() {
            return Err(failure!(
                "{} is no file; vector import takes {TAKEN}",
                path.display()
            ));
        }
        let head = head_of(path)?;
        if !format::is_zip(&head) {
            return Self::single(path, None);
        }
        let archive = Container::zip(path)?;
        if archive.has("xl/workbook.xml") {
            return Self::single(path, Some(Format::Workbook));
        }
        Self::in_container(archive)
    }

    /// The files that may have a layer of this name.
    pub(super) fn holding(&self, layer: &str) -> Vec<Source> {
        let sources = self.sources.iter();
        sources
            .filter(|source| source.may_hold(layer))
            .cloned()
            .collect()
    }

    /// The formats in plain words, such as `ESRI Shapefile (zipped)`.
    pub(super) fn format(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for source in &self.sources {
            if !names.contains(&source.format.name()) {
                names.push(source.format.name());
            }
        }
        let packed = if self.container.is_zip() {
            " (zipped)"
        } else {
            ""
        };
        format!("{}{packed}", names.join(" and "))
    }

    fn in_container(mut container: Container) -> Result<Self, Failure> {
        let names = container.members().iter().map(|member| member.name.clone());
        let mut sources: Vec<Source> = Vec::new();
        for member in names.collect::<Vec<_>>() {
            if let Some(format) = format_of_member(&mut container, &member)? {
                sources.push(Source {
                    format,
                    layer: stem(&member).to_owned(),
                    member,
                    is_one_of_several: false,
                });
            }
        }
        // A .json beside other files describes them more often than it is a survey.
        if sources
            .iter()
            .any(|source| extension(&source.member) != "json")
        {
            sources.retain(|source| extension(&source.member) != "json");
        } else {
            leave_out_descriptions(&mut container, &mut sources)?;
        }
        if sources.is_empty() {
            return Err(nothing_in(&mut container));
        }
        tell_apart(&mut sources);
        let are_several = sources.len() > 1;
        for source in &mut sources {
            source.is_one_of_several = are_several;
        }
        let notes = unread::notes(&container);
        Ok(Self {
            container,
            sources,
            notes,
        })
    }

    /// A file that is given by its own name, of a format that is known or to be found.
    fn single(path: &Path, known: Option<Format>) -> Result<Self, Failure> {
        let (mut container, member) = beside(path)?;
        let format = match known {
            Some(format) => format,
            None => single_format(&mut container, &member, path)?,
        };
        let layer = stem(&member).to_owned();
        Ok(Self {
            container,
            sources: vec![Source {
                format,
                member,
                layer,
                is_one_of_several: false,
            }],
            notes: Vec::new(),
        })
    }
}

/// Among several .json, those alone are surveys that say so, if any does.
fn leave_out_descriptions(
    container: &mut Container,
    sources: &mut Vec<Source>,
) -> Result<(), Failure> {
    let mut surveys = Vec::new();
    for source in &*sources {
        if format::says_geojson(&head(container, &source.member)?) {
            surveys.push(source.member.clone());
        }
    }
    if !surveys.is_empty() {
        sources.retain(|source| surveys.contains(&source.member));
    }
    Ok(())
}

/// The folder around a file, and the file's name in it.
fn beside(path: &Path) -> Result<(Container, String), Failure> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| {
        failure!(
            "the name of {} is not UTF-8; rename the file",
            path.display()
        )
    })?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let container = Container::folder(folder.unwrap_or(Path::new(".")))?;
    Ok((container, name.to_owned()))
}

/// The format of a file in a folder or an archive; `None` for a file that is not a survey.
fn format_of_member(container: &mut Container, name: &str) -> Result<Option<Format>, Failure> {
    let extension = extension(name);
    if is_companion(&extension) || extension == "zip" {
        return Ok(None);
    }
    let by_name = Format::of_extension(&extension);
    // A damaged file is refused when it is opened, with better words.
    if by_name == Some(Format::Shapefile) || by_name == Some(Format::Csv) {
        return Ok(by_name);
    }
    let head = head(container, name)?;
    Ok(agreed(by_name, Format::of_content(&head), &head))
}

fn is_companion(extension: &str) -> bool {
    SHAPE_COMPANIONS.contains(&extension) || MAPINFO_COMPANIONS.contains(&extension)
}

/// What content and name say together: the content wins.
fn agreed(by_name: Option<Format>, by_content: Option<Format>, head: &[u8]) -> Option<Format> {
    match (by_name, by_content) {
        (Some(Format::Csv), _) => by_name,
        // A sequence may have one line.
        (Some(Format::GeoJsonSequence), Some(Format::GeoJson))
            if !String::from_utf8_lossy(head).contains("FeatureCollection") =>
        {
            by_name
        }
        // Tables divided by tabs are called .tab, too.
        (Some(Format::MapInfo), None) if is_plain_text(head) => Some(Format::Csv),
        _ => by_content.or(by_name),
    }
}

/// The format of a file that is no archive.
fn single_format(container: &mut Container, name: &str, path: &Path) -> Result<Format, Failure> {
    let extension = extension(name);
    let head = head(container, name)?;
    if format::is_tiff(&head) {
        return Err(raster(path));
    }
    if let Some(whole) = whole_of(&extension) {
        return Err(failure!("{name:?} is only a part of {whole}"));
    }
    if let Some(refused) = format::refused_by_name(name, &extension, &head) {
        return Err(refused);
    }
    let by_name = Format::of_extension(&extension);
    let by_content = Format::of_content(&head);
    match agreed(by_name, by_content, &head) {
        Some(format) if by_content.is_some() || format == Format::Csv => Ok(format),
        _ if extension == "zip" => Err(failure!(
            "the name of {name:?} ends in .zip, but its content is no zip archive; make the \
             archive again with a zip program instead of renaming a file"
        )),
        _ if ["", "txt"].contains(&extension.as_str()) && is_plain_text(&head) => Ok(Format::Csv),
        Some(format) => Err(failure!(
            "{name:?} is named like a {0}, but its content is none, or its beginning is damaged; \
             export it again as {0}",
            format.name()
        )),
        None => Err(failure!(
            "{name:?} is no file known here; vector import takes {TAKEN}"
        )),
    }
}

/// What a file with such an ending is a part of, and the way out.
fn whole_of(extension: &str) -> Option<&'static str> {
    if SHAPE_COMPANIONS.contains(&extension) {
        return Some(
            "a shapefile; give the .shp beside it, or put all of .shp .shx .dbf .prj into a zip",
        );
    }
    MAPINFO_COMPANIONS.contains(&extension).then_some(
        "a MapInfo table; give the .tab or .mif beside it, or put all of .tab .dat .map .id, or \
         .mif and .mid, into a zip",
    )
}

fn is_plain_text(head: &[u8]) -> bool {
    !head.is_empty() && !head.contains(&0)
}

fn head_of(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(HEAD_BYTES).read_to_end(&mut head))
        .map_err(|error| failure!("the file {} cannot be read: {error}", path.display()))?;
    Ok(head)
}

/// The beginning of a file, long enough to recognise it.
fn head(container: &mut Container, name: &str) -> Result<Vec<u8>, Failure> {
    let head = container.head(name, HEAD_BYTES)?;
    if format::without_utf8_mark(&head)
        .trim_ascii_start()
        .starts_with(b"{")
    {
        return container.head(name, JSON_HEAD_BYTES);
    }
    Ok(head)
}

fn raster(path: &Path) -> Failure {
    let inspected = raster::inspection::inspect(path);
    // What GDAL says about the raster is part of the error.
    gdal_log::take_failure();
    match inspected {
        Ok(raster) => failure!("this is {raster}; vector import takes {TAKEN}"),
        Err(error) => failure!("{}; vector import takes {TAKEN}", with_causes(&error)),
    }
}

/// The words for a folder or archive without a survey.
fn nothing_in(container: &mut Container) -> Failure {
    let names: Vec<String> = container
        .members()
        .iter()
        .map(|member| member.name.clone())
        .collect();
    let with = |wanted: &str| names.iter().find(|name| extension(name) == wanted);
    let mut folders = container.folders().iter();
    if with("gdbtable").is_some() || folders.any(|name| extension(name) == "gdb") {
        return failure!(
            "this is an ESRI file geodatabase; open it in QGIS or ArcGIS, export the layer as a \
             GeoPackage, and import that"
        );
    }
    if names.iter().any(|name| name == "content.xml") && names.iter().any(|name| name == "mimetype")
    {
        return failure!(
            "this is a LibreOffice document; open it there, save it as an Excel workbook (XLSX) or \
             as CSV, and import that"
        );
    }
    if let Some(companion) = with("shx").or_else(|| with("dbf")) {
        return failure!(
            "the file {}.shp is missing beside {companion:?}; put all of .shp .shx .dbf .prj into \
             the zip",
            stem(companion)
        );
    }
    if let Some(tiff) = with("tif").or_else(|| with("tiff")) {
        if container.is_zip() {
            return failure!(
                "a raster is in it, {tiff:?}; unpack it, and import the raster itself"
            );
        }
        return raster(Path::new(&container.gdal_path(tiff)));
    }
    if let Some(archive) = with("zip").or_else(|| with("kmz")) {
        return failure!(
            "another archive is in it, {archive:?}, and no survey file beside it; unpack it, and \
             import {} itself",
            file_name(archive)
        );
    }
    if let Some(refused) = first_refused(container, &names) {
        return refused;
    }
    let shown: Vec<&str> = names.iter().take(5).map(String::as_str).collect();
    let more = if names.len() > shown.len() {
        ", ..."
    } else {
        ""
    };
    failure!(
        "no survey file is in it ({} files: {}{more}); vector import takes {TAKEN}",
        names.len(),
        shown.join(", ")
    )
}

/// Why the first file that is known and not read is not.
fn first_refused(container: &mut Container, names: &[String]) -> Option<Failure> {
    names.iter().find_map(|name| {
        // That a PDF lies in it says nothing about what is missing.
        let kind = extension(name);
        let head = container.head(name, HEAD_BYTES).ok();
        let head = head.filter(|_| kind != "pdf" && kind != "html" && kind != "doc")?;
        format::refused_by_name(name, &kind, &head)
    })
}

/// Layers of the same name are named with their folder, and with their ending if need be.
fn tell_apart(sources: &mut [Source]) {
    for longer in [without_extension as fn(&str) -> &str, |name| name] {
        let mut uses: HashMap<String, usize> = HashMap::new();
        for source in &*sources {
            *uses.entry(source.layer.clone()).or_default() += 1;
        }
        for source in &mut *sources {
            if uses.get(&source.layer).is_some_and(|&count| count > 1) {
                source.layer = longer(&source.member).to_owned();
            }
        }
    }
}

/// The ending of a file's name in small letters, without the dot.
pub(super) fn extension(name: &str) -> String {
    let ending = file_name(name)
        .rsplit_once('.')
        .map_or("", |(_, ending)| ending);
    ending.to_ascii_lowercase()
}

/// The file's name without folders and ending.
pub(super) fn stem(name: &str) -> &str {
    without_extension(file_name(name))
}

/// The path without the ending.
pub(super) fn without_extension(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((before, ending)) if !before.is_empty() && !ending.contains('/') => before,
        _ => name,
    }
}

fn file_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::{Format, Source, extension, stem, tell_apart, without_extension};

    #[test]
    fn names_are_taken_apart() {
        for (name, parts) in [
            ("a/b.c/mines.SHP", ("shp", "mines", "a/b.c/mines")),
            ("a.b/mines", ("", "mines", "a.b/mines")),
            ("mines.2024.csv", ("csv", "mines.2024", "mines.2024")),
        ] {
            assert_eq!(
                (
                    extension(name).as_str(),
                    stem(name),
                    without_extension(name)
                ),
                parts
            );
        }
    }

    #[test]
    fn layers_of_the_same_name_are_told_apart() {
        let mut sources =
            ["a/mines.shp", "b/mines.shp", "b/mines.csv", "roads.shp"].map(|member| Source {
                format: Format::Shapefile,
                member: member.to_owned(),
                layer: stem(member).to_owned(),
                is_one_of_several: true,
            });
        tell_apart(&mut sources);
        let layers = sources.each_ref().map(|source| source.layer.as_str());
        assert_eq!(layers, ["a/mines", "b/mines.shp", "b/mines.csv", "roads"]);
    }
}
