//! Orders of a past that is written at once, by COPY: how `coinslot seed` makes top-ups. What was paid is known to the
//! sandbox too, as if it had been paid there, so bills agree, and refunds go back to it. No provider is to be asked.

use base::clock::UtcTime;
use base::ids::{OperatorId, OrderId};
use base::problem::Problem;
use books::ledger::MovementOrder;
use jiff::SignedDuration;
use money::Fen;
use platform::db::copy::CopyRows;
use sqlx::PgConnection;

use super::order::OrderStatus;
use super::providers::PaymentMethod;
use super::{credit, sandbox};
use crate::payments::sandbox::channel_of;

/// Bytes of a row, about.
const ROW: usize = 320;
/// How long after its expiry an order that nobody paid is closed here.
const CLOSED_AFTER: SignedDuration = SignedDuration::from_secs(24);

/// An order that is over: paid, or closed because nobody paid.
#[derive(Clone, Debug)]
pub struct PastOrder {
    operator_id: OperatorId,
    id: OrderId,
    pub(super) amount: Fen,
    pub(super) payment_method: PaymentMethod,
    pub(super) code: String,
    pub(super) created_at: UtcTime,
    pub(super) expires_at: UtcTime,
    pub(super) payment: Option<PastPayment>,
}

/// What was paid, and when.
#[derive(Clone, Debug)]
pub(super) struct PastPayment {
    pub(super) transaction_id: String,
    pub(super) paid_at: UtcTime,
}

impl PastOrder {
    /// An order that can be paid for `life`, and was at `paid_at`, or never. Codes and numbers are those of the sandbox.
    #[must_use]
    pub fn new(
        operator_id: OperatorId,
        (amount, payment_method): (Fen, PaymentMethod),
        created_at: UtcTime,
        life: SignedDuration,
        paid_at: Option<UtcTime>,
    ) -> Self {
        let channel = channel_of(payment_method);
        let payment = paid_at.map(|paid_at| PastPayment {
            transaction_id: channel.new_transaction_id(paid_at.timestamp()),
            paid_at,
        });
        PastOrder {
            operator_id,
            id: OrderId::generate(created_at),
            amount,
            payment_method,
            code: channel.new_code(),
            created_at,
            expires_at: created_at.plus(life),
            payment,
        }
    }

    /// The entry of its money.
    #[must_use]
    pub fn movement(&self) -> MovementOrder {
        credit::movement(self.id, self.payment_method, self.amount)
    }

    /// When an order that nobody paid was closed.
    #[must_use]
    pub fn closed_at(&self) -> UtcTime {
        self.expires_at.plus(CLOSED_AFTER)
    }

    pub(super) const fn id(&self) -> OrderId {
        self.id
    }

    fn row(&self, rows: &mut CopyRows) {
        let (status, changed_at, last_answer) = match &self.payment {
            Some(payment) => (OrderStatus::Success, payment.paid_at, None),
            None => (OrderStatus::Closed, self.closed_at(), Some(last_answer(self.payment_method))),
        };
        rows.row(12)
            .value(self.operator_id)
            .value(self.id)
            .value(self.amount)
            .value(self.payment_method.into_str())
            .value(status.into_str())
            .value(&self.code)
            .value(self.payment.as_ref().map(|payment| payment.transaction_id.as_str()))
            .value(self.created_at)
            .value(self.expires_at)
            .value(self.payment.as_ref().map(|payment| payment.paid_at))
            .value(changed_at)
            .value(last_answer);
    }
}

/// How a provider answers the last question about an order that nobody paid: Alipay has never heard of it.
const fn last_answer(method: PaymentMethod) -> &'static str {
    match method {
        PaymentMethod::Wechat => "closed",
        PaymentMethod::Alipay => "absent",
    }
}

/// Writes orders in the caller's transaction, whose entries are written in the same. The sandbox waits from here until the
/// transaction ends, so this comes last in it.
///
/// # Errors
/// The database's.
pub async fn import_past(
    connection: &mut PgConnection,
    orders: &[PastOrder],
    now: UtcTime,
) -> Result<(), Problem> {
    if orders.is_empty() {
        return Ok(());
    }
    let mut rows = CopyRows::with_capacity(orders.len() * ROW);
    orders.iter().for_each(|order| order.row(&mut rows));
    let statement = "COPY recharge_orders (operator_id, id, amount_fen, payment_method, status, qr_code_url,
             provider_transaction_id, created_at, expires_at, paid_at, updated_at, last_answer)
         FROM STDIN (FORMAT binary)";
    rows.copy(connection, statement).await?;
    sandbox::remember(connection, orders, now).await
}
