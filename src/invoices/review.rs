//! Finance approves an invoice or rejects it.

use jiff::tz::TimeZone;
use money::Fen;
use sqlx::PgConnection;

use super::available::available_amount;
use super::{Invoice, changed, invoiceable, number};
use crate::clock::UtcTime;
use crate::ids::{InvoiceId, OperatorId};
use crate::ledger::{self, Account};
use crate::problem::{ErrorCode, Problem};
use crate::review::{ReviewStatus, SYSTEM, expect_one, refused, tell};

/// Gives the invoice its number.
///
/// # Errors
/// `INVOICE_NOT_FOUND`; `INVALID_PARAMS` when it was decided before, and with `available_amount` when refunds that were
/// approved meanwhile leave less than the invoices that were asked for; the database's.
pub async fn approve(
    connection: &mut PgConnection,
    timezone: &TimeZone,
    invoice_id: InvoiceId,
    note: Option<&str>,
    by: &str,
    now: UtcTime,
) -> Result<Invoice, Problem> {
    let (account, amount) = lock_pending(connection, invoice_id).await?;
    require_within_limit(connection, &account, amount).await?;
    let number = number::take(connection, timezone, now).await?;
    let updated = sqlx::query!(
        "UPDATE invoices SET status = 'approved', invoice_number = $3, note = $4, reviewed_by = $5, reviewed_at = $6
         WHERE operator_id = $1 AND id = $2 AND status = 'pending'",
        account.operator_id.uuid(),
        invoice_id.uuid(),
        number,
        note,
        by,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    expect_one(&updated)?;
    let content = format!("您申请的发票（{amount} 元）已开具，号码 {number}，可在发票管理中下载。");
    tell(connection, account.operator_id, "发票申请已通过", content, now).await?;
    changed(connection, invoice_id).await
}

/// Sets its amount free again.
///
/// # Errors
/// `INVOICE_NOT_FOUND`; `INVALID_PARAMS` when it was decided before; the database's.
pub async fn reject(
    connection: &mut PgConnection,
    invoice_id: InvoiceId,
    reason: &str,
    by: &str,
    now: UtcTime,
) -> Result<Invoice, Problem> {
    let (account, amount) = lock_pending(connection, invoice_id).await?;
    let updated = sqlx::query!(
        "UPDATE invoices SET status = 'rejected', reject_reason = $3, reviewed_by = $4, reviewed_at = $5
         WHERE operator_id = $1 AND id = $2 AND status = 'pending'",
        account.operator_id.uuid(),
        invoice_id.uuid(),
        reason,
        by,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    expect_one(&updated)?;
    let content = format!("您申请的发票（{amount} 元）未通过，原因：{reason}");
    tell(connection, account.operator_id, "发票申请未通过", content, now).await?;
    changed(connection, invoice_id).await
}

/// Rejects what waits of an operator whose account is being closed. The caller holds the account's lock.
///
/// # Errors
/// The database's.
pub async fn reject_pending(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    reason: &str,
    now: UtcTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE invoices SET status = 'rejected', reject_reason = $2, reviewed_by = $3, reviewed_at = $4
         WHERE operator_id = $1 AND status = 'pending'",
        operator_id.uuid(),
        reason,
        SYSTEM,
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Locks the account, then the invoice, which must be pending, and says its amount.
async fn lock_pending(
    connection: &mut PgConnection,
    invoice_id: InvoiceId,
) -> Result<(Account, Fen), Problem> {
    let operator_id = sqlx::query_scalar!(
        r#"SELECT operator_id AS "operator_id: OperatorId" FROM invoices WHERE id = $1"#,
        invoice_id.uuid(),
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(ErrorCode::InvoiceNotFound)?;
    let account = ledger::lock_account(connection, operator_id).await?;
    let account = account.ok_or_else(|| Problem::internal("the invoice's operator has no account"))?;
    let invoice = sqlx::query!(
        r#"SELECT status AS "status: ReviewStatus", amount_fen AS "amount: Fen"
           FROM invoices WHERE operator_id = $1 AND id = $2 FOR UPDATE"#,
        operator_id.uuid(),
        invoice_id.uuid(),
    )
    .fetch_one(connection)
    .await?;
    invoice.status.require_pending()?;
    Ok((account, invoice.amount))
}

/// The request kept within the limit when it was made; a refund may have lowered the limit since.
async fn require_within_limit(
    connection: &mut PgConnection,
    account: &Account,
    amount: Fen,
) -> Result<(), Problem> {
    let invoiceable = invoiceable(connection, account).await?;
    if invoiceable.is_kept() {
        return Ok(());
    }
    let available = invoiceable.without(amount)?.available()?;
    let problem = refused(
        "待审核与已开具的发票合计已超过充值减退款的金额，请先驳回部分申请",
        "Pending and approved invoices are above top-ups minus refunds; reject some of them first",
    );
    Err(problem.with_details(available_amount(available)))
}
