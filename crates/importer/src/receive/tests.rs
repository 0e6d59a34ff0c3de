use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;

use super::*;

#[test]
fn one_file_has_the_digest_that_sha256sum_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("abc.csv");
    fs::write(&path, "abc").unwrap();
    let received = receive(&path).unwrap();
    // FIPS 180-2, appendix B.1.
    assert_eq!(
        received.sha256,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(
        (received.name.as_str(), received.size_bytes),
        ("abc.csv", 3)
    );
}

#[test]
fn a_shapefile_is_received_with_its_sidecars_only() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.shp", "A.DBF", "a.prj", "b.dbf"] {
        fs::write(folder.path().join(name), name).unwrap();
    }
    let shapefile = folder.path().join("a.shp");
    let before = receive(&shapefile).unwrap();
    assert_eq!(before.size_bytes, 15);
    fs::write(folder.path().join("b.dbf"), "other").unwrap();
    assert_eq!(receive(&shapefile).unwrap(), before);
    fs::write(folder.path().join("a.prj"), "a.prk").unwrap();
    assert_ne!(receive(&shapefile).unwrap().sha256, before.sha256);
}

#[test]
fn a_mapinfo_table_is_received_with_its_other_files() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.TAB", "a.dat", "a.map", "a.id", "b.map"] {
        fs::write(folder.path().join(name), name).unwrap();
    }
    let received = receive(&folder.path().join("a.TAB")).unwrap();
    assert_eq!(received.size_bytes, 19);
}

#[test]
fn a_missing_and_an_empty_file_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = receive(&folder.path().join("no.gpkg"))
        .unwrap_err()
        .to_string();
    assert!(missing.contains("no.gpkg; check the path"), "{missing}");
    fs::write(folder.path().join("empty.csv"), "").unwrap();
    let empty = receive(&folder.path().join("empty.csv"))
        .unwrap_err()
        .to_string();
    assert!(empty.contains("empty.csv is empty"), "{empty}");
    assert!(matches!(
        receive(folder.path()),
        Err(ReceiveError::Empty(_))
    ));
}

#[test]
fn pipes_devices_and_sockets_are_refused_without_waiting_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let (pipe, socket) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let _listener = UnixListener::bind(&socket).unwrap();
    for (path, what) in [
        (pipe.as_path(), "a pipe"),
        (socket.as_path(), "a socket"),
        (Path::new("/dev/zero"), "a device"),
    ] {
        let error = receive(path).unwrap_err().to_string();
        assert!(error.contains(&format!("is {what} and no file")), "{error}");
    }
    // In a folder they are no part of the survey.
    assert!(matches!(
        receive(folder.path()),
        Err(ReceiveError::Empty(_))
    ));
}

#[test]
fn a_link_out_of_the_folder_is_refused_and_one_inside_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (inside, outside) = (folder.path().join("survey"), folder.path().join("secret"));
    fs::create_dir(&inside).unwrap();
    fs::write(&outside, "secret").unwrap();
    fs::write(inside.join("a.shp"), "a").unwrap();
    symlink("a.shp", inside.join("a.dbf")).unwrap();
    assert_eq!(receive(&inside).unwrap().size_bytes, 2);
    symlink("../secret", inside.join("a.prj")).unwrap();
    for path in [inside.clone(), inside.join("a.shp")] {
        let error = receive(&path).unwrap_err();
        assert!(
            matches!(&error, ReceiveError::LeadsOut(path) if path.ends_with("a.prj")),
            "{error}"
        );
    }
    // The one file that the user names may be a link.
    let named = folder.path().join("survey/named.csv");
    symlink(&outside, &named).unwrap();
    assert_eq!(receive(&named).unwrap().size_bytes, 6);
}

#[test]
fn a_file_that_changes_after_it_was_digested_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.shp");
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).unwrap();
    let changed = |received: &Received| match received.check_unchanged() {
        Err(ReceiveError::Changed(path)) => file_name(&path),
        other => panic!("{other:?}"),
    };
    write("a.shp", "abc");
    let received = receive(&path).unwrap();
    received.check_unchanged().unwrap();

    write("a.dbf", "came later");
    assert_eq!(changed(&received), "a.dbf");
    let received = receive(&path).unwrap();
    write("a.shp", "abcd");
    assert_eq!(changed(&received), "a.shp");
    let received = receive(&path).unwrap();
    // Another file of the same name, size and time of writing.
    let written = fs::metadata(&path).unwrap().modified().unwrap();
    write("other", "abcd");
    fs::rename(folder.path().join("other"), &path).unwrap();
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(written)
        .unwrap();
    assert_eq!(changed(&received), "a.shp");
    let received = receive(&path).unwrap();
    fs::remove_file(folder.path().join("a.dbf")).unwrap();
    assert_eq!(changed(&received), "a.dbf");
}
