//! The cluster on disk: made by initdb, configured at each start, holding one database.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::Output;

use tokio_postgres::NoTls;

use super::binaries::{self, Binaries};
use super::error::Doing;
use super::home::Home;
use super::{DATABASE, EmbeddedError, EmbeddedOptions, settings};

/// A cluster that exists and is ready to be started.
#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) place: Home,
    pub(super) binaries: Binaries,
}

/// Where a running server says how to reach its database.
pub(super) const URL_FILE: &str = "url";

impl Cluster {
    /// Claims the data directory, creates the cluster if there is none, and writes the settings.
    pub(super) fn prepare(data_dir: &Path, options: &EmbeddedOptions) -> Result<Self, EmbeddedError> {
        let place = Home::claim(data_dir)?;
        let created_by = read_version(&place.cluster())?;
        let binaries = binaries::find(options.bin_dir.as_deref(), &place.cluster(), created_by)?;
        let cluster = Self { place, binaries };
        if created_by.is_none() {
            cluster.create(options)?;
        }
        cluster.place.identity.take_over(&cluster.place.cluster())?;
        cluster.write_settings(options)?;
        cluster.write_url()?;
        cluster.place.create_dir("log")?;
        Ok(cluster)
    }

    /// initdb is not atomic, so it works aside and the result is moved into place.
    fn create(&self, options: &EmbeddedOptions) -> Result<(), EmbeddedError> {
        let cluster = self.place.cluster();
        let aside = self.place.home.join("cluster.new");
        let sync = !options.extra_settings.iter().any(|(name, value)| name == "fsync" && value == "off");
        let mut output = None;
        for locale in ["C.UTF-8", "C"] {
            remove_leftover(&aside)?;
            self.place.create_dir("cluster.new")?;
            let finished = self.initdb(&aside, locale, sync)?;
            let unknown = String::from_utf8_lossy(&finished.stderr).contains("invalid locale");
            output = Some(finished);
            if !unknown {
                break;
            }
        }
        if let Some(failed) = output.filter(|output| !output.status.success()) {
            return Err(EmbeddedError::Initdb(String::from_utf8_lossy(&failed.stderr).trim().to_owned()));
        }
        fs::rename(&aside, &cluster).doing("moving the new cluster to", &cluster)?;
        let home = fs::File::open(&self.place.home).doing("opening", &self.place.home)?;
        home.sync_all().doing("syncing", &self.place.home)?;
        tracing::info!(cluster = %cluster.display(), version = self.binaries.major, "created a PostgreSQL cluster");
        Ok(())
    }

    /// The role is the cluster's superuser. Whoever gets through the private socket directory is trusted, and
    /// nobody over TCP, should a listen address ever be configured.
    fn initdb(&self, dir: &Path, locale: &str, sync: bool) -> Result<Output, EmbeddedError> {
        let program = self.binaries.dir.join("initdb");
        let mut command = self.place.identity.command(&program, &self.place.home);
        command.args(["--encoding=UTF8", "--data-checksums", "--auth-local=trust", "--auth-host=reject"]);
        command.args(["--no-instructions", "--username", DATABASE, "--locale", locale]);
        if !sync {
            command.arg("--no-sync");
        }
        command.arg("--pgdata").arg(dir).output().doing("running", &program)
    }

    fn write_settings(&self, options: &EmbeddedOptions) -> Result<(), EmbeddedError> {
        let socket_dir = self.place.socket_dir.to_string_lossy();
        let text = settings::render(&socket_dir, settings::ram_bytes(), &options.extra_settings);
        let mut file = self.place.create_file("postgresql.conf")?;
        file.write_all(text.as_bytes()).doing("writing", &self.place.home.join("postgresql.conf"))
    }

    /// For commands that find the directory in use and join the running server.
    fn write_url(&self) -> Result<(), EmbeddedError> {
        let mut file = self.place.create_file(URL_FILE)?;
        file.write_all(self.url(DATABASE).as_bytes()).doing("writing", &self.place.home.join(URL_FILE))
    }

    /// The port is named because sqlx would take it from `PGPORT` otherwise.
    pub(super) fn url(&self, database: &str) -> String {
        let host = percent_encode(&self.place.socket_dir.to_string_lossy());
        format!("postgresql:///{database}?host={host}&port=5432&user={DATABASE}")
    }

    /// Creates the database if it is missing, which it is also after a start that died half-way.
    pub(super) async fn ensure_database(&self) -> Result<(), EmbeddedError> {
        let (client, connection) = tokio_postgres::connect(&self.url("postgres"), NoTls).await?;
        let connection = tokio::spawn(connection);
        let known = client.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&DATABASE]).await?;
        if known.is_none() {
            client.batch_execute(&format!("CREATE DATABASE {DATABASE}")).await?;
        }
        drop(client);
        connection.await??;
        Ok(())
    }

    /// Best effort: the postmaster has removed the socket, and the next start makes the directory again.
    pub(super) fn remove_socket_dir(&self) {
        let _ = fs::remove_dir(&self.place.socket_dir);
    }
}

/// The major version that made the cluster, or nothing when there is none yet.
fn read_version(cluster: &Path) -> Result<Option<u32>, EmbeddedError> {
    let path = cluster.join("PG_VERSION");
    match fs::read_to_string(&path) {
        Ok(text) => text.trim().parse().map(Some).map_err(|_| EmbeddedError::NotACluster(cluster.to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => refuse_unknown_files(cluster).map(|()| None),
        Err(error) => Err(error).doing("reading", &path),
    }
}

fn refuse_unknown_files(cluster: &Path) -> Result<(), EmbeddedError> {
    match fs::read_dir(cluster).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(EmbeddedError::NotACluster(cluster.to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).doing("reading", cluster),
    }
}

fn remove_leftover(dir: &Path) -> Result<(), EmbeddedError> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error).doing("removing", dir),
        _ => Ok(()),
    }
}

/// Form encoding would do but for spaces: tokio-postgres reads its `+` as a plus sign.
fn percent_encode(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}
