//! Ledger entries and the hash that chains them.

use std::net::IpAddr;

use base::canonical::Encoder;
use base::clock::UtcTime;
use base::ids::{AppId, OperatorId, OrderId, RefundId, SiteId, TransactionId, UsageId};
use base::payment_method::PaymentMethod;
use money::Fen;
use uuid::Uuid;

/// The named accounts money moves between. Every operator has a balance of its own; the others are the platform's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum BookAccount {
    /// What the platform owes the operator.
    OperatorBalance,
    /// Reserved for running games; nothing posts to it yet.
    OperatorHeld,
    /// Earned by authorizations.
    Revenue,
    /// Received through WeChat Pay.
    ClearingWechat,
    /// Received through Alipay.
    ClearingAlipay,
    /// Paid out by hand.
    ClearingManual,
    /// Approved refunds that have not been paid out.
    RefundPayable,
    /// Corrections and opening balances by staff.
    Adjustments,
}

impl BookAccount {
    pub const ALL: [BookAccount; 8] = [
        Self::OperatorBalance,
        Self::OperatorHeld,
        Self::Revenue,
        Self::ClearingWechat,
        Self::ClearingAlipay,
        Self::ClearingManual,
        Self::RefundPayable,
        Self::Adjustments,
    ];

    /// The account that money of this method comes in on and goes out of.
    #[must_use]
    pub const fn clearing(method: PaymentMethod) -> Self {
        match method {
            PaymentMethod::Wechat => Self::ClearingWechat,
            PaymentMethod::Alipay => Self::ClearingAlipay,
        }
    }
}

/// Why money moved, other than by a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum MovementKind {
    Recharge,
    Refund,
    Adjustment,
    Payout,
}

impl MovementKind {
    /// Reads the database's text.
    #[must_use]
    pub fn parse(text: Option<&str>) -> Option<Self> {
        text?.parse().ok()
    }
}

/// A game to be charged; everything about it but its place in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeOrder {
    pub session_ms: i64,
    pub session_nonce: String,
    pub site_id: SiteId,
    pub app_id: AppId,
    pub app_name: String,
    pub player_count: i32,
    pub unit_price: Fen,
    pub total: Fen,
    pub client_ip: Option<IpAddr>,
}

/// A game that was charged: usage record and ledger entry in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    pub operator_id: OperatorId,
    pub id: UsageId,
    pub seq: i64,
    pub order: ChargeOrder,
    pub balance_before: Fen,
    pub balance_after: Fen,
    pub authorized_at: UtcTime,
    pub authorization_token: Uuid,
    pub entry_hash: [u8; 32],
}

/// Why money moves. Kind, accounts and what the entry names follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MovementCause {
    /// An order was paid.
    Recharge { method: PaymentMethod, order_id: OrderId },
    /// A refund was approved: from now on it is owed.
    Refund { refund_id: RefundId },
    /// Part of a refund went back to the order it was paid by.
    Payout { method: PaymentMethod, order_id: OrderId, refund_id: RefundId },
    /// Part of a refund was paid by hand.
    PayoutByHand { refund_id: RefundId },
    /// A correction in the operator's favour.
    CreditAdjustment,
    /// A correction at the operator's expense.
    DebitAdjustment,
}

impl MovementCause {
    #[must_use]
    pub const fn kind(self) -> MovementKind {
        match self {
            Self::Recharge { .. } => MovementKind::Recharge,
            Self::Refund { .. } => MovementKind::Refund,
            Self::Payout { .. } | Self::PayoutByHand { .. } => MovementKind::Payout,
            Self::CreditAdjustment | Self::DebitAdjustment => MovementKind::Adjustment,
        }
    }

    /// The account that gives.
    #[must_use]
    pub const fn debit(self) -> BookAccount {
        match self {
            Self::Recharge { method, .. } => BookAccount::clearing(method),
            Self::Refund { .. } | Self::DebitAdjustment => BookAccount::OperatorBalance,
            Self::Payout { .. } | Self::PayoutByHand { .. } => BookAccount::RefundPayable,
            Self::CreditAdjustment => BookAccount::Adjustments,
        }
    }

    /// The account that receives.
    #[must_use]
    pub const fn credit(self) -> BookAccount {
        match self {
            Self::Recharge { .. } | Self::CreditAdjustment => BookAccount::OperatorBalance,
            Self::Refund { .. } => BookAccount::RefundPayable,
            Self::Payout { method, .. } => BookAccount::clearing(method),
            Self::PayoutByHand { .. } => BookAccount::ClearingManual,
            Self::DebitAdjustment => BookAccount::Adjustments,
        }
    }

    /// As the entry names the way that money took from or to the outside.
    #[must_use]
    pub const fn payment_method(self) -> Option<&'static str> {
        match self {
            Self::Recharge { method, .. } | Self::Payout { method, .. } => Some(method.into_str()),
            Self::PayoutByHand { .. } => Some("manual"),
            Self::Refund { .. } | Self::CreditAdjustment | Self::DebitAdjustment => None,
        }
    }

    #[must_use]
    pub const fn order_id(self) -> Option<OrderId> {
        match self {
            Self::Recharge { order_id, .. } | Self::Payout { order_id, .. } => Some(order_id),
            _ => None,
        }
    }

    #[must_use]
    pub const fn refund_id(self) -> Option<RefundId> {
        match self {
            Self::Refund { refund_id }
            | Self::Payout { refund_id, .. }
            | Self::PayoutByHand { refund_id } => Some(refund_id),
            Self::Recharge { .. } | Self::CreditAdjustment | Self::DebitAdjustment => None,
        }
    }
}

/// A movement to be posted; everything about it but its place in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovementOrder {
    pub cause: MovementCause,
    pub amount: Fen,
    pub reason: Option<String>,
    pub created_by: Option<String>,
}

impl MovementOrder {
    /// A movement that nobody has to explain.
    #[must_use]
    pub const fn new(cause: MovementCause, amount: Fen) -> Self {
        MovementOrder { cause, amount, reason: None, created_by: None }
    }
}

/// A posted movement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    pub operator_id: OperatorId,
    pub id: TransactionId,
    pub seq: i64,
    pub order: MovementOrder,
    pub balance_before: Fen,
    pub balance_after: Fen,
    pub occurred_at: UtcTime,
    pub entry_hash: [u8; 32],
}

/// The hash before an operator's first entry.
#[must_use]
pub fn genesis_hash(operator_id: OperatorId) -> [u8; 32] {
    Encoder::default().uuid(operator_id.uuid()).sha256()
}

/// SHA-256 over the previous hash and every stored field of the charge.
#[must_use]
pub(super) fn charge_hash(previous: &[u8; 32], charge: &Charge) -> [u8; 32] {
    let order = &charge.order;
    let mut bytes = Encoder::starting_with(previous);
    bytes
        .text("charge")
        .uuid(charge.operator_id.uuid())
        .uuid(charge.id.uuid())
        .integer(charge.seq)
        .integer(order.session_ms)
        .text(&order.session_nonce)
        .uuid(order.site_id.uuid())
        .uuid(order.app_id.uuid())
        .text(&order.app_name)
        .integer(order.player_count.into())
        .integer(order.unit_price.get())
        .integer(order.total.get())
        .integer(charge.balance_before.get())
        .integer(charge.balance_after.get())
        .integer(charge.authorized_at.as_millis())
        .uuid(charge.authorization_token)
        .optional_text(order.client_ip.map(|ip| ip.to_string()).as_deref());
    bytes.sha256()
}

/// SHA-256 over the previous hash and every stored field of the movement.
#[must_use]
pub(super) fn movement_hash(previous: &[u8; 32], movement: &Movement) -> [u8; 32] {
    let order = &movement.order;
    let mut bytes = Encoder::starting_with(previous);
    bytes
        .text("movement")
        .uuid(movement.operator_id.uuid())
        .uuid(movement.id.uuid())
        .integer(movement.seq)
        .text(order.cause.kind().into_str())
        .text(order.cause.debit().into_str())
        .text(order.cause.credit().into_str())
        .integer(order.amount.get())
        .integer(movement.balance_before.get())
        .integer(movement.balance_after.get())
        .integer(movement.occurred_at.as_millis())
        .optional_text(order.cause.payment_method())
        .optional_uuid(order.cause.order_id().map(base::ids::Id::uuid))
        .optional_uuid(order.cause.refund_id().map(base::ids::Id::uuid))
        .optional_text(order.reason.as_deref())
        .optional_text(order.created_by.as_deref());
    bytes.sha256()
}
