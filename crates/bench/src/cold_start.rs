//! From starting `coinslot serve` with its own database to the first game.

use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use base::clock::Clock;
use coinslot_client::session_id;
use platform::db::embedded::EmbeddedPostgres;
use serde_json::json;
use simulate::Credentials;
use sqlx::{Connection, PgConnection};

use crate::http::call;
use crate::seed::{self, Venue};
use crate::server::{Launch, Server, own_secrets};

const AUTHORIZE: &str = "/v1/auth/game/authorize";

/// Seconds that starts took.
#[derive(Clone, Debug)]
pub(crate) struct ColdStarts {
    /// The very first start, which creates the cluster, until the server listens.
    pub(crate) first_s: f64,
    /// Later starts, until the first game was authorized.
    pub(crate) later_s: Vec<f64>,
}

/// Starts once to create the data directory, then `starts` times to measure.
pub(crate) async fn measure(launch: &Launch, starts: u32) -> anyhow::Result<ColdStarts> {
    let begun = Instant::now();
    let server = Server::start(launch).await?;
    let first_s = begun.elapsed().as_secs_f64();
    let venue = open_venue(&launch.data_dir).await?;
    server.stop().await?;
    let mut later_s = Vec::new();
    for _ in 0..starts {
        let begun = Instant::now();
        let server = Server::start(launch).await?;
        authorize(&server, &venue).await?;
        later_s.push(begun.elapsed().as_secs_f64());
        server.stop().await?;
    }
    Ok(ColdStarts { first_s, later_s })
}

async fn open_venue(data_dir: &Path) -> anyhow::Result<Venue> {
    let mut connection = PgConnection::connect(&EmbeddedPostgres::url_of_running(data_dir)?).await?;
    let secrets = own_secrets(data_dir)?;
    let mut venues = seed::product(&mut connection, &secrets.cipher, 1).await?;
    connection.close().await?;
    venues.pop().context("no venue")
}

/// Asks for one game.
async fn authorize(server: &Server, venue: &Venue) -> anyhow::Result<()> {
    let now = Clock::system().now();
    let mut random = [0; 16];
    fastrand::fill(&mut random);
    let session = session_id(&venue.operator_id.to_string(), now.as_millis().unsigned_abs(), random);
    let game = json!({"app_id": venue.app_id, "site_id": venue.site_id, "player_count": 2}).to_string();
    let credentials = Credentials::new(venue.api_key.as_str().into());
    let signed = credentials.sign("POST", AUTHORIZE, game.as_bytes());
    let headers = format_args!("{signed}X-Session-ID: {session}\r\n");
    call(&server.target, "POST", AUTHORIZE, headers, &game).await.map(drop)
}
