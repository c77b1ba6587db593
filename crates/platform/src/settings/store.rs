//! The settings in force, re-read from the database every two seconds.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use serde_json::Value;
use sqlx::{PgConnection, PgPool};

use super::{DEFINITIONS, Settings};
use crate::rounds::keep_doing;

/// How old the settings of an instance may get; the contract allows 5 s.
const REFRESH_EVERY: Duration = Duration::from_secs(2);

/// Shared by all requests of an instance.
#[derive(Debug)]
pub struct SettingsStore(RwLock<Arc<Settings>>);

impl Default for SettingsStore {
    fn default() -> Self {
        SettingsStore(RwLock::new(Arc::new(Settings::defaults())))
    }
}

impl SettingsStore {
    /// The settings in force.
    #[must_use]
    pub fn current(&self) -> Arc<Settings> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the settings from the database and puts them in force. A value that no longer fits its definition
    /// is logged and the settings stay as they were: a running platform must not stop over a number.
    pub async fn refresh(&self, connection: &mut PgConnection) -> sqlx::Result<()> {
        let rows = sqlx::query!("SELECT key, value FROM system_configs").fetch_all(connection).await?;
        let values: HashMap<String, Value> = rows.into_iter().map(|row| (row.key, row.value)).collect();
        match Settings::read(|key| values.get(key).cloned()) {
            Ok(settings) => *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings),
            Err(error) => tracing::error!(%error, "settings left as they were"),
        }
        Ok(())
    }

    /// Keeps the settings fresh until the task is dropped.
    pub async fn keep_fresh(self: Arc<Self>, pool: PgPool) {
        keep_doing(REFRESH_EVERY, || async {
            let refreshed = async { self.refresh(&mut *pool.acquire().await?).await };
            if let Err(error) = refreshed.await {
                tracing::warn!(%error, "settings not refreshed");
            }
            REFRESH_EVERY
        })
        .await;
    }
}

/// Adds rows for settings that this version knows and the database does not; never changes a value.
pub(super) async fn insert_missing(connection: &mut PgConnection) -> sqlx::Result<()> {
    for definition in DEFINITIONS {
        sqlx::query!(
            "INSERT INTO system_configs (key, value, default_value, value_type, category, description)
             VALUES ($1, $2, $2, $3, $4, $5)
             ON CONFLICT (key) DO UPDATE
             SET default_value = excluded.default_value, value_type = excluded.value_type,
                 category = excluded.category, description = excluded.description",
            definition.key,
            definition.default_value(),
            definition.value_type().as_str(),
            definition.category,
            definition.description,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

impl SettingsStore {
    /// Makes sure every setting has its row, then reads them all.
    pub async fn initialize(&self, connection: &mut PgConnection) -> sqlx::Result<()> {
        insert_missing(connection).await?;
        self.refresh(connection).await
    }
}
