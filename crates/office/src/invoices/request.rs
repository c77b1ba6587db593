//! An operator asks for an invoice.

use base::clock::UtcTime;
use base::ids::{InvoiceId, OperatorId};
use base::problem::{Problem, Text};
use money::Fen;
use sqlx::PgConnection;

use super::available::available_amount;
use super::{Invoice, changed, invoiceable};
use crate::operators;

/// What an invoice is asked for.
#[derive(Clone, Debug)]
pub struct NewInvoice {
    pub amount: Fen,
    pub title: String,
    pub tax_id: String,
    pub email: Option<String>,
}

/// Reserves the amount until finance decides.
///
/// # Errors
/// `INVALID_PARAMS` with `available_amount` above what may be invoiced; `ACCOUNT_LOCKED`, `ACCOUNT_DEACTIVATED` when that
/// came first; the database's.
pub async fn request(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    new: &NewInvoice,
    now: UtcTime,
) -> Result<Invoice, Problem> {
    let account = operators::lock_active_account(connection, operator_id).await?;
    let available = invoiceable(connection, account.operator_id).await?.available()?;
    if new.amount > available {
        let text = Text::owned(
            format!("超过可开票金额 {available} 元"),
            format!("must not be above the invoiceable amount of {available}"),
        );
        return Err(Problem::invalid_field("amount", text).with_details(available_amount(available)));
    }
    let id = InvoiceId::generate(now);
    sqlx::query!(
        "INSERT INTO invoices (operator_id, id, amount_fen, invoice_title, tax_id, email, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        operator_id.uuid(),
        id.uuid(),
        new.amount.get(),
        new.title,
        new.tax_id,
        new.email,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    changed(connection, id).await
}
