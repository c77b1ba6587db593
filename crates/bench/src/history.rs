//! P5: the throughput of P1 with a year of games in the database, against the same without.

use std::path::{Path, PathBuf};

use books::ledger::verify::verify;
use office::statistics::rollups;
use platform::config::Secrets;
use sqlx::{Connection, PgConnection};

use crate::cluster::{Cluster, HISTORY};
use crate::output::progress;
use crate::rows::{Bound, Goal, Raw, Row, rates, ratios};
use crate::seed::raise_limits;
use crate::server::{Launch, Server};
use crate::simulator::{Load, Play, Played, Simulator};
use crate::stats::Summary;

const SITES: u32 = 10;
const APPS: u32 = 20;

/// A second platform with a past.
#[derive(Debug)]
pub(crate) struct History {
    pub(crate) server: Server,
    pub(crate) connection: PgConnection,
    pub(crate) secrets: Secrets,
    simulator: Simulator,
    keys: PathBuf,
    records: u64,
}

impl History {
    /// Writes the past and starts the server.
    pub(crate) async fn prepare(
        cluster: &Cluster,
        binary: &Path,
        scratch: &Path,
        records: u64,
    ) -> anyhow::Result<Self> {
        progress(&format!("writing a past of {records} games"));
        let (launch, secrets) = Launch::on(cluster, HISTORY, binary, &scratch.join("history"))?;
        let keys = launch.seed(records, &[format!("--sites={SITES}"), format!("--apps={APPS}")]).await?;
        let mut connection = cluster.connect(HISTORY).await?;
        raise_limits(&mut connection).await?;
        let server = Server::start(&launch).await?;
        let simulator = Simulator::new(&launch, &server, cluster.url(HISTORY), cluster.postmaster.pid);
        Ok(History { server, connection, secrets, simulator, keys, records })
    }

    /// As P1.
    pub(crate) async fn play(&mut self, seconds: u32) -> anyhow::Result<Played> {
        let urls = vec![self.server.url()];
        let load = Load::Connections(256);
        let play = Play { urls, keys: &self.keys, load, seconds, duplicates: 0.0 };
        let played = self.simulator.play(&play, &mut self.connection).await?;
        progress(&format!("  product, {load:?}, after {} games: {}", self.records, played.summary()));
        Ok(played)
    }

    /// Stops the server and recomputes books and sums.
    pub(crate) async fn finish(mut self) -> anyhow::Result<Result<(), String>> {
        self.server.stop().await?;
        progress("verifying the books of the past, and the sums over its records");
        let books = verify(&mut self.connection).await.map(drop).map_err(|error| error.to_string());
        let sums = rollups::verify(&mut self.connection).await.map(drop).map_err(|error| error.to_string());
        self.connection.close().await?;
        Ok(books.and(sums))
    }
}

/// The row of the table.
pub(crate) fn row(with_past: &[Played], without: &[Played], books: Result<(), &str>) -> Row {
    let ratios = Summary::of(ratios(rates(with_past), rates(without)));
    let value = ratios.median;
    let mut raw = Raw::of(with_past)
        .with("ratio", ratios.all)
        .with("with_past_per_s", rates(with_past))
        .with("without_per_s", rates(without));
    if let Err(broken) = books {
        raw.errors.push(format!("the books are broken: {broken}"));
    }
    Goal("P5", "P1 with a year of games in the database / P1", "ratio", Bound::AtLeast, Some(0.8))
        .row(value, raw)
}
