//! Operators for load tests, made by the same rules as real ones.

use base::category::Category;
use base::clock::UtcTime;
use base::ids::{AppId, GrantId, OperatorId};
use books::ledger::{self, MovementCause, MovementOrder};
use money::Fen;
use office::sites::{self, NewSite};
use platform::security::api_key;
use sqlx::{Acquire, PgConnection};

use super::applications::on_the_shelf;
use super::{SeedArgs, SeedError, Shared};

const OPENING_BALANCE: Fen = Fen::new(100_000_000);
/// Operators per transaction.
const BATCH: u32 = 500;
pub(super) const ACTOR: &str = "seed";

/// Creates operators that were opened at `opened_at`. Returns their API keys.
pub(super) async fn create(
    connection: &mut PgConnection,
    shared: &Shared<'_>,
    args: &SeedArgs,
    count: u32,
    opened_at: UtcTime,
) -> Result<Vec<String>, SeedError> {
    let apps = on_the_shelf(connection, args.apps, opened_at).await?;
    let first = next_number(connection).await?;
    let mut keys = Vec::new();
    for done in (0..count).step_by(BATCH as usize) {
        let mut transaction = connection.begin().await?;
        for number in done..count.min(done + BATCH) {
            let username = format!("seed_{:06}", first + i64::from(number));
            let granted = some_of(&apps, number as usize);
            let (operator_id, key) = create_one(&mut transaction, shared, &username, opened_at).await?;
            equip(&mut transaction, operator_id, args.sites, &granted, opened_at).await?;
            keys.push(key);
        }
        transaction.commit().await?;
    }
    Ok(keys)
}

/// Between four and eight applications, other ones for each operator.
fn some_of(apps: &[AppId], number: usize) -> Vec<AppId> {
    let count = (4 + number % 5).min(apps.len());
    (0..count).map(|step| apps[(number * 7 + step) % apps.len()]).collect()
}

async fn create_one(
    connection: &mut PgConnection,
    shared: &Shared<'_>,
    username: &str,
    opened_at: UtcTime,
) -> Result<(OperatorId, String), SeedError> {
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
    Ok((operator_id, key))
}

/// Sites, grants and money.
async fn equip(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    site_count: u32,
    apps: &[AppId],
    opened_at: UtcTime,
) -> Result<(), SeedError> {
    for number in 1..=site_count {
        let site = NewSite {
            name: if number == 1 { "主运营点".to_owned() } else { format!("{number} 号店") },
            address: format!("示例路 {number} 号"),
            description: String::new(),
        };
        sites::create(connection, operator_id, site, opened_at).await?;
    }
    for app_id in apps {
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
    }
    let account = ledger::lock_account(connection, operator_id).await?;
    let mut account = account.ok_or(sqlx::Error::RowNotFound)?;
    ledger::post(connection, &mut account, give(OPENING_BALANCE), opened_at).await?;
    Ok(())
}

/// Money that came from nowhere but this tool: an adjustment, which no invoice and no refund to a channel can name.
pub(super) fn give(amount: Fen) -> MovementOrder {
    adjustment(MovementCause::CreditAdjustment, amount)
}

/// The way back.
pub(super) fn take_back(amount: Fen) -> MovementOrder {
    adjustment(MovementCause::DebitAdjustment, amount)
}

fn adjustment(cause: MovementCause, amount: Fen) -> MovementOrder {
    MovementOrder {
        reason: Some("示例数据".to_owned()),
        created_by: Some(ACTOR.to_owned()),
        ..MovementOrder::new(cause, amount)
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
