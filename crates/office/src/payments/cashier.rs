//! What works on orders without a request: the parts of the platform that it needs.

use std::sync::Arc;

use base::clock::Clock;
use platform::settings::{Settings, SettingsStore};
use sqlx::{PgPool, Postgres, Transaction};

use super::providers::{PaymentMethod, Provider, Providers};

/// A handle; cheap to clone. Background tasks hold it instead of the whole platform, which must be able to end.
#[derive(Clone, Debug)]
pub struct Cashier {
    pub(super) pool: PgPool,
    pub(super) clock: Clock,
    settings: Arc<SettingsStore>,
    providers: Arc<Providers>,
}

impl Cashier {
    #[must_use]
    pub fn new(pool: PgPool, clock: Clock, settings: Arc<SettingsStore>, providers: Arc<Providers>) -> Self {
        Cashier { pool, clock, settings, providers }
    }

    pub(super) fn settings(&self) -> Arc<Settings> {
        self.settings.current()
    }

    pub(super) fn provider(&self, method: PaymentMethod) -> Option<&Provider> {
        self.providers.of(method)
    }

    pub(super) async fn begin(&self) -> sqlx::Result<Transaction<'static, Postgres>> {
        self.pool.begin().await
    }
}
