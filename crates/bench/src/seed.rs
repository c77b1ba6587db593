//! What both databases hold before anything is measured: one game, and operators who may play it.

use anyhow::ensure;
use base::category::Category;
use base::clock::{Clock, UtcTime};
use base::ids::{AppId, OperatorId, SiteId};
use books::ledger::{self, MovementCause, MovementOrder};
use money::Fen;
use platform::security::api_key;
use platform::security::crypt::Cipher;
use platform::settings::SettingsStore;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

pub(crate) const OPERATORS: u32 = 1_000;

/// 9 000 000 000.00 yuan, below the highest balance there is and more than any run can spend.
const BALANCE_FEN: i64 = 900_000_000_000;
const PRICE_FEN: i64 = 1_000;
const PLAYERS: (i32, i32) = (2, 8);

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
    let ids = (0..operators).map(|_| (OperatorId::generate(now), SiteId::generate(now)));
    seed(connection, cipher, ids, now).await
}

/// Operators whose ids the textbook's script can compute from their number; the site has the same.
pub(crate) async fn baseline(connection: &mut PgConnection, cipher: &Cipher) -> anyhow::Result<Vec<Venue>> {
    let ids = (1..=OPERATORS).map(|number| {
        let id = baseline_id(number);
        (OperatorId::from_uuid(id), SiteId::from_uuid(id))
    });
    let venues = seed(connection, cipher, ids, Clock::system().now()).await?;
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
    ids: impl Iterator<Item = (OperatorId, SiteId)>,
    now: UtcTime,
) -> anyhow::Result<Vec<Venue>> {
    let mut transaction = connection.begin().await?;
    let app_id = insert_application(&mut transaction, now).await?;
    let mut venues = Vec::new();
    for (operator_id, site_id) in ids {
        let number = venues.len() + 1;
        insert_operator(&mut transaction, operator_id, number, now).await?;
        ledger::open_account(&mut transaction, operator_id, Category::Normal).await?;
        let api_key = api_key::insert(&mut transaction, cipher, operator_id, now).await?;
        insert_site(&mut transaction, operator_id, site_id, now).await?;
        insert_grant(&mut transaction, operator_id, app_id, now).await?;
        credit(&mut transaction, operator_id, BALANCE_FEN, now).await?;
        venues.push(Venue { operator_id, site_id, app_id, api_key });
    }
    transaction.commit().await?;
    Ok(venues)
}

async fn insert_application(connection: &mut PgConnection, now: UtcTime) -> sqlx::Result<AppId> {
    let id = AppId::generate(now);
    sqlx::query(
        "INSERT INTO applications (id, name, unit_price_fen, min_players, max_players, created_at, updated_at)
         VALUES ($1, '太空探险', $2, $3, $4, $5, $5)",
    )
    .bind(id)
    .bind(PRICE_FEN)
    .bind(PLAYERS.0)
    .bind(PLAYERS.1)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO application_prices (app_id, id, unit_price_fen, effective_at, changed_by)
         VALUES ($1, gen_random_uuid(), $2, $3, 'bench')",
    )
    .bind(id)
    .bind(PRICE_FEN)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(id)
}

async fn insert_operator(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    number: usize,
    now: UtcTime,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO operators (id, username, password_hash, name, phone, email, created_at, updated_at)
         VALUES ($1, $2, '', '测试运营商', '13800138000', 'bench@example.com', $3, $3)",
    )
    .bind(operator_id)
    .bind(format!("bench{number}"))
    .bind(now)
    .execute(connection)
    .await
    .map(drop)
}

async fn insert_site(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    site_id: SiteId,
    now: UtcTime,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO sites (operator_id, id, name, address, created_at, updated_at)
         VALUES ($1, $2, '北京朝阳店', '北京市朝阳区', $3, $3)",
    )
    .bind(operator_id)
    .bind(site_id)
    .bind(now)
    .execute(connection)
    .await
    .map(drop)
}

async fn insert_grant(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    app_id: AppId,
    now: UtcTime,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO grants (operator_id, id, app_id, authorized_at, authorized_by)
         VALUES ($1, gen_random_uuid(), $2, $3, 'bench')",
    )
    .bind(operator_id)
    .bind(app_id)
    .bind(now)
    .execute(connection)
    .await
    .map(drop)
}

/// Adds to a balance by an adjustment.
pub(crate) async fn credit(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    amount_fen: i64,
    now: UtcTime,
) -> sqlx::Result<()> {
    let account = ledger::lock_account(connection, operator_id).await?;
    let mut account = account.ok_or(sqlx::Error::RowNotFound)?;
    let order = MovementOrder {
        created_by: Some("bench".to_owned()),
        ..MovementOrder::new(MovementCause::CreditAdjustment, Fen::new(amount_fen))
    };
    ledger::post(connection, &mut account, order, now).await.map(drop)
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
