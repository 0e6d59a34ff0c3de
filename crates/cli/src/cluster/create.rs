//! Creation of the data folder and of the database in it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::account::{plain_command, run};
use super::config;
use super::error::ClusterError;
use super::install::Installation;
use super::layout::Layout;

/// The database of the service.
pub(super) const DATABASE: &str = "cadastre";

/// Unfinished data folders begin with this name.
const UNFINISHED: &str = "data.new";

/// Creates the data folder when there is none. It gets its name only when complete.
pub(super) fn ensure_data(
    layout: &Layout,
    installation: &Installation,
    progress: &mut dyn FnMut(&str),
) -> Result<(), ClusterError> {
    if layout.data_major()?.is_some() {
        return Ok(());
    }
    let data = layout.data();
    if fs::read_dir(&data).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(ClusterError::NotACluster { path: data });
    }
    progress(&format!(
        "Creating the private PostgreSQL {} in {}",
        installation.version,
        data.display()
    ));
    remove_unfinished(&layout.base)?;
    let unfinished = new_folder(layout)?;
    initdb(layout, installation, &unfinished)?;
    fs::rename(&unfinished, &data).map_err(ClusterError::io("name", &data))?;
    sync(&layout.base)
}

/// A killed creation may still have an `initdb` at work: it loses its folder and gives
/// up, and cannot meddle as the next folder has another name.
fn remove_unfinished(base: &Path) -> Result<(), ClusterError> {
    let entries = fs::read_dir(base).map_err(ClusterError::io("list", base))?;
    let unfinished = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(UNFINISHED))
    };
    for path in entries
        .flatten()
        .map(|entry| entry.path())
        .filter(unfinished)
    {
        for _ in 0..20 {
            if fs::remove_dir_all(&path).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    Ok(())
}

fn new_folder(layout: &Layout) -> Result<PathBuf, ClusterError> {
    let folder = tempfile::Builder::new()
        .prefix(&format!("{UNFINISHED}."))
        .tempdir_in(&layout.base)
        .map_err(ClusterError::io("create a folder in", &layout.base))?
        .keep();
    layout.account.private_folder(&folder)?;
    Ok(folder)
}

fn initdb(layout: &Layout, installation: &Installation, folder: &Path) -> Result<(), ClusterError> {
    let mut command = layout.account.command(&installation.program("initdb"));
    command.arg("--pgdata").arg(folder).args([
        "--username=postgres",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        // The same order, by bytes, in half the time.
        "--lc-collate=C",
        "--auth=peer",
        "--data-checksums",
        "--no-instructions",
    ]);
    run(&mut command)?;
    let file = folder.join("postgresql.conf");
    fs::OpenOptions::new()
        .append(true)
        .open(&file)
        .and_then(|mut open| open.write_all(config::INCLUDE.as_bytes()))
        .map_err(ClusterError::io("extend", &file))
}

fn sync(folder: &Path) -> Result<(), ClusterError> {
    fs::File::open(folder)
        .and_then(|open| open.sync_all())
        .map_err(ClusterError::io("write to disk", folder))
}

/// Creates the database and its extension; each step may have been done before.
pub(super) fn ensure_database(
    layout: &Layout,
    installation: &Installation,
    socket_dir: &Path,
    progress: &mut dyn FnMut(&str),
) -> Result<(), ClusterError> {
    let marker = layout.created_marker();
    if marker.exists() {
        return Ok(());
    }
    progress("Creating the database with PostGIS");
    let ask = |database: &str, sql: &str| sql_in(installation, socket_dir, database, sql);
    let extension = "CREATE EXTENSION IF NOT EXISTS postgis";
    ask("template1", extension)?;
    let known = ask(
        "postgres",
        &format!("SELECT count(*) FROM pg_database WHERE datname = '{DATABASE}'"),
    )?;
    if known == "0" {
        ask("postgres", &format!("CREATE DATABASE {DATABASE}"))?;
    }
    ask(DATABASE, extension)?;
    layout.account.write(&marker, "")
}

/// Runs SQL in a database of the private cluster; gives the reply's bare values.
pub(super) fn sql_in(
    installation: &Installation,
    socket_dir: &Path,
    database: &str,
    sql: &str,
) -> Result<String, ClusterError> {
    let mut command = plain_command(&installation.program("psql"));
    command
        .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d"])
        .arg(connection_url(socket_dir, database))
        .args(["-c", sql]);
    run(&mut command)
}

/// The address of a database for sqlx and libpq alike. Port and TLS mode are spelled
/// out as both libraries would take them from `PGPORT` and `PGSSLMODE` otherwise.
pub(super) fn connection_url(socket_dir: &Path, database: &str) -> String {
    let host = percent_encode(&socket_dir.to_string_lossy());
    format!("postgres://postgres@localhost:5432/{database}?host={host}&sslmode=disable")
}

/// Escapes all but the unreserved characters (RFC 3986, section 2.3).
fn percent_encode(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_folder_is_escaped_in_the_address() {
        let table = [
            ("/tmp/a-b_c.d~e", "%2Ftmp%2Fa-b_c.d~e"),
            ("/a b&c=d%?#", "%2Fa%20b%26c%3Dd%25%3F%23"),
            ("/руда", "%2F%D1%80%D1%83%D0%B4%D0%B0"),
        ];
        for (folder, host) in table {
            assert_eq!(
                connection_url(Path::new(folder), "cadastre"),
                format!("postgres://postgres@localhost:5432/cadastre?host={host}&sslmode=disable")
            );
        }
    }
}
