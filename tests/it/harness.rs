//! A server of its own for each test, on a database of its own.

use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine;
use coinslot::app::App;
use coinslot::clock::Clock;
use coinslot::config::{Config, Secrets};
use coinslot::db::{Database, migrate};
use coinslot::router::router;
use coinslot::security::crypt::Cipher;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Executor};

static NUMBER: AtomicU32 = AtomicU32::new(0);

pub(crate) struct Server {
    pub(crate) base_url: String,
    pub(crate) client: reqwest::Client,
    pub(crate) app: App,
    pub(crate) options: PgConnectOptions,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the server under test is named by the environment"
)]
fn admin_url() -> String {
    std::env::var("DATABASE_URL").expect("DATABASE_URL names a PostgreSQL server for tests")
}

pub(crate) async fn start() -> Server {
    let admin = PgConnectOptions::from_str(&admin_url()).unwrap();
    let name = format!(
        "h4_it_{}_{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    );
    let mut connection = admin.connect().await.unwrap();
    connection
        .execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .await
        .unwrap();
    let options = admin.database(&name);
    let url = options.to_url_lossy().to_string();
    migrate::up(&url).await.unwrap();
    let database = Database::connect(&url, 5).unwrap();
    let config = Config {
        trusted_proxies: Vec::new(),
        public_url: None,
    };
    let master = base64::engine::general_purpose::STANDARD.encode([7; 32]);
    let secrets = Secrets {
        jwt_secret: "x".repeat(32).into(),
        cipher: Cipher::new(&master.into(), None).unwrap(),
    };
    let app = App::start(config, Clock::system(), database, secrets)
        .await
        .unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let service = router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    Server {
        base_url,
        client: reqwest::Client::new(),
        app,
        options,
    }
}
