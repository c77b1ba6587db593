//! Top-ups: orders at WeChat Pay and Alipay, and what becomes of them.
//!
//! An order is written and committed before a provider hears of it, so no payment can come that nobody knows of. What a
//! provider says of an order, by notification, by answer to a question or in a bill, goes through one door ([`settle`])
//! that credits it once. No provider is called inside a database transaction.

mod alert;
pub mod bills;
mod cashier;
pub mod config;
mod create;
mod credit;
mod expire;
mod incidents;
mod judge;
mod list;
mod notification;
mod order;
mod past;
pub mod providers;
mod reconcile;
mod resolve;
pub mod sandbox;
mod settle;
pub mod start;
mod timetable;
mod waiting;

use futures_util::future::BoxFuture;

pub use cashier::Cashier;
pub use create::{NewRecharge, Offer, give_up, keep_code, offer, open};
pub use expire::expire_once;
pub use incidents::{Incident, IncidentKind, Source, list as list_incidents};
pub use list::{Order, OrderFilter, find, list};
pub use notification::{NotificationVerdict, Received, keep, keep_sample};
pub use order::{OrderStatus, ResolvedOutcome};
pub use past::{PastOrder, import_past};
pub use reconcile::reconcile_once;
pub use resolve::resolve;
pub use settle::{ProviderReport, Settled, settle};
pub use waiting::{answer_waiting_once, ask_at_once, somebody_waits};

/// What keeps working on orders in every instance, until the tasks are dropped.
#[must_use]
pub fn clockworks(cashier: &Cashier) -> Vec<BoxFuture<'static, ()>> {
    vec![
        Box::pin(expire::keep_expiring(cashier.clone())),
        Box::pin(reconcile::keep_reconciling(cashier.clone())),
        Box::pin(waiting::keep_answering(cashier.clone())),
        Box::pin(bills::keep_reading_bills(cashier.clone())),
    ]
}
