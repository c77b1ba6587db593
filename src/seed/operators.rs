//! Operators for load tests, made by the same rules as real ones.

use base::category::Category;
use base::clock::UtcTime;
use base::ids::{AppId, GrantId, OperatorId, SiteId};
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

/// An operator to be opened.
#[derive(Debug)]
pub struct NewOperator<'a> {
    pub id: OperatorId,
    pub username: &'a str,
    /// How many.
    pub sites: u32,
    /// Those it gets grants for.
    pub apps: &'a [AppId],
    pub balance: Fen,
}

/// What an operator that was opened needs to start games.
#[derive(Debug)]
pub struct Opened {
    pub api_key: String,
    pub sites: Vec<SiteId>,
}

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
            let new = NewOperator {
                id: OperatorId::generate(opened_at),
                username: &format!("seed_{:06}", first + i64::from(number)),
                sites: args.sites,
                apps: &some_of(&apps, number as usize),
                balance: OPENING_BALANCE,
            };
            keys.push(open_operator(&mut transaction, shared, &new, opened_at).await?.api_key);
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

/// Opens an operator as if it had registered at `at`: account, API key, sites, grants and money.
///
/// # Errors
/// [`SeedError`]; the caller's transaction is to be rolled back.
pub async fn open_operator(
    connection: &mut PgConnection,
    shared: &Shared<'_>,
    new: &NewOperator<'_>,
    at: UtcTime,
) -> Result<Opened, SeedError> {
    sqlx::query!(
        "INSERT INTO operators (id, username, password_hash, name, phone, email, created_at, updated_at)
         VALUES ($1, $2, $3, $4, '13800000000', 'seed@example.com', $5, $5)",
        new.id.uuid(),
        new.username,
        shared.password_hash,
        format!("体验馆 {}", new.username),
        at as _,
    )
    .execute(&mut *connection)
    .await?;
    ledger::open_account(connection, new.id, Category::Normal).await?;
    let api_key = api_key::insert(connection, shared.cipher, new.id, at).await?;
    let sites = equip(connection, new, at).await?;
    credit(connection, new.id, new.balance, at).await?;
    Ok(Opened { api_key, sites })
}

/// Sites and grants.
async fn equip(
    connection: &mut PgConnection,
    new: &NewOperator<'_>,
    at: UtcTime,
) -> Result<Vec<SiteId>, SeedError> {
    let mut site_ids = Vec::new();
    for number in 1..=new.sites {
        let site = NewSite {
            name: if number == 1 { "主运营点".to_owned() } else { format!("{number} 号店") },
            address: format!("示例路 {number} 号"),
            description: String::new(),
        };
        site_ids.push(sites::create(connection, new.id, site, at).await?.id);
    }
    for app_id in new.apps {
        sqlx::query!(
            "INSERT INTO grants (operator_id, id, app_id, authorized_at, authorized_by) VALUES ($1, $2, $3, $4, $5)",
            new.id.uuid(),
            GrantId::generate(at).uuid(),
            app_id.uuid(),
            at as _,
            ACTOR,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(site_ids)
}

/// Adds to a balance.
///
/// # Errors
/// [`SeedError`]; an operator without an account.
pub async fn credit(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    amount: Fen,
    at: UtcTime,
) -> Result<(), SeedError> {
    let account = ledger::lock_account(connection, operator_id).await?;
    let mut account = account.ok_or(sqlx::Error::RowNotFound)?;
    ledger::post(connection, &mut account, give(amount), at).await?;
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
