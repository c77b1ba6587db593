//! Finance approves an invoice or rejects it.

use base::clock::UtcTime;
use base::ids::{InvoiceId, OperatorId};
use base::problem::{ErrorCode, Problem};
use books::ledger::{self, Account};
use money::Fen;
use platform::db::expect_one;
use platform::email::{self, Attachment};
use platform::messages::tell;
use platform::settings::Settings;
use sqlx::PgConnection;

use super::available::available_amount;
use super::document::{Contents, DocumentIssuer};
use super::{Invoice, changed, invoiceable, number};
use crate::review::{ReviewStatus, SYSTEM};

/// Who approves, and what for colleagues.
#[derive(Clone, Copy, Debug)]
pub struct Approval<'a> {
    pub note: Option<&'a str>,
    /// The reviewer's username.
    pub by: &'a str,
    /// The reviewer's name, which the document shows.
    pub drawer: &'a str,
}

/// Gives the invoice its number and its document.
///
/// The document is made in the transaction that gives the number, so that an approved invoice always has both, as its
/// issuer was at that moment, and an invoice that cannot be printed takes no number. Other approvals wait meanwhile:
/// they are made by people, one at a time.
///
/// # Errors
/// `INVOICE_NOT_FOUND`; `INVALID_PARAMS` when it was decided before or cannot be printed, and with `available_amount`
/// when refunds that were approved meanwhile leave less than the invoices that were asked for; the database's.
pub async fn approve(
    connection: &mut PgConnection,
    issuer: &dyn DocumentIssuer,
    settings: &Settings,
    invoice_id: InvoiceId,
    approval: Approval<'_>,
    now: UtcTime,
) -> Result<Invoice, Problem> {
    let (account, pending) = lock_pending(connection, invoice_id).await?;
    require_within_limit(connection, &account, pending.amount).await?;
    let issued_on = now.timestamp().to_zoned(settings.business_timezone.clone()).date();
    let number = number::take(connection, issued_on).await?;
    let contents = Contents {
        number: &number,
        issued_on,
        title: &pending.title,
        tax_id: &pending.tax_id,
        amount: pending.amount,
        drawer: approval.drawer,
    };
    let pdf = issuer.issue(settings, contents).await?;
    let updated = sqlx::query!(
        "UPDATE invoices SET status = 'approved', invoice_number = $3, pdf = $4, note = $5, reviewed_by = $6,
             reviewed_at = $7
         WHERE operator_id = $1 AND id = $2 AND status = 'pending'",
        account.operator_id.uuid(),
        invoice_id.uuid(),
        number,
        pdf,
        approval.note,
        approval.by,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    expect_one(&updated)?;
    let content = format!("您申请的发票（{} 元）已开具，号码 {number}，可在发票管理中下载。", pending.amount);
    tell(connection, account.operator_id, "发票申请已通过", content, now).await?;
    if let Some(recipient) = &pending.email {
        send(connection, recipient, &contents, &pdf, now).await?;
    }
    changed(connection, invoice_id).await
}

/// Sends the document to the address that was named with the request.
async fn send(
    connection: &mut PgConnection,
    recipient: &str,
    contents: &Contents<'_>,
    pdf: &[u8],
    now: UtcTime,
) -> sqlx::Result<()> {
    let Contents { number, title, amount, .. } = contents;
    let subject = format!("电子收款凭证 {number}");
    let body = format!("您好：\n\n附件是开给{title}的电子收款凭证，号码 {number}，金额 {amount} 元。\n");
    let file_name = format!("{number}.pdf");
    let attachment = Attachment { file_name: &file_name, media_type: "application/pdf", content: pdf };
    email::enqueue_with_attachment(connection, recipient, &subject, &body, attachment, now).await
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
    let (account, pending) = lock_pending(connection, invoice_id).await?;
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
    let content = format!("您申请的发票（{} 元）未通过，原因：{reason}", pending.amount);
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

/// What was asked for.
struct Pending {
    status: ReviewStatus,
    amount: Fen,
    title: String,
    tax_id: String,
    email: Option<String>,
}

/// Locks the account, then the invoice, which must be pending.
async fn lock_pending(
    connection: &mut PgConnection,
    invoice_id: InvoiceId,
) -> Result<(Account, Pending), Problem> {
    let operator_id = sqlx::query_scalar!(
        r#"SELECT operator_id AS "operator_id: OperatorId" FROM invoices WHERE id = $1"#,
        invoice_id.uuid(),
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(ErrorCode::InvoiceNotFound)?;
    let account = ledger::lock_account(connection, operator_id).await?;
    let account = account.ok_or_else(|| Problem::internal("the invoice's operator has no account"))?;
    let pending = sqlx::query_as!(
        Pending,
        r#"SELECT status AS "status: ReviewStatus", amount_fen AS "amount: Fen", invoice_title AS title, tax_id, email
           FROM invoices WHERE operator_id = $1 AND id = $2 FOR UPDATE"#,
        operator_id.uuid(),
        invoice_id.uuid(),
    )
    .fetch_one(connection)
    .await?;
    pending.status.require_pending()?;
    Ok((account, pending))
}

/// The request kept within the limit when it was made; a refund may have lowered the limit since.
async fn require_within_limit(
    connection: &mut PgConnection,
    account: &Account,
    amount: Fen,
) -> Result<(), Problem> {
    let invoiceable = invoiceable(connection, account.operator_id).await?;
    if invoiceable.is_kept() {
        return Ok(());
    }
    let available = invoiceable.without(amount)?.available()?;
    let problem = Problem::not_allowed(
        "待审核与已开具的发票合计已超过充值减退款的金额，请先驳回部分申请",
        "Pending and approved invoices are above top-ups minus refunds; reject some of them first",
    );
    Err(problem.with_details(available_amount(available)))
}
