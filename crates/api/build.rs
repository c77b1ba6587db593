//! Lists the files of the web app for `src/web_app`.

#![allow(clippy::disallowed_methods, reason = "Cargo tells build scripts by the environment where they are")]

use std::fmt::Write;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::SystemTime;

const DIST: &str = "../../web/dist";

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={DIST}");
    let root = std::env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out_dir = std::env::var("OUT_DIR").map_err(io::Error::other)?;
    let dist = Path::new(&root).join(DIST);
    let mut list = String::from("&[\n");
    if watch(&dist)? {
        write_files(&dist, "", &mut list)?;
    }
    list.push(']');
    fs::write(Path::new(&out_dir).join("web_app.rs"), list)
}

/// A path that is not there counts as changed every time, so whoever builds without the web app would compile the server
/// again and again. Where the sources cannot be written to nobody builds often.
fn watch(dist: &Path) -> io::Result<bool> {
    if dist.exists() {
        return Ok(true);
    }
    if fs::create_dir_all(dist).is_ok() {
        File::open(dist)?.set_modified(SystemTime::UNIX_EPOCH)?;
    }
    Ok(false)
}

fn write_files(dir: &Path, prefix: &str, list: &mut String) -> io::Result<()> {
    let mut entries = fs::read_dir(dir)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().into_string().map_err(|name| io::Error::other(format!("{name:?}")))?;
        // The bundler's notes to itself.
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}/{name}");
        if entry.file_type()?.is_dir() {
            write_files(&entry.path(), &path, list)?;
            continue;
        }
        let file = entry.path();
        writeln!(list, "    ({path:?}, include_bytes!({file:?}).as_slice()),").map_err(io::Error::other)?;
    }
    Ok(())
}
