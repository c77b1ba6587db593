//! Finding an installed PostgreSQL.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::EmbeddedError;

pub(super) const OLDEST_MAJOR: u32 = 14;

/// The directory of `initdb` and `postgres`, and their major version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries {
    pub(super) dir: PathBuf,
    pub(super) major: u32,
}

/// Finds the programs to run `cluster` with, which was made by version `created_by` or does not exist yet.
///
/// An existing cluster needs exactly its own major version; a new one takes the first place that has any.
pub(super) fn find(
    bin_dir: Option<&Path>,
    cluster: &Path,
    created_by: Option<u32>,
) -> Result<Binaries, EmbeddedError> {
    let installed: Vec<Binaries> = match bin_dir {
        Some(dir) => vec![probe(dir.to_owned()).ok_or_else(|| EmbeddedError::BadBinDir(dir.to_owned()))?],
        None => usual_places().into_iter().filter_map(probe).collect(),
    };
    choose(installed, cluster, created_by)
}

fn choose(
    installed: Vec<Binaries>,
    cluster: &Path,
    created_by: Option<u32>,
) -> Result<Binaries, EmbeddedError> {
    let versions = installed.iter().map(|found| found.major.to_string()).collect::<Vec<_>>().join(", ");
    let wanted = |found: &Binaries| created_by.is_none_or(|major| major == found.major);
    match (installed.into_iter().find(wanted), created_by) {
        (Some(found), _) => Ok(found),
        (None, Some(created_by)) if !versions.is_empty() => Err(EmbeddedError::VersionMismatch {
            cluster: cluster.to_owned(),
            created_by,
            installed: versions,
        }),
        (None, _) => Err(EmbeddedError::NotInstalled),
    }
}

fn usual_places() -> Vec<PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_owned));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = Vec::new();
    places.extend(beside);
    places.extend(versioned("/usr/lib/postgresql", ""));
    places.extend(std::env::split_paths(&path).filter(|dir| dir.is_absolute()));
    places.extend(versioned("/usr", "pgsql-"));
    places.push("/usr/local/bin".into());
    places
}

/// The directories `<parent>/<prefix><version>/bin`, highest version first.
fn versioned(parent: &str, prefix: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let major = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((major, entry.path().join("bin")))
        })
        .collect();
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, dir)| dir).collect()
}

fn probe(dir: PathBuf) -> Option<Binaries> {
    if !dir.join("initdb").is_file() {
        return None;
    }
    let output = Command::new(dir.join("postgres")).arg("--version").stdin(Stdio::null()).output().ok()?;
    let major = parse_version(std::str::from_utf8(&output.stdout).ok()?)?;
    (major >= OLDEST_MAJOR).then_some(Binaries { dir, major })
}

/// Reads the major version from a line like `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` or `… 19beta1`.
fn parse_version(line: &str) -> Option<u32> {
    let version = line.split_once("(PostgreSQL) ")?.1;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installed(majors: &[u32]) -> Vec<Binaries> {
        majors.iter().map(|&major| Binaries { dir: format!("/pg/{major}").into(), major }).collect()
    }

    #[test]
    fn versions_of_releases_and_betas_are_read() {
        assert_eq!(parse_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(parse_version("postgres (PostgreSQL) 19beta1\n"), Some(19));
        assert_eq!(parse_version("something else"), None);
    }

    #[test]
    fn a_new_cluster_takes_the_first_version_found() {
        let found = choose(installed(&[17, 15]), Path::new("/d"), None).unwrap();
        assert_eq!(found.major, 17);
    }

    #[test]
    fn an_existing_cluster_keeps_its_version() {
        let found = choose(installed(&[17, 15]), Path::new("/d"), Some(15)).unwrap();
        assert_eq!(found.major, 15);
    }

    #[test]
    fn another_version_alone_is_refused_by_name() {
        let error = choose(installed(&[17, 16]), Path::new("/d/cluster"), Some(15)).unwrap_err().to_string();
        assert!(
            error.starts_with("/d/cluster was made by PostgreSQL 15, but installed is 17, 16:"),
            "{error}"
        );
    }

    #[test]
    fn nothing_installed_names_the_command() {
        let error = choose(Vec::new(), Path::new("/d"), Some(15)).unwrap_err().to_string();
        assert!(error.contains("apt-get install postgresql"), "{error}");
    }

    #[test]
    fn a_given_directory_is_not_silently_replaced() {
        let error = find(Some(Path::new("/nowhere")), Path::new("/d"), None).unwrap_err().to_string();
        assert!(error.contains("PG_BINDIR /nowhere"), "{error}");
    }
}
