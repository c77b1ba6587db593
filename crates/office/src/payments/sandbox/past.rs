//! Payments of a made-up past, told to the sandbox.

use base::clock::UtcTime;
use base::problem::Problem;
use jiff::SignedDuration;
use pay_sandbox::{PastPayment, Record};
use sqlx::PgConnection;

use super::{SERVER, channel_of, store, url};
use crate::payments::config::notify_url;
use crate::payments::create::DESCRIPTION;
use crate::payments::past::PastOrder;
use crate::payments::providers::order_number;

/// What was paid earlier than this cannot go back any more, and no bill of its day is read: the sandbox is spared it.
const MEMORY: SignedDuration = SignedDuration::from_hours(366 * 24);

/// Has the sandbox know what was paid, in the caller's transaction.
pub(in crate::payments) async fn remember(
    connection: &mut PgConnection,
    orders: &[PastOrder],
    now: UtcTime,
) -> Result<(), Problem> {
    let server = url(&format!("http://{SERVER}"))?;
    let earliest = now.plus(-MEMORY);
    let mut records = Vec::new();
    for order in orders {
        let channel = channel_of(order.payment_method);
        let notify_url = notify_url(&server, channel.name());
        records.extend(record(order, notify_url.as_str(), earliest)?);
    }
    store::add(connection, &records).await?;
    Ok(())
}

/// Nothing for what was never paid, and what was paid long ago.
fn record(order: &PastOrder, notify_url: &str, earliest: UtcTime) -> Result<Option<Record>, Problem> {
    let Some(payment) = order.payment.as_ref().filter(|payment| payment.paid_at > earliest) else {
        return Ok(None);
    };
    let payment = PastPayment {
        channel: channel_of(order.payment_method),
        out_trade_no: &order_number(order.id()),
        description: DESCRIPTION,
        amount: order.amount.get(),
        notify_url,
        code: &order.code,
        transaction_id: &payment.transaction_id,
        created: order.created_at.timestamp(),
        expires: order.expires_at.timestamp(),
        paid: payment.paid_at.timestamp(),
    };
    payment.record().map(Some).map_err(Problem::internal)
}
