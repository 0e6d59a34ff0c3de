//! Commands, flags and environment variables. `--help` is their reference.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Parser, Subcommand, ValueEnum};
use domain::code_list::Coded;
use domain::lists::{ObservationMethod, SurveyKind, VerticalDatum};
use domain::quantity::Metres;
use domain::region::FacilityCode;
use domain::upload::RecordChoice;
use domain::value::FieldValue as _;
use domain::{Lang, Layer};
use importer::survey::HeightUnit;
use server::Background;

use crate::account::args::{ProviderArgs, TokenArgs, UserArgs};
use crate::audit::AuditCommand;
use crate::revision::RevisionCommand;

/// The register of mining waste: serves it as an open GIS service, imports surveys into it, and
/// keeps its database.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
pub struct Args {
    #[command(flatten)]
    pub database: DatabaseArgs,

    /// The folder of the private database and of everything else the program keeps
    #[arg(
        long,
        env = "CADASTRE_HOME",
        default_value = ".cadastre",
        global = true
    )]
    pub home: PathBuf,

    /// The folder of the raster surveys; without it `rasters` under the home
    #[arg(long, env = "CADASTRE_RASTERS", global = true)]
    pub rasters: Option<PathBuf>,

    /// What is logged, to standard error: a level (error, warn, info, debug) or a filter
    /// such as `info,sqlx=debug`
    #[arg(long, env = "CADASTRE_LOG", default_value = "info", global = true)]
    pub log: String,

    /// How log lines are written
    #[arg(
        long,
        env = "CADASTRE_LOG_FORMAT",
        default_value = "text",
        global = true
    )]
    pub log_format: LogFormat,

    #[command(subcommand)]
    pub command: Command,
}

impl Args {
    /// The folder of the raster surveys.
    pub fn rasters(&self) -> PathBuf {
        self.rasters
            .clone()
            .unwrap_or_else(|| self.home.join("rasters"))
    }
}

/// Which database.
#[derive(Clone, Debug, clap::Args)]
pub struct DatabaseArgs {
    /// A PostgreSQL database with PostGIS, `postgres://user:password@host/database`;
    /// without it the program starts a private one under its home
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line, for programs
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the register over HTTP until Ctrl-C
    Serve(Box<ServeArgs>),
    /// Bring a survey file into the register, and report on every record
    #[command(
        after_help = crate::import::Exit::help()
    )]
    Import(Box<ImportArgs>),
    /// Say how much a facility grew or shrank between two terrain models, and keep the finding
    #[command(
        after_help = "Exit status: 0 the change was computed, and is in the register unless \
        --dry-run; 1 something failed; 2 the command line is wrong; 3 the surveys cannot be \
        compared. Unless it is 0, nothing was changed."
    )]
    Volume(Box<VolumeArgs>),
    /// Print the JSON Schema of the reports that `import --report FILE.json` writes
    ReportSchema,
    /// Import every file of a folder that is named after a layer, such as `districts.geojson`,
    /// unless that very file was imported before
    Load {
        /// The folder
        folder: PathBuf,
    },
    /// Manage the accounts of those who sign in
    User(UserArgs),
    /// Manage the tokens by which programs sign in
    Token(TokenArgs),
    /// See what changed the register, and take a change back
    #[command(subcommand)]
    Revision(RevisionCommand),
    /// Prove that the history is as it was written
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Manage the private database
    #[command(subcommand)]
    Db(DbCommand),
    /// Read one untrusted file (started by the other commands)
    #[command(hide = true)]
    Worker,
}

#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// Where to listen
    #[arg(long, env = "CADASTRE_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The address under which users reach the service, when a proxy stands before it
    #[arg(long, env = "CADASTRE_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// The language for those who ask for none: sr-Latn, sr-Cyrl or en
    #[arg(long, env = "CADASTRE_LANG", default_value = "en")]
    pub lang: Lang,
    /// A folder to load before serving, as `cadastre load` does
    #[arg(long, env = "CADASTRE_LOAD")]
    pub load: Option<PathBuf>,
    /// Raster tiles that the web map shows under its layers, such as
    /// `https://tiles.example.org/{z}/{x}/{y}.png`; readers' browsers ask their host for them
    #[arg(long, env = "CADASTRE_BACKGROUND_TILES", value_name = "URL")]
    pub background_tiles: Option<Background>,
    /// Whom the background is owed to, as its makers want it said
    #[arg(
        long,
        env = "CADASTRE_BACKGROUND_ATTRIBUTION",
        value_name = "TEXT",
        requires = "background_tiles"
    )]
    pub background_attribution: Option<String>,
    /// The folder of the files that people send; without it `uploads` under the home
    #[arg(long, env = "CADASTRE_UPLOADS")]
    pub uploads: Option<PathBuf>,
    /// A proxy whose header X-Forwarded-For is believed, by address or network such as 172.16.0.0/12;
    /// may be given several times. Failed sign-ins are counted by the client's address
    #[arg(
        long = "trusted-proxy",
        env = "CADASTRE_TRUSTED_PROXIES",
        value_delimiter = ',',
        value_name = "ADDRESS"
    )]
    pub trusted_proxies: Vec<server::account::Network>,
    #[command(flatten)]
    pub provider: ProviderArgs,
    /// The most database connections at a time
    #[arg(long, env = "CADASTRE_CONNECTIONS", default_value_t = 16,
          value_parser = clap::value_parser!(u32).range(1..=500))]
    pub connections: u32,
}

#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    #[arg(
        help = "The file: a shapefile, GeoPackage, GeoJSON (also as a sequence), FlatGeobuf, KML \
                  or KMZ, GPX, DXF, MapInfo TAB or MIF, CSV or TSV, or an Excel workbook (XLSX), \
                  plain or zipped; or a raster survey as GeoTIFF"
    )]
    pub file: PathBuf,
    /// The layer to import into; without it `facilities`. A raster goes into `surveys`
    #[arg(long, value_parser = layer)]
    pub layer: Option<&'static Layer>,
    /// The layer of the file, where it has several that fit
    #[arg(long)]
    pub source_layer: Option<String>,
    /// A file that says which field of the file is which field of the layer
    #[arg(long)]
    pub mapping: Option<PathBuf>,
    /// Import nothing, and write a mapping file to begin with: every field of the file, where it
    /// goes and why
    #[arg(long, value_name = "OUT.toml", conflicts_with = "report")]
    pub write_mapping: Option<PathBuf>,
    /// Replace the file that --write-mapping names
    #[arg(long, requires = "write_mapping")]
    pub force: bool,
    /// How coordinates are meant, instead of what the file says: a code such as EPSG:6316, or a WKT
    /// or PROJ text
    ///
    /// Exchanged axes and a zone digit left out of the eastings are then found by the numbers. To
    /// say them, too, add the words north-east (north is written first) and +7000000 (added to
    /// every easting, metres): "EPSG:6316 north-east +7000000".
    #[arg(long)]
    pub crs: Option<String>,
    /// The text encoding, such as CP1250, instead of what the file says
    #[arg(long)]
    pub encoding: Option<String>,
    /// What one record is, by its row as the report says it: `12=leave_out` does not import it, `12=RS-70327-001`
    /// says which facility it is, `12=take:7` lets it hold against what others changed up to revision 7; may be
    /// given several times
    #[arg(long = "choice", value_name = "ROW=CHOICE", value_parser = choice)]
    pub choices: Vec<(u64, RecordChoice)>,
    /// Report what would happen, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// The evidence: a citation kept with the revision
    #[arg(long)]
    pub source: Option<String>,
    /// Why, kept with the revision
    #[arg(long)]
    pub comment: Option<String>,
    /// Who, kept with the revision
    #[arg(long, env = "CADASTRE_AUTHOR", default_value = "operator")]
    pub author: String,
    /// Write the whole report to a file: `.html`, `.json`, `.csv` or `.txt` by its name
    #[arg(long)]
    pub report: Option<PathBuf>,
    /// The language of the report: sr-Latn, sr-Cyrl or en
    #[arg(long, env = "CADASTRE_LANG", default_value = "en")]
    pub lang: Lang,
    #[command(flatten)]
    pub survey: SurveyArgs,
}

/// What is said about a raster survey (`GeoTIFF`), which its file cannot say.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Options for rasters")]
pub struct SurveyArgs {
    /// The code of the facility that it shows
    #[arg(long, value_name = "CODE")]
    pub facility: Option<FacilityCode>,
    /// What it shows: dem, dtm, dsm, orthophoto or index
    #[arg(long, value_parser = coded::<SurveyKind>)]
    pub kind: Option<SurveyKind>,
    /// The day of the survey, such as 2025-06-30
    #[arg(long, value_name = "DATE")]
    pub surveyed: Option<NaiveDate>,
    /// How it was surveyed, such as `uav_photogrammetry`, lidar or satellite
    #[arg(long, value_parser = coded::<ObservationMethod>)]
    pub method: Option<ObservationMethod>,
    /// What heights are counted from, instead of what the file says: `srb_vrs12`, trieste, evrf2007,
    /// egm96, egm2008, ellipsoidal or local
    #[arg(long, value_parser = coded::<VerticalDatum>)]
    pub vertical_datum: Option<VerticalDatum>,
    /// The standard deviation of heights, metres
    #[arg(long, value_name = "METRES", value_parser = metres)]
    pub vertical_accuracy_m: Option<Metres>,
    /// The unit of heights, instead of what the file says: m, dm, cm, mm, ft or us-ft
    #[arg(long)]
    pub height_unit: Option<HeightUnit>,
    /// The code of the survey; without, one of facility, kind and day
    #[arg(long)]
    pub code: Option<String>,
}

impl SurveyArgs {
    /// The first of these options that is given.
    pub fn first_given(&self) -> Option<&'static str> {
        let given = [
            (self.facility.is_some(), "--facility"),
            (self.kind.is_some(), "--kind"),
            (self.surveyed.is_some(), "--surveyed"),
            (self.method.is_some(), "--method"),
            (self.vertical_datum.is_some(), "--vertical-datum"),
            (self.vertical_accuracy_m.is_some(), "--vertical-accuracy-m"),
            (self.height_unit.is_some(), "--height-unit"),
            (self.code.is_some(), "--code"),
        ];
        given
            .iter()
            .find(|(given, _)| *given)
            .map(|(_, name)| *name)
    }
}

#[derive(Debug, clap::Args)]
pub struct VolumeArgs {
    /// The code of the earlier survey
    #[arg(long, value_name = "SURVEY")]
    pub from: String,
    /// The code of the later survey
    #[arg(long, value_name = "SURVEY")]
    pub to: String,
    /// The code of the facility, whose outline is compared
    #[arg(long, value_name = "CODE")]
    pub facility: FacilityCode,
    /// Take out the horizontal shift and the vertical bias that stable ground shows; without it they
    /// are only stated
    #[arg(long)]
    pub co_register: bool,
    /// Smaller differences do not count, metres; without it by the surveys' accuracies, else by the
    /// spread on stable ground
    #[arg(long, value_name = "METRES", value_parser = metres_up_to_100)]
    pub level_of_detection: Option<f64>,
    /// A file of polygons to leave out, such as water: any vector format that can be imported
    #[arg(long, value_name = "FILE")]
    pub exclude: Option<PathBuf>,
    /// How the coordinates of that file are meant, instead of what it says: a code such as EPSG:6316
    #[arg(long, value_name = "CRS", requires = "exclude")]
    pub exclude_crs: Option<geodesy::Reading>,
    /// Leave out surfaces that are perfectly flat in the later survey
    #[arg(long)]
    pub exclude_flat: bool,
    /// How far around facilities the ground is not taken as stable, metres
    #[arg(long, value_name = "METRES", default_value_t = 20.0, value_parser = metres_up_to_1000)]
    pub stable_buffer: f64,
    /// Write the difference of heights to a GeoTIFF
    #[arg(long, value_name = "OUT.tif")]
    pub difference: Option<PathBuf>,
    /// Write a picture: `.svg` with numbers and legend by its name, else PNG
    #[arg(long, value_name = "OUT.png")]
    pub picture: Option<PathBuf>,
    /// Write everything to a JSON file
    #[arg(long, value_name = "OUT.json")]
    pub report: Option<PathBuf>,
    /// The code of the finding; without it one of the facility and the surveys
    #[arg(long)]
    pub code: Option<String>,
    /// Compute, and store nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Why, kept with the revision
    #[arg(long)]
    pub comment: Option<String>,
    /// Who, kept with the revision
    #[arg(long, env = "CADASTRE_AUTHOR", default_value = "operator")]
    pub author: String,
    /// The language of what is said: sr-Latn, sr-Cyrl or en
    #[arg(long, env = "CADASTRE_LANG", default_value = "en")]
    pub lang: Lang,
}

#[derive(Debug, Subcommand)]
pub enum DbCommand {
    /// Start it and keep it running
    Start,
    /// Stop it
    Stop {
        /// Even while other commands use it
        #[arg(long)]
        force: bool,
    },
    /// Say whether it runs, where and how large it is
    Status,
    /// Bring the tables up to date
    Migrate,
    /// Open PostgreSQL's own client on it
    Psql {
        /// Arguments of psql
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Write a backup to a file
    Backup {
        /// The file
        file: PathBuf,
    },
    /// Replace the database by a backup; the former one is kept beside it
    Restore {
        /// The file
        file: PathBuf,
    },
}

/// A value of a closed list, by its code.
pub fn coded<T: Coded>(code: &str) -> Result<T, String> {
    T::from_code(code).ok_or_else(|| {
        let codes: Vec<_> = T::LIST.entries.iter().map(|entry| entry.code).collect();
        format!("it is none of {}", codes.join(", "))
    })
}

fn metres(text: &str) -> Result<Metres, String> {
    Metres::parse(text).map_err(|error| error.to_string())
}

fn metres_up_to_100(text: &str) -> Result<f64, String> {
    metres_from_0(text, 100.0)
}

fn metres_up_to_1000(text: &str) -> Result<f64, String> {
    metres_from_0(text, 1_000.0)
}

fn metres_from_0(text: &str, most: f64) -> Result<f64, String> {
    let metres = text.trim().parse().ok();
    metres
        .filter(|metres| (0.0..=most).contains(metres))
        .ok_or_else(|| format!("give a number of metres from 0 to {most}, such as 0.15"))
}

/// What is said of one record: its row, what it is.
fn choice(text: &str) -> Result<(u64, RecordChoice), String> {
    let row_and_choice = text.split_once('=');
    row_and_choice
        .and_then(|(row, choice)| Some((row.trim().parse().ok()?, choice.parse().ok()?)))
        .ok_or_else(|| {
            "give a row and what it is, such as 12=leave_out, 12=RS-70327-001 or 12=take:7"
                .to_owned()
        })
}

/// A layer by its id.
pub fn layer(id: &str) -> Result<&'static Layer, String> {
    domain::layers::find(id).ok_or_else(|| {
        let ids: Vec<_> = domain::layers::LAYERS
            .iter()
            .map(|layer| layer.id)
            .collect();
        format!(
            "there is no layer `{id}`; the layers are {}",
            ids.join(", ")
        )
    })
}
