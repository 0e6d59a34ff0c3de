//! What the worker process cannot do.

use std::process::Command;

#[test]
fn the_worker_cannot_reach_out() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("present"), "x").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_worker-for-tests"))
        .arg(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let denied = [
        "TCP socket",
        "UDP socket",
        "other program",
        "thread",
        "new file",
        "writing",
        "appending",
        "removing",
        "renaming",
        "folder",
        "hard link",
        "soft link",
        "permissions",
        "socket pair",
        "many open files",
        "raising a limit",
        "memory",
    ];
    let mut expected = denied.map(|deed| format!("{deed}: denied")).to_vec();
    expected.push("reading: done".to_owned());
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
    assert!(folder.path().join("present").exists());
}
