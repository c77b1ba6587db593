use std::fs;
use std::io::Write;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use secrecy::SecretString;

use super::{Load, Options, Report, SimulateError, run};

/// Plays headset servers against a running platform, measures, and checks the books.
///
/// The keys' operators must not be used by anyone else meanwhile, or their balances will not add
/// up. The default settings allow ten authorizations a minute and lock keys after many failures
/// from one address: raise `rate_limit_per_minute` and `ip_rate_limit_per_minute`, and list the
/// simulator's address in `anomaly_trusted_ips`, before playing fast, late or with many keys.
#[derive(Debug, Args)]
pub struct AuthorizeArgs {
    /// Server to play against, http://host:port; repeat it to spread over several instances.
    #[arg(long, required = true)]
    url: Vec<String>,
    /// API key of an operator with a site and a granted app.
    #[arg(long, required_unless_present = "operators")]
    api_key: Option<SecretString>,
    /// File with one API key per line; blank lines and lines that begin with # are ignored.
    #[arg(long, value_name = "FILE")]
    operators: Option<PathBuf>,
    /// Open loop: requests per second on a fixed schedule, however slow the answers.
    #[arg(long, conflicts_with = "concurrency")]
    rate: Option<NonZeroU32>,
    /// Closed loop: connections that each wait for their answer before they ask again.
    #[arg(long, default_value = "16")]
    concurrency: NonZeroU32,
    /// Connections that the open loop may open; a request that finds none free waits.
    #[arg(long, default_value = "256")]
    max_connections: NonZeroU32,
    /// Seconds to play.
    #[arg(long, default_value = "10")]
    duration: NonZeroU32,
    /// Seconds at the start that are played and checked, but not measured.
    #[arg(long, default_value = "0")]
    warmup: u32,
    /// Fraction (0 to 1) of requests that repeat an earlier session.
    #[arg(long, default_value = "0", value_name = "FRACTION")]
    duplicates: f64,
    /// Fraction (0 to 1) of new sessions whose time is out of the window and must be refused.
    #[arg(long, default_value = "0", value_name = "FRACTION")]
    late: f64,
    /// Players of every game; without it a random number that the app allows.
    #[arg(long)]
    players: Option<u8>,
    /// Seconds to wait for an answer. The server itself lets requests wait for 30.
    #[arg(long, default_value = "35")]
    timeout: NonZeroU32,
    /// Makes the same choices as another run with this seed.
    #[arg(long)]
    seed: Option<u64>,
    /// Also writes the report to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The platform's database: checks every usage record as well.
    #[arg(long, value_name = "URL")]
    database_url: Option<SecretString>,
}

impl AuthorizeArgs {
    /// Runs, prints the report on standard output and writes the JSON file if one is asked for.
    /// The caller exits with a failure unless [`Report::passed`].
    ///
    /// # Errors
    /// When the run could not start or the report not be written.
    pub fn execute(self) -> Result<Report, SimulateError> {
        let json = self.json.clone();
        let report = run(self.into_options()?)?;
        if let Some(path) = json {
            let text = serde_json::to_vec_pretty(&report)
                .map_err(|error| SimulateError::WriteReport(error.into()))?;
            fs::write(path, text).map_err(SimulateError::WriteReport)?;
        }
        let mut out = std::io::stdout().lock();
        report.write_table(&mut out).and_then(|()| out.flush()).map_err(SimulateError::WriteReport)?;
        Ok(report)
    }

    fn into_options(self) -> Result<Options, SimulateError> {
        let mut api_keys: Vec<SecretString> = self.api_key.into_iter().collect();
        if let Some(path) = self.operators {
            let text =
                fs::read_to_string(&path).map_err(|source| SimulateError::KeysFile { path, source })?;
            api_keys.extend(parse_keys(&text));
        }
        let load = match self.rate {
            Some(per_s) => Load::Open { per_s, connections_max: self.max_connections },
            None => Load::Closed { connections: self.concurrency },
        };
        let seconds = |count: u32| Duration::from_secs(u64::from(count));
        Ok(Options {
            urls: self.url,
            api_keys,
            load,
            duration: seconds(self.duration.get()),
            warmup: seconds(self.warmup),
            duplicates: self.duplicates,
            late: self.late,
            players: self.players,
            timeout: seconds(self.timeout.get()),
            seed: self.seed.unwrap_or_else(|| fastrand::u64(..)),
            database_url: self.database_url,
        })
    }
}

fn parse_keys(text: &str) -> impl Iterator<Item = SecretString> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(SecretString::from)
}

#[cfg(test)]
mod tests {
    use clap::{Args as _, Command, FromArgMatches};
    use secrecy::ExposeSecret;

    use super::*;

    fn parse(args: &[&str]) -> Result<AuthorizeArgs, clap::Error> {
        let command = AuthorizeArgs::augment_args(Command::new("authorize").no_binary_name(true));
        AuthorizeArgs::from_arg_matches(&command.try_get_matches_from(args)?)
    }

    #[test]
    fn rate_means_open_loop_and_nothing_means_closed() {
        let base = ["--url", "http://a", "--api-key", "k"];
        let closed = parse(&base).unwrap().into_options().unwrap();
        assert!(matches!(closed.load, Load::Closed { connections } if connections.get() == 16));
        let open = parse(&[&base[..], &["--rate", "20"]].concat()).unwrap().into_options().unwrap();
        assert!(matches!(open.load, Load::Open { per_s, .. } if per_s.get() == 20));
    }

    #[test]
    fn rate_and_concurrency_exclude_each_other_and_a_key_is_needed() {
        assert!(
            parse(&["--url", "http://a", "--api-key", "k", "--rate", "1", "--concurrency", "1"]).is_err()
        );
        assert!(parse(&["--url", "http://a"]).is_err());
        assert!(parse(&["--api-key", "k"]).is_err());
    }

    #[test]
    fn keys_file_skips_blank_lines_and_comments() {
        let keys: Vec<_> =
            parse_keys("# demo\n\n  one \r\ntwo").map(|key| key.expose_secret().to_owned()).collect();
        assert_eq!(keys, ["one", "two"]);
    }

    #[test]
    fn debug_output_hides_keys() {
        let args = parse(&["--url", "http://a", "--api-key", "sesame", "--database-url", "sesame"]).unwrap();
        assert!(!format!("{args:?}").contains("sesame"));
    }
}
