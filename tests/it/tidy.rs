//! The invariants of docs/ARCHITECTURE.md that can be read off the source.

use std::path::{Path, PathBuf};

fn sources(dir: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The files below `src` that contain one of the texts and do not begin with one of the places.
fn offenders(texts: &[&str], allowed: &[&str]) -> Vec<PathBuf> {
    let root = src();
    let all = sources(&root).into_iter();
    let relative = all.map(|(path, text)| (path.strip_prefix(&root).unwrap().to_owned(), text));
    relative
        .filter(|(path, _)| !allowed.iter().any(|place| path.starts_with(place)))
        .filter(|(_, text)| texts.iter().any(|forbidden| text.contains(forbidden)))
        .map(|(path, _)| path)
        .collect()
}

#[test]
fn only_the_ledger_writes_balances_and_entries() {
    let writes = ["INTO usage_records", "INTO ledger_movements", "SET balance_fen", "COPY usage_records"];
    assert_eq!(offenders(&writes, &["ledger"]), Vec::<PathBuf>::new());
    assert!(!offenders(&writes, &[]).is_empty(), "the texts still occur where they may");
}

#[test]
fn routes_call_domains_and_never_the_other_way() {
    assert_eq!(offenders(&["api::routes"], &["routes", "router.rs"]), Vec::<PathBuf>::new());
    let above = ["api::routes", "api::http", "api::app", "books::authorization"];
    let below = sources(&src().join("ledger"));
    for (path, text) in below.into_iter().chain(sources(&src().join("db"))) {
        // Which part of a list is asked for is a plain value.
        let text = text.replace("base::paging::Seek", "").replace("base::paging::PageRequest", "");
        assert!(!above.iter().any(|module| text.contains(module)), "{}", path.display());
    }
}

#[test]
fn no_test_is_ignored() {
    let marker = concat!("#[", "ignore");
    for dir in ["src", "tests", "crates"] {
        for (path, text) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(dir)) {
            assert!(!text.contains(marker), "{}", path.display());
        }
    }
}
