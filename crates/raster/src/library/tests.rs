use futures_util::TryStreamExt as _;

use super::*;

async fn bytes_of(library: &Library, range: Range<u64>) -> io::Result<Vec<u8>> {
    let parts = library.read_range(Kind::Original, "ab12", range);
    let parts: Vec<Bytes> = parts.try_collect().await?;
    Ok(parts.concat())
}

#[tokio::test]
async fn a_placed_file_is_read_by_ranges() {
    let home = tempfile::tempdir().unwrap();
    let library = Library::new(home.path().join("rasters"));
    assert_eq!(
        library
            .size(Kind::Original, "ab12")
            .await
            .unwrap_err()
            .kind(),
        io::ErrorKind::NotFound
    );
    let incoming = library.incoming().unwrap();
    let file = incoming.file("original.tif");
    std::fs::write(&file, b"0123456789").unwrap();
    library.place(&file, Kind::Original, "ab12").await.unwrap();
    assert!(!file.exists());
    assert_eq!(library.size(Kind::Original, "ab12").await.unwrap(), 10);
    for (range, wanted) in [
        (0..10, "0123456789"),
        (3..6, "345"),
        (8..99, "89"),
        (5..5, ""),
    ] {
        let seen = bytes_of(&library, range.clone()).await.unwrap();
        assert_eq!(seen, wanted.as_bytes(), "{range:?}");
    }
}

#[test]
fn only_what_killed_imports_left_is_removed() {
    let home = tempfile::tempdir().unwrap();
    let library = Library::new(home.path().to_owned());
    let left = home.path().join("incoming/77-0");
    std::fs::create_dir_all(&left).unwrap();
    std::fs::write(left.join("lock"), "").unwrap();
    std::fs::write(left.join("image.tif"), "half").unwrap();
    let one = library.incoming().unwrap();
    std::fs::write(one.file("cells.tif"), "at work").unwrap();
    assert!(!left.exists(), "nobody holds its lock");
    let other = library.incoming().unwrap();
    assert!(one.file("cells.tif").exists(), "the first is still at work");
    drop((one, other));
    let kept: Vec<_> = std::fs::read_dir(home.path().join("incoming"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(kept, ["lock"]);
}
