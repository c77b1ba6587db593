//! The connection on which this instance hears the news of all instances.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Executor;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};

use super::hub::Hub;
use super::notification::{self, CHANNEL};

/// Pause after a lost connection.
const RECONNECT_AFTER: Duration = Duration::from_millis(200);
/// A connection that dies without a word is noticed after this long.
const PROBE_EVERY: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(3);

/// Hears and delivers, on one connection after another, until the task is dropped.
///
/// # Errors
/// A URL that cannot be parsed.
pub fn listen(hub: Arc<Hub>, url: &str) -> sqlx::Result<impl Future<Output = ()> + Send + use<>> {
    let options = PgConnectOptions::from_str(url)?.application_name("coinslot-listener");
    Ok(async move {
        loop {
            if let Err(error) = listen_once(&hub, options.clone()).await {
                tracing::warn!(%error, "news of other instances not heard for a moment");
            }
            tokio::time::sleep(RECONNECT_AFTER).await;
        }
    })
}

/// Listens until the connection is lost.
async fn listen_once(hub: &Hub, options: PgConnectOptions) -> sqlx::Result<()> {
    let mut listener = within_time(open(options)).await?;
    // Only now is nothing missed any more.
    hub.look_again();
    loop {
        match tokio::time::timeout(PROBE_EVERY, listener.try_recv()).await {
            Ok(Ok(Some(notification))) => notification::deliver(hub, notification.payload()),
            Ok(Ok(None)) => return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into()),
            Ok(Err(error)) => return Err(error),
            Err(_) => within_time(listener.execute("SELECT 1")).await.map(drop)?,
        }
    }
}

async fn open(options: PgConnectOptions) -> sqlx::Result<PgListener> {
    let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
    let mut listener = PgListener::connect_with(&pool.connect_lazy_with(options)).await?;
    listener.execute(platform::db::SESSION_SETUP).await?;
    // A connection made anew in silence would hide that news was lost in between.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

async fn within_time<T>(answer: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    tokio::time::timeout(TIMEOUT, answer).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}
