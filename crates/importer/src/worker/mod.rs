//! What runs inside the process `cadastre worker`: one [`Job`] is read, the process limits
//! itself, opens the file, and answers [`Event`]s.
//!
//! Files come from outside, and the libraries that read them are large: only this process opens
//! them.

#[cfg(test)]
mod any_input;
mod archive;
mod charset;
mod container;
mod csv_table;
mod dbf;
mod dxf;
mod encoding;
mod failure;
mod format;
mod frame;
mod gdal_log;
mod geojson_crs;
mod geometry;
mod inspect;
mod kml;
mod limits;
mod mapinfo;
mod member_name;
mod memory;
mod open;
mod opened;
mod prj;
mod raster;
mod read;
mod shapefile;
mod source;
mod stored_types;
mod straight;
mod unread;
mod views;
mod virtual_tables;
mod whole_text;
mod workbook;
mod xml;
mod xml_tags;

use std::io::{BufWriter, ErrorKind, Read, Write};
use std::process::ExitCode;

use self::failure::{Failure, Stop};
pub use self::limits::{ConfineError, confine};
use crate::background;
use crate::protocol::{Event, Job};

/// How many bytes of answers are collected before they are written.
const ANSWER_BUFFER_BYTES: usize = 256 * 1024;

/// Reads one [`Job`] from `stdin`, limits this process for the rest of its life, and writes the
/// answers to `stdout`, each message led by its length as a little-endian `u32`.
///
/// Nothing else is written to `stdout`; messages of libraries go to the error output. The exit
/// code is a success when an answer was given, be it that the file cannot be read.
pub fn run(stdin: impl Read, stdout: impl Write) -> ExitCode {
    match answer(stdin, stdout) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            gdal_log::to_error_output(&format!("no answer could be given: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn answer(mut stdin: impl Read, stdout: impl Write) -> std::io::Result<()> {
    let job = frame::read(&mut stdin)?;
    let mut stdout = BufWriter::with_capacity(ANSWER_BUFFER_BYTES, stdout);
    let mut send = |event| frame::write(&mut stdout, event);
    let answered = perform(&job, &mut send).and_then(|last| send(last).map_err(Stop::Unheard));
    match answered {
        Ok(()) => {}
        Err(Stop::Failed(Failure(words))) => send(Event::Failed(words))?,
        Err(Stop::Unheard(error)) if error.kind() == ErrorKind::FileTooLarge => {
            send(Event::Failed(error.to_string()))?;
        }
        Err(Stop::Unheard(error)) => return Err(error),
    }
    stdout.flush()
}

/// Does a job, sending all events but the last, which is returned.
fn perform(job: &Job, send: &mut dyn FnMut(Event) -> std::io::Result<()>) -> Result<Event, Stop> {
    background::step_back();
    confine().map_err(|error| Failure(failure::with_causes(&error)))?;
    gdal_log::set_up()?;
    match job {
        Job::Inspect { path, encoding } => inspect::file(path, encoding.as_deref())
            .map(Event::Inspected)
            .map_err(Stop::from),
        Job::Read {
            path,
            layer,
            encoding,
        } => read::layer(path, layer, encoding, send).map(|records| Event::Finished { records }),
        Job::InspectRaster { path } => raster::inspected(path).map_err(Stop::from),
        Job::ReadRaster { path } => {
            raster::cells(path, send).map(|records| Event::Finished { records })
        }
    }
}
