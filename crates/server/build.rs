//! Makes the web map, which `make web` builds into `web/map/dist/assets`, part of the program. Without
//! it the program says on `/map` that it was built without one.

use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::{env, fs};

const BUILT: &str = "web/map/dist";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={BUILT}");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?)
        .join(BUILT)
        .join("assets");
    let names = if folder.is_dir() {
        packed_files(&folder)?
    } else {
        println!(
            "cargo::warning=the web map is not built, so the program will have none: `make web` builds it"
        );
        Vec::new()
    };
    let mut table = String::from("const BUILT: &[Built] = &[\n");
    for name in names {
        let file = |ending: &str| {
            let path = folder.join(name.clone() + ending);
            format!("include_bytes!({:?})", path.to_string_lossy())
        };
        let (brotli, gzip) = (file(".br"), file(".gz"));
        writeln!(
            table,
            "    Built {{ name: {name:?}, brotli: {brotli}, gzip: {gzip} }},"
        )
        .map_err(io::Error::other)?;
    }
    table.push_str("];\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("built_map.rs"), table)
}

/// The names of the files of the map, of which there are a `.br` and a `.gz`.
fn packed_files(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".br").map(str::to_owned));
    }
    names.sort();
    Ok(names)
}
