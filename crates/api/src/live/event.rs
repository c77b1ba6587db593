//! The events of a stream, as clients read them.

use base::ids::{AppRequestId, InvoiceId, OrderId, RefundId};
use money::Fen;
use serde::Serialize;
use utoipa::ToSchema;

/// An event: its type is the `event` field of the stream, its data the JSON in the `data` field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "event", content = "data", rename_all = "snake_case")]
pub enum LiveEvent {
    /// News may have been lost: whatever is shown must be read again.
    Refresh(NothingTold),
    Balance(BalanceTold),
    Message(MessagesTold),
    Order(OrderTold),
    Refund(RefundTold),
    Invoice(InvoiceTold),
    AppRequest(AppRequestTold),
    /// Figures of the caller's own dashboard changed. They are not told: read them again.
    Dashboard(NothingTold),
}

/// An event that says all by its type: `{}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct NothingTold {}

/// The operator's balance now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BalanceTold {
    pub balance: Fen,
}

/// How many of the operator's messages are unread now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessagesTold {
    pub unread_count: i64,
}

/// A top-up order that is new or has another status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrderTold {
    pub order_id: OrderId,
    /// As in the list of top-ups.
    pub status: String,
}

/// A refund that is new or has another status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RefundTold {
    pub refund_id: RefundId,
    /// As in the list of refunds.
    pub status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout_status: Option<String>,
}

/// An invoice that is new or has another status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct InvoiceTold {
    pub invoice_id: InvoiceId,
    /// As in the list of invoices.
    pub status: String,
}

/// A request for an application that is new or has another status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AppRequestTold {
    pub request_id: AppRequestId,
    /// As in the list of requests.
    pub status: String,
}
