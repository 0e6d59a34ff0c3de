//! The file into which a report goes.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use domain::Lang;
use importer::report::Report;

/// A file for a report, open before anything is imported, so that a wrong name is told in time. What stands in
/// it stays until there is a report; one that was made for nothing goes again.
#[derive(Debug)]
pub struct ReportFile {
    name: PathBuf,
    form: Form,
    file: File,
    is_unused: bool,
}

/// The forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Json,
    Table,
    Page,
    Text,
}

impl Form {
    /// The form that a name ends in; a name without an ending is that of a text.
    fn of(name: &Path) -> anyhow::Result<Self> {
        Ok(match extension(name).as_str() {
            "json" => Self::Json,
            "csv" => Self::Table,
            "html" | "htm" => Self::Page,
            "txt" | "" => Self::Text,
            other => anyhow::bail!(
                "a report is not written as .{other} ({}); let its name end in .html, .json, .csv or .txt",
                name.display()
            ),
        })
    }
}

impl ReportFile {
    /// Opens or makes it; never the survey itself.
    pub fn open(name: PathBuf, survey: &Path) -> anyhow::Result<Self> {
        let is_new = !name.exists();
        anyhow::ensure!(
            is_new || !is_part_of(&name, survey),
            "the report would replace {}, which is the survey or a part of it; give the report another name",
            name.display()
        );
        let form = Form::of(&name)?;
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&name)
            .with_context(|| format!("the report cannot be written to {}", name.display()))?;
        Ok(Self {
            name,
            form,
            file,
            is_unused: is_new,
        })
    }

    /// Writes the report.
    pub fn write(mut self, report: &Report, lang: Lang) -> anyhow::Result<()> {
        let text = match self.form {
            Form::Json => report.to_json()?,
            Form::Table => report.to_csv(lang)?,
            Form::Page => report.to_html(lang)?,
            Form::Text => report.to_text(lang),
        };
        self.is_unused = false;
        let is_file = self.file.metadata().is_ok_and(|known| known.is_file());
        let emptied = if is_file {
            self.file.set_len(0)
        } else {
            Ok(())
        };
        let written = emptied.and_then(|()| self.file.write_all(text.as_bytes()));
        written.with_context(|| {
            format!(
                "the import is done as told above, but the report was not written to {}",
                self.name.display()
            )
        })
    }
}

impl Drop for ReportFile {
    fn drop(&mut self) {
        if self.is_unused
            && let Err(error) = std::fs::remove_file(&self.name)
        {
            tracing::warn!(%error, "the empty file of the report stays");
        }
    }
}

/// Whether an existing file is the survey, lies in its folder, or has its name and is no report: of some formats
/// a survey is several files.
fn is_part_of(name: &Path, survey: &Path) -> bool {
    const REPORTS: [&str; 5] = ["csv", "htm", "html", "json", "txt"];
    let (Ok(name), Ok(survey)) = (name.canonicalize(), survey.canonicalize()) else {
        return false;
    };
    let is_sibling = name.parent() == survey.parent() && name.file_stem() == survey.file_stem();
    name.starts_with(&survey) || is_sibling && !REPORTS.contains(&extension(&name).as_str())
}

/// How a name ends, in small letters.
fn extension(name: &Path) -> String {
    let extension = name.extension().unwrap_or_default();
    extension.to_string_lossy().to_lowercase()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Form, is_part_of};

    #[test]
    fn the_name_says_the_form() {
        for (name, form) in [
            ("a.HTML", Form::Page),
            ("a.b.csv", Form::Table),
            ("a.json", Form::Json),
            ("report", Form::Text),
            ("/dev/stdout", Form::Text),
        ] {
            assert_eq!(Form::of(Path::new(name)).unwrap(), form, "{name}");
        }
        let refused = Form::of(Path::new("x.pdf")).unwrap_err().to_string();
        assert!(
            refused.contains(".pdf") && refused.contains(".html"),
            "{refused}"
        );
    }

    #[test]
    fn no_report_replaces_the_survey() {
        let folder = tempfile::tempdir().unwrap();
        let [survey, part, report, other] = ["a.shp", "a.dbf", "a.html", "b.dbf"].map(|name| {
            let path = folder.path().join(name);
            std::fs::write(&path, "x").unwrap();
            path
        });
        for (name, expected) in [
            (&survey, true),
            (&part, true),
            (&report, false),
            (&other, false),
        ] {
            assert_eq!(is_part_of(name, &survey), expected, "{name:?}");
        }
        assert!(is_part_of(&report, folder.path()));
    }
}
