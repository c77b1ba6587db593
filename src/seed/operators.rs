//! Operators for load tests, made by the same rules as real ones.

use money::Fen;
use sqlx::{Acquire, PgConnection};

use super::{SeedError, Shared};
use crate::clock::UtcTime;
use crate::ids::{AppId, GrantId, OperatorId};
use crate::ledger::{self, BookAccount, Category, MovementKind, MovementOrder};
use crate::security::api_key;
use crate::sites::{self, NewSite};

const OPENING_BALANCE: Fen = Fen::new(100_000_000);
/// Operators per transaction.
const BATCH: u32 = 500;
const ACTOR: &str = "seed";

/// Creates operators that were opened at `opened_at`. Returns their API keys.
pub(super) async fn create(
    connection: &mut PgConnection,
    shared: &Shared<'_>,
    count: u32,
    opened_at: UtcTime,
) -> Result<Vec<String>, SeedError> {
    let app_id = any_application(connection, opened_at).await?;
    let first = next_number(connection).await?;
    let mut keys = Vec::new();
    for done in (0..count).step_by(BATCH as usize) {
        let mut transaction = connection.begin().await?;
        for number in done..count.min(done + BATCH) {
            let username = format!("seed_{:06}", first + i64::from(number));
            keys.push(create_one(&mut transaction, shared, &username, app_id, opened_at).await?);
        }
        transaction.commit().await?;
    }
    Ok(keys)
}

async fn create_one(
    connection: &mut PgConnection,
    shared: &Shared<'_>,
    username: &str,
    app_id: AppId,
    opened_at: UtcTime,
) -> Result<String, SeedError> {
    let operator_id = OperatorId::generate(opened_at);
    sqlx::query!(
        "INSERT INTO operators (id, username, password_hash, name, phone, email, created_at, updated_at)
         VALUES ($1, $2, $3, $4, '13800000000', 'seed@example.com', $5, $5)",
        operator_id.uuid(),
        username,
        shared.password_hash,
        format!("体验馆 {username}"),
        opened_at as _,
    )
    .execute(&mut *connection)
    .await?;
    ledger::open_account(connection, operator_id, Category::Normal).await?;
    let key = api_key::insert(connection, shared.cipher, operator_id, opened_at).await?;
    let site = NewSite {
        name: "主运营点".to_owned(),
        address: "示例路 1 号".to_owned(),
        description: String::new(),
    };
    sites::create(connection, operator_id, site, opened_at).await?;
    sqlx::query!(
        "INSERT INTO grants (operator_id, id, app_id, authorized_at, authorized_by) VALUES ($1, $2, $3, $4, $5)",
        operator_id.uuid(),
        GrantId::generate(opened_at).uuid(),
        app_id.uuid(),
        opened_at as _,
        ACTOR,
    )
    .execute(&mut *connection)
    .await?;
    let account = ledger::lock_account(connection, operator_id).await?;
    let mut account = account.ok_or(sqlx::Error::RowNotFound)?;
    ledger::post(connection, &mut account, top_up(OPENING_BALANCE), opened_at).await?;
    Ok(key)
}

/// Money that came from nowhere but this tool: an adjustment, which no invoice and no refund to a channel can name.
pub(super) fn top_up(amount: Fen) -> MovementOrder {
    adjustment(BookAccount::Adjustments, BookAccount::OperatorBalance, amount)
}

/// The way back.
pub(super) fn take_back(amount: Fen) -> MovementOrder {
    adjustment(BookAccount::OperatorBalance, BookAccount::Adjustments, amount)
}

fn adjustment(debit: BookAccount, credit: BookAccount, amount: Fen) -> MovementOrder {
    MovementOrder {
        kind: MovementKind::Adjustment,
        debit,
        credit,
        amount,
        payment_method: None,
        order_id: None,
        refund_id: None,
        reason: Some("示例数据".to_owned()),
        created_by: Some(ACTOR.to_owned()),
    }
}

/// The number after the highest that an earlier run used.
async fn next_number(connection: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"SELECT coalesce(max(substr(username, 6)::bigint), 0) + 1 AS "next!" FROM operators
           WHERE username ~ '^seed_[0-9]{6,15}$'"#
    )
    .fetch_one(connection)
    .await
}

/// The application on the shelf that was created first; a plain one is created when there is none.
async fn any_application(connection: &mut PgConnection, now: UtcTime) -> sqlx::Result<AppId> {
    let existing = sqlx::query_scalar!(
        r#"SELECT id AS "id: AppId" FROM applications WHERE is_active ORDER BY created_at, id LIMIT 1"#
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(app_id) = existing {
        return Ok(app_id);
    }
    let app_id = AppId::generate(now);
    sqlx::query!(
        "WITH app AS (
             INSERT INTO applications (id, name, unit_price_fen, min_players, max_players, created_at, updated_at)
             VALUES ($1, '太空探险', 1000, 2, 8, $3, $3))
         INSERT INTO application_prices (app_id, id, unit_price_fen, effective_at, changed_by)
         VALUES ($1, $2, 1000, $3, $4)",
        app_id.uuid(),
        AppId::generate(now).uuid(),
        now as _,
        ACTOR,
    )
    .execute(connection)
    .await?;
    Ok(app_id)
}
