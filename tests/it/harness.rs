//! The platform on a database of its own, listening on loopback, and what a headset server does with it.

use std::net::SocketAddr;
use std::path::Path;

use api::app::{App, Config};
use api::router;
use axum_server::Handle;
use base::clock::{Clock, UtcTime};
use base::ids::{AppId, OperatorId, SiteId};
use books::{gate, ledger};
use coinslot::start::{Background, start as start_app};
use office::payments::config::PaymentConfig;
use pay_sandbox::Sandbox;
use platform::config::Secrets;
use platform::security::api_key;
use platform::security::crypt::Cipher;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use secrecy::SecretString;
use serde_json::{Value, json};
use sqlx::PgConnection;
use sqlx::postgres::PgConnectOptions;
use uuid::Uuid;

use crate::cluster::{self, TestDatabase};
use crate::fixtures::{Operator, adjust, application, grant, operator, site};
use crate::scratch::wait_for;

pub(crate) const JWT_SECRET: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const MASTER_KEY: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

/// A running instance.
pub(crate) struct Server {
    pub(crate) app: App,
    pub(crate) client: reqwest::Client,
    pub(crate) base_url: String,
    pub(crate) database_url: String,
    pub(crate) options: PgConnectOptions,
    handle: Handle<SocketAddr>,
    serving: tokio::task::JoinHandle<std::io::Result<()>>,
    background: Background,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

/// A new database and an instance on it, with limits out of the way.
pub(crate) async fn start() -> Server {
    let database = cluster::database().await;
    let server = start_on(&database, Clock::system()).await;
    server.set("rate_limit_per_minute", json!(1_000_000)).await;
    server.set("ip_rate_limit_per_minute", json!(1_000_000)).await;
    server.set("web_rate_limit_per_minute", json!(1_000_000)).await;
    // Tests call with many keys from one address, and on purpose with bad ones.
    server.set("anomaly_trusted_ips", json!("127.0.0.0/8, ::1")).await;
    server.set("anomaly_ip_failures", json!(1_000_000)).await;
    server
}

/// An instance on an existing database.
pub(crate) async fn start_on(database: &TestDatabase, clock: Clock) -> Server {
    start_at(database.url(), clock).await
}

pub(crate) async fn start_at(database_url: &str, clock: Clock) -> Server {
    start_with(database_url, clock, with_sandbox()).await
}

/// What instances of tests have: the payment sandbox.
fn with_sandbox() -> Config {
    Config { payments: PaymentConfig::Sandbox, ..Config::default() }
}

/// An instance with a configuration of its own.
pub(crate) async fn start_with(database_url: &str, clock: Clock, config: Config) -> Server {
    start_sealed_with(database_url, clock, config, cipher()).await
}

/// An instance on a database whose secrets were sealed elsewhere.
pub(crate) async fn start_sealed_with(
    database_url: &str,
    clock: Clock,
    config: Config,
    cipher: Cipher,
) -> Server {
    let secrets = Secrets { jwt_secret: SecretString::from(JWT_SECRET), cipher };
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let mut config = Config { listen: Some(address), ..config };
    if config.data_dir.as_os_str().is_empty() {
        // A folder of its own: an instance clears away files that it does not know.
        config.data_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(Uuid::new_v4().to_string());
    }
    let (app, background) = Box::pin(start_app(config, clock, database_url, secrets)).await.unwrap();
    let handle = Handle::<SocketAddr>::new();
    let service = router::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum_server::from_tcp(listener).unwrap().handle(handle.clone());
    let serving = tokio::spawn(server.serve(service));
    Server {
        app,
        client: reqwest::Client::builder().no_proxy().build().unwrap(),
        base_url: format!("http://{address}"),
        database_url: database_url.to_owned(),
        options: database_url.parse().unwrap(),
        handle,
        serving,
        background,
    }
}

/// The cipher of the tests' master key.
pub(crate) fn cipher() -> Cipher {
    Cipher::new(&SecretString::from(MASTER_KEY), None).unwrap()
}

impl Server {
    /// The gateway that stands in for the providers, to play the payer and to break things.
    pub(crate) fn sandbox(&self) -> &Sandbox {
        self.app.providers().sandbox().unwrap()
    }

    /// Ends the instance as SIGTERM would: requests in flight are answered, everything is written.
    pub(crate) async fn stop(self) {
        self.app.live().end_streams();
        self.handle.graceful_shutdown(None);
        self.serving.await.unwrap().unwrap();
        drop(self.app);
        self.background.finish().await;
    }

    /// Another instance on the same database.
    pub(crate) async fn twin(&self) -> Server {
        start_at(&self.database_url, Clock::system()).await
    }

    /// A connection with the owner's rights.
    pub(crate) async fn owner(&self) -> PgConnection {
        <PgConnection as sqlx::Connection>::connect(&self.database_url).await.unwrap()
    }

    /// Puts a setting in force.
    pub(crate) async fn set(&self, key: &str, value: Value) {
        let mut connection = self.app.database().acquire().await.unwrap();
        let updated = sqlx::query("UPDATE system_configs SET value = $2 WHERE key = $1")
            .bind(key)
            .bind(value)
            .execute(&mut *connection)
            .await
            .unwrap();
        assert_eq!(updated.rows_affected(), 1, "{key}");
        self.app.settings_store().refresh(&mut connection).await.unwrap();
    }

    /// The books must be in order.
    pub(crate) async fn verify(&self) -> ledger::verify::Verified {
        ledger::verify::verify(&mut self.owner().await).await.unwrap()
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Answer { status, headers, body }
    }

    /// An operator with one site, one application at 10.00 for 2 to 8 players, and a grant for it.
    pub(crate) async fn venue(&self, balance_fen: i64) -> Venue {
        self.signed_in_venue(balance_fen).await.0
    }

    /// The same, and a token of the operator.
    pub(crate) async fn signed_in_venue(&self, balance_fen: i64) -> (Venue, String) {
        let username = format!("u{}", &Uuid::new_v4().simple().to_string()[..16]);
        let Operator { id: operator_id, api_key, token } = operator(&self.app, &username).await;
        let site_id = site(&self.app, operator_id, "北京朝阳店").await;
        let app_id = application(&self.app, "太空探险", 1_000).await;
        grant(&self.app, operator_id, app_id, None).await;
        let venue = Venue { operator_id, api_key, site_id, app_id };
        self.credit(&venue, balance_fen).await;
        (venue, token)
    }

    /// Adds to a venue's balance by an adjustment.
    pub(crate) async fn credit(&self, venue: &Venue, amount_fen: i64) {
        if amount_fen == 0 {
            return;
        }
        adjust(&self.app, venue.operator_id, amount_fen, self.app.clock().now()).await;
    }

    /// Sends calls at once and lets the first of them go on when all of them wait for the account's row.
    pub(crate) async fn lined_up<T>(
        &self,
        operator_id: OperatorId,
        calls: impl IntoIterator<Item = impl Future<Output = T>>,
    ) -> Vec<T> {
        let calls: Vec<_> = calls.into_iter().collect();
        let mut transaction = self.app.database().begin().await.unwrap();
        ledger::lock_account(&mut transaction, operator_id).await.unwrap();
        let expected = calls.len();
        let let_go = async {
            self.wait_for_waiting(expected).await;
            transaction.rollback().await.unwrap();
        };
        tokio::join!(futures_util::future::join_all(calls), let_go).0
    }

    /// Waits until so many transactions wait for an account's row.
    pub(crate) async fn wait_for_waiting(&self, expected: usize) {
        let mut owner = self.owner().await;
        wait_for("all calls wait for the account", async || {
            let sql = "SELECT count(*) FROM pg_stat_activity
                       WHERE datname = current_database() AND wait_event_type = 'Lock'
                         AND query LIKE '%FROM operator_accounts%FOR UPDATE%'";
            let waiting: i64 = sqlx::query_scalar(sql).fetch_one(&mut owner).await.unwrap();
            (usize::try_from(waiting) == Ok(expected)).then_some(())
        })
        .await;
    }

    /// Changes exactly one row, with the owner's rights.
    pub(crate) async fn change(
        &self,
        query: sqlx::query::Query<'_, sqlx::Postgres, sqlx::postgres::PgArguments>,
    ) {
        let changed = query.execute(&mut self.owner().await).await.unwrap();
        assert_eq!(changed.rows_affected(), 1);
    }

    /// Puts an account into a state, as an admin's lock or an operator's leave would.
    pub(crate) async fn set_state(&self, venue: &Venue, state: &str) {
        let sql = "WITH account AS (
                UPDATE operator_accounts SET state = $2 WHERE operator_id = $1 RETURNING operator_id)
            UPDATE operators
            SET locked_at = CASE WHEN $2 = 'locked' THEN now() END,
                deactivated_at = CASE WHEN $2 = 'deactivated' THEN now() END
            FROM account WHERE id = account.operator_id";
        self.change(sqlx::query(sql).bind(venue.operator_id).bind(state)).await;
    }

    /// Gives the venue another API key and returns it.
    pub(crate) async fn replace_key(&self, venue: &Venue) -> String {
        let mut transaction = self.app.database().begin().await.unwrap();
        let now = self.app.clock().now();
        let generation = gate::raise_key_generation(&mut transaction, venue.operator_id).await.unwrap();
        let replaced =
            api_key::replace(&mut transaction, self.app.cipher(), venue.operator_id, generation, now).await;
        transaction.commit().await.unwrap();
        replaced.unwrap()
    }

    /// Another site of the venue's operator.
    pub(crate) async fn site(&self, venue: &Venue) -> SiteId {
        site(&self.app, venue.operator_id, "上海徐汇店").await
    }

    pub(crate) async fn balance_fen(&self, venue: &Venue) -> i64 {
        sqlx::query_scalar("SELECT balance_fen FROM operator_accounts WHERE operator_id = $1")
            .bind(venue.operator_id)
            .fetch_one(&mut self.owner().await)
            .await
            .unwrap()
    }

    pub(crate) async fn usage_count(&self, venue: &Venue) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM usage_records WHERE operator_id = $1")
            .bind(venue.operator_id)
            .fetch_one(&mut self.owner().await)
            .await
            .unwrap()
    }

    /// A signed request of a headset server. `None` sends no body.
    pub(crate) fn signed(
        &self,
        venue: &Venue,
        method: &str,
        path: &str,
        body: Option<&str>,
    ) -> reqwest::RequestBuilder {
        let timestamp = self.app.clock().now().as_seconds();
        let raw = body.unwrap_or("");
        let signature =
            coinslot_client::sign(venue.api_key.as_bytes(), timestamp, method, path, raw.as_bytes());
        let request = self
            .client
            .request(method.parse().unwrap(), format!("{}{path}", self.base_url))
            .header("X-Api-Key", &venue.api_key)
            .header("X-Timestamp", timestamp)
            .header("X-Signature", signature);
        match body {
            Some(body) => request.header("Content-Type", "application/json").body(body.to_owned()),
            None => request,
        }
    }

    pub(crate) async fn authorize(&self, venue: &Venue, session_id: &str, players: i64) -> Answer {
        let body = venue.game(players).to_string();
        let request = self.signed(venue, "POST", AUTHORIZE, Some(&body));
        self.send(request.header("X-Session-ID", session_id)).await
    }
}

pub(crate) const AUTHORIZE: &str = "/v1/auth/game/authorize";

/// An operator with what it needs to start a game.
#[derive(Clone, Debug)]
pub(crate) struct Venue {
    pub(crate) operator_id: OperatorId,
    pub(crate) api_key: String,
    pub(crate) site_id: SiteId,
    pub(crate) app_id: AppId,
}

impl Venue {
    pub(crate) fn game(&self, players: i64) -> Value {
        json!({"app_id": self.app_id, "site_id": self.site_id, "player_count": players})
    }

    /// A new session id with the current time.
    pub(crate) fn session(&self) -> String {
        self.session_at(Clock::system().now())
    }

    pub(crate) fn session_at(&self, at: UtcTime) -> String {
        coinslot_client::session_id(
            &self.operator_id.to_string(),
            at.as_millis().unsigned_abs(),
            *Uuid::new_v4().as_bytes(),
        )
    }
}

impl Answer {
    /// The error code, or the empty text of a success.
    pub(crate) fn code(&self) -> &str {
        self.body["error_code"].as_str().unwrap_or("")
    }

    #[track_caller]
    pub(crate) fn expect(&self, status: u16, code: &str) -> &Value {
        assert_eq!((self.status.as_u16(), self.code()), (status, code), "{}", self.body);
        if code.is_empty() { &self.body["data"] } else { &self.body["details"] }
    }
}
