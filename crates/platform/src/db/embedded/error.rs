//! What can go wrong with the private PostgreSQL; every text names the path or the variable to change.

use std::io;
use std::path::{Path, PathBuf};

use super::binaries::OLDEST_MAJOR;

/// Why the private PostgreSQL could not be started or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddedError {
    #[error(
        "PostgreSQL {OLDEST_MAJOR} or newer is not installed: run `apt-get install postgresql`, or set PG_BINDIR \
         to the directory of its programs, or DATABASE_URL to a running server"
    )]
    NotInstalled,
    #[error("PG_BINDIR {} has no initdb and postgres of version {OLDEST_MAJOR} or newer", .0.display())]
    BadBinDir(PathBuf),
    #[error(
        "{} was made by PostgreSQL {created_by}, but installed is {installed}: run \
         `apt-get install postgresql-{created_by}`, or dump the data with it and restore into a new data directory",
        cluster.display()
    )]
    VersionMismatch { cluster: PathBuf, created_by: u32, installed: String },
    #[error("another server is using {}", .0.display())]
    InUse(PathBuf),
    #[error("{} is not empty and not a PostgreSQL cluster (no PG_VERSION): move it away", .0.display())]
    NotACluster(PathBuf),
    #[error(
        "{} belongs to user id {owner}: start as that user or as root, or choose another --data-dir",
        path.display()
    )]
    NotOwner { path: PathBuf, owner: u32 },
    #[error("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as")]
    NoUser,
    #[error(
        "PostgreSQL runs as user id {uid}, who may not enter {}: choose a --data-dir elsewhere, or run \
         `chmod o+x` on that directory",
        blocked.display()
    )]
    Unreachable { uid: u32, blocked: PathBuf },
    #[error("the socket directory {} is not a private directory of user id {uid}: remove it", path.display())]
    UnsafeSocketDir { path: PathBuf, uid: u32 },
    #[error("initdb failed: {0}")]
    Initdb(String),
    #[error("PostgreSQL does not start: {reason} (more in {})", logs.display())]
    StartFailed { reason: String, logs: PathBuf },
    #[error("PostgreSQL (process {0}) does not stop")]
    StopFailed(u32),
    #[error("creating the database: {0}")]
    Sql(#[from] tokio_postgres::Error),
    #[error("{action} {}: {source}", path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
    #[error("the start was interrupted")]
    Interrupted,
    #[error("the supervisor ended early: {0}")]
    Supervisor(#[from] tokio::task::JoinError),
}

/// Says what was being done to which path when an I/O error came up.
pub(super) trait Doing<T> {
    fn doing(self, action: &'static str, path: &Path) -> Result<T, EmbeddedError>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, action: &'static str, path: &Path) -> Result<T, EmbeddedError> {
        self.map_err(|source| EmbeddedError::Io { action, path: path.to_owned(), source })
    }
}
