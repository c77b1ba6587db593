//! The invariants of docs/ARCHITECTURE.md that can be read off the source and that no compiler knows.

use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

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

/// The files of the server that contain one of the texts and do not begin with one of the places.
fn offenders(texts: &[&str], allowed: &[&str]) -> Vec<PathBuf> {
    let all = ["src", "crates"].into_iter().flat_map(|dir| sources(&root().join(dir)));
    let relative = all.map(|(path, text)| (path.strip_prefix(root()).unwrap().to_owned(), text));
    relative
        .filter(|(path, _)| path.components().all(|part| part.as_os_str() != "tests"))
        .filter(|(path, _)| !allowed.iter().any(|place| path.starts_with(place)))
        .filter(|(_, text)| texts.iter().any(|forbidden| text.contains(forbidden)))
        .map(|(path, _)| path)
        .collect()
}

#[test]
fn only_the_ledger_writes_balances_and_entries() {
    let writes = ["INTO usage_records", "INTO ledger_movements", "SET balance_fen", "COPY usage_records"];
    // The bench plays the textbook transaction on tables of the same schema.
    assert_eq!(offenders(&writes, &["crates/books/src/ledger", "crates/bench"]), Vec::<PathBuf>::new());
    assert!(!offenders(&writes, &[]).is_empty(), "the texts still occur where they may");
}

/// Which floor may know which one Cargo enforces, by the manifests. That none of them learns of a higher one, or of HTTP,
/// by a line in its manifest is this test's.
#[test]
fn floors_know_only_those_below_and_only_the_api_knows_http_servers() {
    let floors = ["base", "platform", "books", "office", "api"];
    for (height, floor) in floors.into_iter().enumerate() {
        let manifest = root().join("crates").join(floor).join("Cargo.toml");
        let manifest = std::fs::read_to_string(manifest).unwrap();
        let knows = |name: &str| manifest.lines().any(|line| line.starts_with(&format!("{name}.workspace")));
        for higher in &floors[height + 1..] {
            assert!(!knows(higher), "{floor} knows {higher}");
        }
        for server in ["axum", "axum-server", "utoipa-axum"] {
            assert!(floor == "api" || !knows(server), "{floor} knows {server}");
        }
    }
}

#[test]
fn no_test_is_ignored() {
    let marker = concat!("#[", "ignore");
    for dir in ["src", "tests", "crates"] {
        for (path, text) in sources(&root().join(dir)) {
            assert!(!text.contains(marker), "{}", path.display());
        }
    }
}
