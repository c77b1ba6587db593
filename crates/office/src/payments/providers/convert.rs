//! The clients' words in the platform's ids and times, and back.

use super::{
    BillRow, BillRowKind, Disbelief, NewOrder, Notification, OrderState, Payment, RefundOrder, numbers,
};
use base::clock::UtcTime;

impl NewOrder {
    pub(super) fn for_provider(&self) -> pay_protocol::NewOrder {
        pay_protocol::NewOrder {
            out_trade_no: numbers::order_number(self.id),
            amount: self.amount,
            description: self.description.clone(),
            expires_at: self.expires_at.timestamp(),
        }
    }
}

impl RefundOrder {
    /// As the provider knows it; what it tells of the refund is compared with this.
    #[must_use]
    pub fn for_provider(&self) -> pay_protocol::RefundOrder {
        pay_protocol::RefundOrder {
            out_refund_no: numbers::refund_number(self.number),
            out_trade_no: numbers::order_number(self.order_id),
            transaction_id: self.transaction_id.clone(),
            amount: self.amount,
            total: self.total,
            reason: self.reason.clone(),
            sent_before: self.sent_before,
        }
    }
}

impl From<pay_protocol::OrderState> for OrderState {
    fn from(theirs: pay_protocol::OrderState) -> Self {
        match theirs {
            pay_protocol::OrderState::Absent => OrderState::Absent,
            pay_protocol::OrderState::Open => OrderState::Open,
            pay_protocol::OrderState::Closed => OrderState::Closed,
            pay_protocol::OrderState::Failed => OrderState::Failed,
            pay_protocol::OrderState::Paid(payment) => OrderState::Paid(Payment {
                transaction_id: payment.transaction_id,
                amount: payment.amount,
                returned: payment.returned,
                paid_at: UtcTime::from_timestamp(payment.paid_at),
            }),
        }
    }
}

/// A notification about a refund of ours is that, whatever it says of the order, which was credited long ago. One about a
/// refund that somebody made elsewhere is about the order.
pub(super) fn notification(theirs: pay_protocol::Notification) -> Result<Notification, Disbelief> {
    let ours = theirs.refund.as_ref().and_then(|notice| numbers::refund_of_number(&notice.out_refund_no));
    match (ours, theirs.refund, theirs.order) {
        (Some(number), Some(notice), _) => Ok(Notification::Refund { number, notice }),
        (_, _, Some(order)) => {
            let order_id = numbers::order_of_number(&order.out_trade_no);
            let order_id = order_id.ok_or_else(|| not_ours("out_trade_no", &order.out_trade_no))?;
            Ok(Notification::Order { order_id, state: order.state.into() })
        }
        (_, Some(notice), None) => Err(not_ours("out_refund_no", &notice.out_refund_no)),
        (_, None, None) => Ok(Notification::Other),
    }
}

fn not_ours(field: &str, number: &str) -> Disbelief {
    Disbelief::NotOurs(format!("{field} {number} is none of ours"))
}

pub(super) fn row(theirs: pay_protocol::BillRow) -> BillRow {
    BillRow {
        kind: match theirs.kind {
            pay_protocol::BillRowKind::Payment => BillRowKind::Payment,
            pay_protocol::BillRowKind::Refund => BillRowKind::Refund,
            pay_protocol::BillRowKind::Revocation | pay_protocol::BillRowKind::Other(_) => BillRowKind::Other,
        },
        order_id: numbers::order_of_number(&theirs.out_trade_no),
        out_trade_no: theirs.out_trade_no,
        transaction_id: theirs.transaction_id,
        amount: theirs.amount,
        refund_number: theirs.out_refund_no.as_deref().and_then(numbers::refund_of_number),
        at: UtcTime::from_timestamp(theirs.at),
    }
}
