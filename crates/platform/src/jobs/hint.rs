//! Word that a job was enqueued. It saves the wait for the next look, and nothing is lost without it.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::sync::Notify;

pub(super) const CHANNEL: &str = "jobs";

/// Pause after a lost connection.
const RECONNECT_AFTER: Duration = Duration::from_secs(1);

/// Passes the word on, on one connection after another, until it is dropped.
pub(super) async fn listen(options: PgConnectOptions, hint: &Notify) {
    loop {
        if let Err(error) = listen_once(options.clone(), hint).await {
            tracing::debug!(%error, "word of new jobs not heard for a moment");
        }
        tokio::time::sleep(RECONNECT_AFTER).await;
    }
}

/// On a connection of its own: one of the pool would be missing there.
async fn listen_once(options: PgConnectOptions, hint: &Notify) -> sqlx::Result<()> {
    let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
    let mut listener = PgListener::connect_with(&pool.connect_lazy_with(options)).await?;
    sqlx::Executor::execute(&mut listener, crate::db::SESSION_SETUP).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    while listener.try_recv().await?.is_some() {
        hint.notify_one();
    }
    Ok(())
}
