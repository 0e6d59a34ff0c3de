//! Backups of real databases, whole and damaged, and their return.

use super::*;

#[test]
fn a_backup_comes_back_and_the_former_database_is_kept() {
    let home = Home::open();
    let lease = home.lease();
    let database = Database::Private(&lease);
    text(
        &lease,
        "CREATE TABLE site (name text, place geometry(Point, 4326)); CREATE INDEX ON site USING gist (place)",
    );
    text(
        &lease,
        "INSERT INTO site VALUES ('Бор', ST_SetSRID(ST_MakePoint(22.1, 44.1), 4326))",
    );
    let file = home.root.path().join("a.dump");
    let written = backup(&database, &file).unwrap();
    assert_eq!(written.size_bytes, fs::metadata(&file).unwrap().len());
    text(&lease, "UPDATE site SET name = 'changed'");
    let restored = restore(&database, &file, |_| ()).unwrap();
    assert_eq!(
        text(&lease, "SELECT name, ST_X(place) FROM site"),
        "Бор|22.1"
    );
    let kept = lease
        .sql(&restored.kept_as, "SELECT name FROM site")
        .unwrap();
    assert_eq!(kept, "changed");
    let url = lease.url();
    let same = backup(&Database::External(&url), &home.root.path().join("b.dump"));
    assert!(same.unwrap().size_bytes > 0);
    let error = restore(&Database::External(&url), &file, |_| ()).unwrap_err();
    assert!(matches!(error, ClusterError::RestoreExternal), "{error}");
    let answer = psql(
        &Database::External(&url),
        &["-X".into(), "-c".into(), "SELECT 1/0".into()],
    );
    assert_eq!(answer.unwrap().code(), Some(1));
}

#[test]
fn a_failed_restore_leaves_everything_as_it_was() {
    let home = Home::open();
    let lease = home.lease();
    let database = Database::Private(&lease);
    text(
        &lease,
        "CREATE TABLE kept AS SELECT generate_series(1, 50000) AS n",
    );
    let file = home.root.path().join("a.dump");
    backup(&database, &file).unwrap();
    let whole = fs::read(&file).unwrap();
    let databases = || {
        lease.sql(
            "postgres",
            "SELECT string_agg(datname, ' ' ORDER BY 1) FROM pg_database",
        )
    };
    let before = databases().unwrap();
    // Cut in the data, behind the table of contents that is checked first.
    for bytes in [b"no backup".as_slice(), &whole[..whole.len() - 20_000]] {
        fs::write(&file, bytes).unwrap();
        let error = restore(&database, &file, |_| ()).unwrap_err();
        assert!(matches!(error, ClusterError::Tool { .. }), "{error}");
        assert_eq!(databases().unwrap(), before);
    }
    fs::write(&file, &whole).unwrap();
    let service = ServeLock::acquire(&home.path, "127.0.0.1:8080").unwrap();
    let error = restore(&database, &file, |_| ()).unwrap_err();
    assert!(matches!(error, ClusterError::HomeTaken { .. }), "{error}");
    drop(service);
    assert_eq!(text(&lease, "SELECT count(*) FROM kept"), "50000");
}
