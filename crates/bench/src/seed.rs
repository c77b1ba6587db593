//! What both databases hold before anything is measured: one game, and operators who may play it.

use anyhow::ensure;
use base::clock::Clock;
use base::ids::{AppId, OperatorId, SiteId};
use coinslot::seed::{NewOperator, Opened, Shared, on_the_shelf, open_operator};
use money::Fen;
use platform::security::crypt::Cipher;
use platform::settings::SettingsStore;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

pub(crate) const OPERATORS: u32 = 1_000;

/// 9 000 000 000.00 yuan, below the highest balance there is and more than any run can spend.
const BALANCE: Fen = Fen::new(900_000_000_000);

/// The only settings that are not the defaults: ten games or 600 readings a minute cannot be measured, and a thousand
/// keys from one address are an incident.
pub(crate) fn settings() -> [(&'static str, Value); 4] {
    [
        ("web_rate_limit_per_minute", json!(1_000_000_000)),
        ("rate_limit_per_minute", json!(1_000_000_000)),
        ("ip_rate_limit_per_minute", json!(1_000_000_000)),
        ("anomaly_trusted_ips", json!("127.0.0.0/8,::1")),
    ]
}

/// An operator with what it needs to start a game.
#[derive(Debug)]
pub(crate) struct Venue {
    pub(crate) operator_id: OperatorId,
    pub(crate) site_id: SiteId,
    pub(crate) app_id: AppId,
    pub(crate) api_key: String,
}

/// Operators as they register.
pub(crate) async fn product(
    connection: &mut PgConnection,
    cipher: &Cipher,
    operators: u32,
) -> anyhow::Result<Vec<Venue>> {
    let now = Clock::system().now();
    seed(connection, cipher, (0..operators).map(|_| OperatorId::generate(now))).await
}

/// Operators whose ids the textbook's script can compute from their number.
pub(crate) async fn baseline(connection: &mut PgConnection, cipher: &Cipher) -> anyhow::Result<Vec<Venue>> {
    let ids = (1..=OPERATORS).map(|number| OperatorId::from_uuid(baseline_id(number)));
    let venues = seed(connection, cipher, ids).await?;
    sqlx::query(include_str!("textbook_table.sql")).execute(connection).await?;
    Ok(venues)
}

/// `00000000-0000-7000-8000-` and the number in decimal digits.
fn baseline_id(number: u32) -> Uuid {
    let digits = u128::from_str_radix(&number.to_string(), 16).unwrap_or(0);
    Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0000 | digits)
}

/// Puts [`settings`] into the database, before a server reads it.
pub(crate) async fn raise_limits(connection: &mut PgConnection) -> anyhow::Result<()> {
    SettingsStore::default().initialize(connection).await?;
    for (key, value) in settings() {
        let updated = sqlx::query("UPDATE system_configs SET value = $2 WHERE key = $1")
            .bind(key)
            .bind(value)
            .execute(&mut *connection)
            .await?;
        ensure!(updated.rows_affected() == 1, "no setting {key}");
    }
    Ok(())
}

async fn seed(
    connection: &mut PgConnection,
    cipher: &Cipher,
    ids: impl Iterator<Item = OperatorId>,
) -> anyhow::Result<Vec<Venue>> {
    let clock = Clock::system();
    let (now, shared) = (clock.now(), Shared { cipher, clock: &clock, password_hash: "" });
    let mut transaction = connection.begin().await?;
    let apps = on_the_shelf(&mut transaction, 1, now).await?;
    let mut venues = Vec::new();
    for id in ids {
        let username = &format!("bench{}", venues.len() + 1);
        let new = NewOperator { id, username, sites: 1, apps: &apps, balance: BALANCE };
        let Opened { api_key, sites } = open_operator(&mut transaction, &shared, &new, now).await?;
        venues.push(Venue { operator_id: id, site_id: sites[0], app_id: apps[0], api_key });
    }
    transaction.commit().await?;
    Ok(venues)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn baseline_ids_are_what_the_script_computes() {
        for (number, id) in
            [(1, "00000000-0000-7000-8000-000000000001"), (1_000, "00000000-0000-7000-8000-000000001000")]
        {
            assert_eq!(baseline_id(number).to_string(), id);
        }
    }
}
