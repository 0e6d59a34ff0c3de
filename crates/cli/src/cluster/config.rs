//! The server's settings and who may log in.

use std::fs;
use std::path::Path;

use super::account::Account;
use super::error::ClusterError;
use super::layout::Layout;

const MIB: u64 = 1 << 20;
const LARGEST_SHARED_BUFFERS_MIB: u64 = 512;
const SMALLEST_SHARED_BUFFERS_MIB: u64 = 16;

/// The line that ends `postgresql.conf`, so that our settings win over its own.
pub(super) const INCLUDE: &str = "include 'cadastre.conf'\n";

/// Writes the settings and log-in rules into the data folder `data`.
pub(super) fn write(layout: &Layout, data: &Path, socket_dir: &Path) -> Result<(), ClusterError> {
    let account = &layout.account;
    account.write(
        &data.join("cadastre.conf"),
        &(settings(socket_dir, memory_bytes()) + log_settings(&own_settings(data))),
    )?;
    account.write(&data.join("pg_hba.conf"), LOGIN_RULES)?;
    account.write(&data.join("pg_ident.conf"), &user_map(account))
}

/// Socket connections only, the operating system's word on who is calling.
const LOGIN_RULES: &str = "\
# Written by `cadastre` at each start of the server.
local all all peer map=cadastre
";

/// Maps system users to the role `postgres`. Root is mapped as well: it could become
/// any of the others anyway.
fn user_map(account: &Account) -> String {
    let mut users = vec![account.name.as_str(), "postgres", "root"];
    users.sort_unstable();
    users.dedup();
    let line = |user: &str| format!("cadastre \"{user}\" postgres\n");
    let lines: String = users.into_iter().map(line).collect();
    format!("# Written by `cadastre` at each start of the server.\n{lines}")
}

fn settings(socket_dir: &Path, memory_bytes: u64) -> String {
    let buffers_mib =
        (memory_bytes / 8 / MIB).clamp(SMALLEST_SHARED_BUFFERS_MIB, LARGEST_SHARED_BUFFERS_MIB);
    format!(
        "\
# Written by `cadastre` at each start of the server.
# For settings of your own use ALTER SYSTEM: it wins over this file.
listen_addresses = ''
port = 5432
unix_socket_directories = {socket}
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = {buffers_mib}MB
work_mem = 32MB
maintenance_work_mem = 256MB
max_wal_size = 2GB
max_parallel_maintenance_workers = {helpers}
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_destination = 'stderr'
logging_collector = off
log_line_prefix = '%m [%p] '
",
        socket = socket_setting(socket_dir),
        helpers = index_helpers(),
    )
}

/// What the administrator set by ALTER SYSTEM.
fn own_settings(data: &Path) -> String {
    fs::read_to_string(data.join("postgresql.auto.conf")).unwrap_or_default()
}

/// Tables that are filled in the transaction that gives them a new file are written once, not twice,
/// and as durably: their files are on the disk before the transaction is done. The write-ahead log then
/// cannot feed a replica or an archive, so this is left out where the administrator set up one.
fn log_settings(own: &str) -> &'static str {
    const OF_REPLICAS: [&str; 4] = ["wal_level", "max_wal_senders", "archive_", "summarize_wal"];
    let is_set = |line: &str| OF_REPLICAS.iter().any(|name| line.trim().starts_with(name));
    if own.lines().any(is_set) {
        ""
    } else {
        "wal_level = minimal\nmax_wal_senders = 0\n"
    }
}

/// So many processes help to make an index: one for each processor but the first.
fn index_helpers() -> usize {
    const MOST: usize = 4;
    let processors = std::thread::available_parallelism();
    processors.map_or(1, |count| (count.get() - 1).min(MOST))
}

/// The value is a list of names, quoted like identifiers, inside a quoted string.
fn socket_setting(folder: &Path) -> String {
    let folder = folder.to_string_lossy().replace('\'', "''");
    format!("'\"{folder}\"'")
}

/// Memory of the machine, or of the container when that has less; 1 GiB if unknown.
fn memory_bytes() -> u64 {
    let machine = fs::read_to_string("/proc/meminfo").ok();
    let machine = machine.as_deref().and_then(parse_meminfo);
    let container = fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
    let container = container.and_then(|text| text.trim().parse().ok());
    machine
        .into_iter()
        .chain(container)
        .min()
        .unwrap_or(1024 * MIB)
}

/// Reads the line `MemTotal:  24684084 kB`; gives bytes.
fn parse_meminfo(text: &str) -> Option<u64> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_take_an_eighth_of_memory_within_bounds() {
        let table = [(64, 16), (1024, 128), (4096, 512), (65536, 512)];
        for (memory_mib, buffers_mib) in table {
            let text = settings(Path::new("/run"), memory_mib * MIB);
            let line = format!("\nshared_buffers = {buffers_mib}MB\n");
            assert!(text.contains(&line), "{memory_mib} MiB: {text}");
        }
    }

    #[test]
    fn the_log_feeds_replicas_where_there_are_any() {
        let few = "wal_level = minimal\nmax_wal_senders = 0\n";
        let table = [
            ("", few),
            ("# wal_level\nwork_mem = '64MB'\n", few),
            ("archive_mode = 'on'\n", ""),
            ("work_mem = '64MB'\nmax_wal_senders = '3'\n", ""),
        ];
        for (own, expected) in table {
            assert_eq!(log_settings(own), expected, "{own}");
        }
    }

    #[test]
    fn memory_is_read_in_bytes() {
        let text = "MemFree:  1 kB\nMemTotal:       24684084 kB\n";
        assert_eq!(parse_meminfo(text), Some(25_276_502_016));
        assert_eq!(parse_meminfo("MemTotal: many"), None);
    }

    #[test]
    fn quotes_in_the_socket_folder_are_doubled() {
        assert_eq!(
            socket_setting(Path::new("/o'clock, x")),
            "'\"/o''clock, x\"'"
        );
    }
}
