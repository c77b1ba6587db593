//! `coinslot serve` as a process of its own.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use platform::config::{DatabaseArgs, Secrets};
use simulate::http::Target;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::cluster::Cluster;
use crate::seed::OPERATORS;

const START_TIMEOUT: Duration = Duration::from_secs(120);
const STOP_TIMEOUT: Duration = Duration::from_secs(120);
/// Of a past.
pub(crate) const DAYS: u32 = 365;

/// A running instance.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) pid: u32,
    pub(crate) target: Target,
}

/// How to start one.
#[derive(Clone, Debug)]
pub(crate) struct Launch {
    pub(crate) binary: PathBuf,
    pub(crate) data_dir: PathBuf,
    /// Where the instance writes its messages.
    pub(crate) log: PathBuf,
    /// Database and secrets for an instance that does not bring its own.
    pub(crate) environment: Vec<(&'static str, String)>,
    pub(crate) pg_bindir: Option<PathBuf>,
}

impl Launch {
    /// An instance on a database of the cluster, and the secrets it has.
    pub(crate) fn on(
        cluster: &Cluster,
        database: &str,
        binary: &Path,
        data_dir: &Path,
    ) -> anyhow::Result<(Self, Secrets)> {
        let (secrets, mut environment) = generate_secrets(data_dir)?;
        environment.push(("DATABASE_URL", cluster.url(database)));
        let launch = Launch {
            binary: binary.to_owned(),
            data_dir: data_dir.to_owned(),
            log: data_dir.with_extension("log"),
            environment,
            pg_bindir: None,
        };
        Ok((launch, secrets))
    }

    /// `coinslot` with this environment and data directory, to be told what to do.
    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg(name).arg("--data-dir").arg(&self.data_dir);
        forget_configuration(&mut command);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(dir) = &self.pg_bindir {
            command.arg("--pg-bindir").arg(dir);
        }
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Runs `coinslot seed` with 1 000 operators and so many games of a year. Answers the file with their keys.
    pub(crate) async fn seed(&self, records: u64, more: &[String]) -> anyhow::Result<PathBuf> {
        let keys = self.data_dir.join("keys");
        let mut command = self.command("seed");
        command.arg(format!("--operators={OPERATORS}")).arg(format!("--history={DAYS}"));
        command.arg(format!("--records={records}")).args(more).arg("--keys-file").arg(&keys);
        let status = command.stdout(Stdio::null()).status().await.context("running coinslot seed")?;
        ensure!(status.success(), "coinslot seed ended with {status}");
        Ok(keys)
    }
}

impl Server {
    /// Returns when it says that it listens.
    pub(crate) async fn start(launch: &Launch) -> anyhow::Result<Self> {
        let log = File::options().create(true).append(true).open(&launch.log);
        let log = log.with_context(|| format!("opening {}", launch.log.display()))?;
        let mut command = launch.command("serve");
        command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().with_context(|| format!("running {}", launch.binary.display()))?;
        let address = timeout(START_TIMEOUT, read_address(&mut child)).await;
        let address = address
            .context("it takes too long")
            .flatten()
            .with_context(|| format!("starting the server; see {}", launch.log.display()))?;
        let pid = child.id().context("the server ended at once")?;
        Ok(Server { child, pid, target: Target::resolve(&address).await? })
    }

    pub(crate) fn url(&self) -> String {
        self.target.url.clone()
    }

    /// Stops it as an operator would; it must end well.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        kill(Pid::from_raw(self.pid.cast_signed()), Signal::SIGTERM).context("stopping the server")?;
        let status = timeout(STOP_TIMEOUT, self.child.wait()).await.context("the server does not stop")??;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }
}

/// The configuration of whoever runs the benchmark must not leak into what is measured.
fn forget_configuration(command: &mut Command) {
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_configuration(name)) {
        command.env_remove(name);
    }
}

fn is_configuration(name: &OsString) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("COINSLOT_")
        || ["DATABASE_URL", "JWT_SECRET", "RUST_LOG"].contains(&&*name)
        || name.starts_with("MASTER_ENCRYPTION_KEY")
}

async fn read_address(child: &mut Child) -> anyhow::Result<String> {
    let stdout = child.stdout.take().context("the server has no output")?;
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some(address) = line.strip_prefix("listening on ") {
            let address = address.to_owned();
            // Whoever prints into a closed pipe dies.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(address);
        }
    }
    bail!("the server ended before it listened")
}

/// Secrets as a server without a database of its own would generate them, and the environment that hands them on.
fn generate_secrets(data_dir: &Path) -> anyhow::Result<(Secrets, Vec<(&'static str, String)>)> {
    let secrets = own_secrets(data_dir)?;
    let mut environment = Vec::new();
    for (name, file) in [("JWT_SECRET", "jwt_secret"), ("MASTER_ENCRYPTION_KEY", "master_encryption_key")] {
        let secret = std::fs::read_to_string(data_dir.join(file))?;
        environment.push((name, secret.trim().to_owned()));
    }
    Ok((secrets, environment))
}

/// The secrets in a data directory, generated if they are missing.
pub(crate) fn own_secrets(data_dir: &Path) -> anyhow::Result<Secrets> {
    let database = DatabaseArgs {
        data_dir: data_dir.to_owned(),
        database_url: None,
        pg_bindir: None,
        master_encryption_key: None,
        master_encryption_key_previous: None,
    };
    Ok(Secrets::load(&database, None)?)
}
