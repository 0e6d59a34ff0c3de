//! What a path leads to: the files of a survey that can be read, recognised by their beginning
//! and their names.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use super::container::Container;
use super::failure::{Failure, failure, with_causes};
use super::gdal_log;

/// What vector import takes, for messages.
const TAKEN: &str = "a zipped ESRI Shapefile, a GeoPackage, a GeoJSON or a CSV file";
/// Every `SQLite` database, and so every `GeoPackage`, begins so.
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";
/// File code 9994 of `.shp` and `.shx`.
const SHAPE_MAGIC: &[u8] = &[0, 0, 0x27, 0x0A];
/// The beginnings of a file entry and of the end of an empty archive.
const ZIP_MAGICS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
/// TIFF and `BigTIFF`, in either byte order.
const TIFF_MAGICS: [&[u8]; 4] = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];
/// Files that belong to a shapefile but are not its main file.
const SHAPE_COMPANIONS: [&str; 7] = ["shx", "dbf", "prj", "cpg", "qix", "sbn", "sbx"];

/// A file format that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// ESRI Shapefile: one layer.
    Shapefile,
    /// OGC `GeoPackage`: any number of layers.
    GeoPackage,
    /// `GeoJSON`, RFC 7946: one layer.
    GeoJson,
    /// Comma-separated values: one table.
    Csv,
}

impl Format {
    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Shapefile => "ESRI Shapefile",
            Self::GeoPackage => "GeoPackage",
            Self::GeoJson => "GeoJSON",
            Self::Csv => "CSV",
        }
    }

    fn of_extension(extension: &str) -> Option<Self> {
        match extension {
            "shp" => Some(Self::Shapefile),
            "gpkg" => Some(Self::GeoPackage),
            "geojson" | "json" => Some(Self::GeoJson),
            "csv" | "tsv" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// A file of a survey that can be read.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// Its format.
    pub(super) format: Format,
    /// The file inside the container.
    pub(super) member: String,
    /// The name of its layer; a `GeoPackage` names its layers itself.
    pub(super) layer: String,
}

/// All that a path leads to.
#[derive(Debug)]
pub(super) struct Survey {
    /// Where the files lie.
    pub(super) container: Container,
    /// The files that can be read, at least one.
    pub(super) sources: Vec<Source>,
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
        let head = head(path)?;
        if ZIP_MAGICS.iter().any(|magic| head.starts_with(magic)) {
            return Self::in_container(Container::zip(path)?);
        }
        Self::single(path, &head)
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

    fn in_container(container: Container) -> Result<Self, Failure> {
        let names = container.members().iter().map(|member| member.name.clone());
        let mut sources: Vec<Source> = names
            .filter_map(|name| Some((Format::of_extension(&extension(&name))?, name)))
            .map(|(format, member)| Source {
                format,
                layer: stem(&member).to_owned(),
                member,
            })
            .collect();
        // A .json beside other files describes them more often than it is a survey.
        if sources
            .iter()
            .any(|source| extension(&source.member) != "json")
        {
            sources.retain(|source| extension(&source.member) != "json");
        }
        if sources.is_empty() {
            return Err(nothing_in(&container));
        }
        let packages = sources
            .iter()
            .filter(|source| source.format == Format::GeoPackage);
        if packages.count() > 1 {
            return Err(failure!(
                "there are several GeoPackages; import one at a time"
            ));
        }
        tell_apart(&mut sources);
        Ok(Self { container, sources })
    }

    fn single(path: &Path, head: &[u8]) -> Result<Self, Failure> {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .ok_or_else(|| {
                failure!(
                    "the name of {} is not UTF-8; rename the file",
                    path.display()
                )
            })?;
        let format = single_format(path, name, head)?;
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        Ok(Self {
            container: Container::folder(folder.unwrap_or(Path::new(".")))?,
            sources: vec![Source {
                format,
                member: name.to_owned(),
                layer: stem(name).to_owned(),
            }],
        })
    }
}

/// The format of a file that is no archive.
fn single_format(path: &Path, name: &str, head: &[u8]) -> Result<Format, Failure> {
    let extension = extension(name);
    if TIFF_MAGICS.iter().any(|magic| head.starts_with(magic)) {
        return Err(raster(path));
    }
    if SHAPE_COMPANIONS.contains(&extension.as_str()) {
        return Err(failure!(
            "{name:?} is only a part of a shapefile; give the .shp beside it, or put all of .shp \
             .shx .dbf .prj into a zip"
        ));
    }
    let text = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head)
        .trim_ascii_start();
    let looks_like = if head.starts_with(SQLITE_MAGIC) {
        Some(Format::GeoPackage)
    } else if head.starts_with(SHAPE_MAGIC) {
        Some(Format::Shapefile)
    } else if text.starts_with(b"{") {
        Some(Format::GeoJson)
    } else {
        None
    };
    match (Format::of_extension(&extension), looks_like) {
        (Some(Format::Csv), _) => Ok(Format::Csv),
        (_, Some(format)) => Ok(format),
        (None, None) if extension == "zip" => Err(failure!(
            "the name of {name:?} ends in .zip, but its content is no zip archive; make the \
             archive again with a zip program instead of renaming a file"
        )),
        (None, None) if is_plain_table(&extension, head) => Ok(Format::Csv),
        (Some(format), None) => Err(failure!(
            "{name:?} is named like a {0}, but its content is none, or its beginning is damaged; \
             export it again as {0}",
            format.name()
        )),
        (None, None) => Err(failure!(
            "{name:?} is no file known here; vector import takes {TAKEN}"
        )),
    }
}

/// A text file without a telling name.
fn is_plain_table(extension: &str, head: &[u8]) -> bool {
    ["", "txt"].contains(&extension) && !head.is_empty() && !head.contains(&0)
}

fn raster(path: &Path) -> Failure {
    // What GDAL says about the raster is part of the description's error.
    let described =
        raster::describe(path).map_or_else(|error| with_causes(&error), |info| info.to_string());
    gdal_log::take_failure();
    failure!("this is {described}; vector import takes {TAKEN}")
}

/// The words for a folder or archive without a survey.
fn nothing_in(container: &Container) -> Failure {
    let members = container.members();
    let with = |wanted: &str| {
        members
            .iter()
            .find(|member| extension(&member.name) == wanted)
    };
    if members
        .iter()
        .any(|member| member.name == "xl/workbook.xml")
    {
        return failure!(
            "this is an Excel workbook; save the sheet as \"CSV UTF-8\" and import that file"
        );
    }
    if let Some(companion) = with("shx").or_else(|| with("dbf")) {
        return failure!(
            "the file {}.shp is missing beside {:?}; put all of .shp .shx .dbf .prj into the zip",
            stem(&companion.name),
            companion.name
        );
    }
    if let Some(tiff) = with("tif").or_else(|| with("tiff")) {
        return raster(Path::new(&container.gdal_path(&tiff.name)));
    }
    let names: Vec<&str> = members
        .iter()
        .take(5)
        .map(|member| member.name.as_str())
        .collect();
    let more = if members.len() > names.len() {
        ", ..."
    } else {
        ""
    };
    failure!(
        "no survey file is in it ({} files: {}{more}); vector import takes {TAKEN}",
        members.len(),
        names.join(", ")
    )
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

fn head(path: &Path) -> Result<Vec<u8>, Failure> {
    const ENOUGH_BYTES: u64 = 512;
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(ENOUGH_BYTES).read_to_end(&mut head))
        .map_err(|error| failure!("the file {} cannot be read: {error}", path.display()))?;
    Ok(head)
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
            });
        tell_apart(&mut sources);
        let layers = sources.each_ref().map(|source| source.layer.as_str());
        assert_eq!(layers, ["a/mines", "b/mines.shp", "b/mines.csv", "roads"]);
    }
}
