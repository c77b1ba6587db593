use std::path::PathBuf;

use super::http::TransportError;

/// Why a simulation could not be run at all.
///
/// What goes wrong *during* a run (a refused connection, a wrong answer) is counted in the
/// [`Report`](super::Report) instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimulateError {
    #[error("{url} is not an address to send requests to: {reason}")]
    Url { url: String, reason: String },
    #[error(
        "{url}: only plain http:// is supported; put the simulator on the server's side of the TLS proxy"
    )]
    HttpsUnsupported { url: String },
    #[error("cannot read API keys from {}", path.display())]
    KeysFile { path: PathBuf, source: std::io::Error },
    #[error("give --api-key, or --operators with a file of at least one key")]
    NoKeys,
    #[error("give at least one --url")]
    NoUrl,
    #[error("--{name} must be between 0 and 1")]
    Fraction { name: &'static str },
    #[error("--warmup must be shorter than --duration")]
    Warmup,
    #[error("the configuration of API key number {key_number} cannot be read: {reason}")]
    Config { key_number: usize, reason: String },
    #[error("{operator_id} has no site or no granted app, so it cannot play")]
    NothingToPlay { operator_id: String },
    #[error("cannot connect to {url}")]
    Connect { url: String, source: TransportError },
    #[error("the books cannot be read from the database")]
    Database(#[from] sqlx::Error),
    #[error("the report cannot be written")]
    WriteReport(#[source] std::io::Error),
    #[error("the simulator cannot start")]
    Start(#[source] std::io::Error),
}
