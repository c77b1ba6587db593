//! A new price: in force from the next authorization, kept in the history, told to everyone with a grant.

use base::clock::UtcTime;
use base::ids::{AppId, OperatorId, TransactionId};
use base::problem::{ErrorCode, Problem};
use jiff::SignedDuration;
use money::Fen;
use platform::db::expect_one;
use platform::messages::{self, MessageKind, NewMessage};
use sqlx::PgConnection;

use super::find::{Application, find_for_update};

/// What a change of price did.
#[derive(Clone, Copy, Debug)]
pub struct PriceChange {
    pub old_price: Fen,
    pub new_price: Fen,
    pub notified_operators_count: usize,
}

/// Sets the price. The price that is in force already changes nothing and is told to nobody.
///
/// # Errors
/// `APP_NOT_FOUND`; the database's.
pub async fn change_price(
    connection: &mut PgConnection,
    app_id: AppId,
    new_price: Fen,
    reason: Option<&str>,
    changed_by: &str,
    now: UtcTime,
) -> Result<PriceChange, Problem> {
    let application = find_for_update(connection, app_id).await?;
    let application = application.ok_or(ErrorCode::AppNotFound)?;
    let old_price = application.unit_price;
    if old_price == new_price {
        return Ok(PriceChange { old_price, new_price, notified_operators_count: 0 });
    }
    let updated = sqlx::query!(
        "UPDATE applications SET unit_price_fen = $2, updated_at = $3 WHERE id = $1",
        app_id.uuid(),
        new_price.get(),
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    expect_one(&updated)?;
    append(connection, app_id, new_price, changed_by, reason, now).await?;
    let notified_operators_count = notify(connection, &application, new_price, now).await?;
    Ok(PriceChange { old_price, new_price, notified_operators_count })
}

/// Adds a price to the history. The caller holds the application's row, unless it has just made it. The time is that of
/// the act, or right after the price before: whoever waited for the row has an older clock, and the history must end with
/// the price in force.
pub(super) async fn append(
    connection: &mut PgConnection,
    app_id: AppId,
    price: Fen,
    changed_by: &str,
    reason: Option<&str>,
    now: UtcTime,
) -> sqlx::Result<()> {
    let newest = sqlx::query_scalar!(
        r#"SELECT max(effective_at) AS "newest: UtcTime" FROM application_prices WHERE app_id = $1"#,
        app_id.uuid(),
    )
    .fetch_one(&mut *connection)
    .await?;
    let after_newest = newest.map(|newest| newest.plus(SignedDuration::from_millis(1)));
    let effective_at = after_newest.map_or(now, |earliest| now.max(earliest));
    sqlx::query!(
        "INSERT INTO application_prices (app_id, id, unit_price_fen, effective_at, changed_by, reason)
         VALUES ($1, $2, $3, $4, $5, $6)",
        app_id.uuid(),
        // An id of no kind of its own: it only orders the history.
        TransactionId::generate(effective_at).uuid(),
        price.get(),
        effective_at as _,
        changed_by,
        reason,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// One message to every operator that may run the application now.
async fn notify(
    connection: &mut PgConnection,
    application: &Application,
    new_price: Fen,
    now: UtcTime,
) -> sqlx::Result<usize> {
    let operators = sqlx::query_scalar!(
        r#"SELECT g.operator_id AS "operator_id: OperatorId" FROM grants g JOIN operators o ON o.id = g.operator_id
         WHERE g.app_id = $1 AND g.is_current AND g.revoked_at IS NULL
           AND (g.expires_at IS NULL OR g.expires_at > $2) AND o.deactivated_at IS NULL"#,
        application.id.uuid(),
        now as _,
    )
    .fetch_all(&mut *connection)
    .await?;
    let message = NewMessage {
        kind: MessageKind::PriceChange,
        title: format!("应用价格调整：{}", application.name),
        content: format!(
            "应用“{}”的单价由每人 {} 元调整为每人 {} 元，自下一次授权起生效。",
            application.name, application.unit_price, new_price
        ),
        announcement_id: None,
    };
    messages::send(connection, &operators, &message, now).await?;
    Ok(operators.len())
}
