//! The one door for what a provider says of an order, whoever heard it: notification, question or bill.
//!
//! Under the locks of account and order, in this order, so that words that come at the same moment come one after the
//! other. What is credited is decided by [`judge`](super::judge); that it is credited once is also a unique index of the
//! ledger. A provider may say the same as often as it likes.

use base::clock::UtcTime;
use base::ids::OrderId;
use base::problem::Problem;
use books::gate::AccountState;
use platform::db::expect_one;
use sqlx::PgConnection;

use super::incidents::{self, IncidentKind, Source, Told};
use super::judge::{OrderSnapshot, Verdict, ending, judge};
use super::order::{self, Locked, OrderStatus};
use super::providers::{OrderState, Payment, PaymentMethod};
use super::timetable::may_have_expired;
use super::{alert, credit};

/// What a provider says of an order, and how we know.
#[derive(Clone, Copy, Debug)]
pub struct ProviderReport<'a> {
    pub order_id: OrderId,
    pub payment_method: PaymentMethod,
    pub state: &'a OrderState,
    pub source: Source,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The money is on the balance.
    Credited { is_late: bool },
    /// Known already.
    Repeated,
    /// The payment of an order that finance had credited by hand.
    Attributed,
    /// Not credited, and finance is told.
    Suspicious(IncidentKind),
    /// The order ended without payment.
    Ended(OrderStatus),
    /// Nothing changed.
    Nothing,
}

/// Acts upon a provider's word in the caller's transaction. `alert_email` hears of what somebody has to look at.
///
/// # Errors
/// The database's.
pub async fn settle(
    connection: &mut PgConnection,
    word: ProviderReport<'_>,
    alert_email: &str,
    now: UtcTime,
) -> Result<Settled, Problem> {
    let locked = order::lock(connection, word.order_id).await?;
    let locked = locked.filter(|locked| locked.payment_method == word.payment_method);
    match (locked, word.state) {
        (Some(order), OrderState::Paid(payment)) => {
            pay(connection, order, told(word, payment), alert_email, now).await
        }
        (None, OrderState::Paid(payment)) => {
            let told = told(word, payment);
            suspect(connection, IncidentKind::UnknownOrder, told, None, alert_email, now).await
        }
        (Some(order), state) => end(connection, &order, state, now).await,
        (None, _) => Ok(Settled::Nothing),
    }
}

fn told<'a>(word: ProviderReport<'_>, payment: &'a Payment) -> Told<'a> {
    Told { order_id: word.order_id, payment_method: word.payment_method, payment, source: word.source }
}

async fn pay(
    connection: &mut PgConnection,
    mut order: Locked,
    told: Told<'_>,
    alert_email: &str,
    now: UtcTime,
) -> Result<Settled, Problem> {
    let standing = OrderSnapshot {
        status: order.status,
        amount: order.amount,
        expires_at: order.expires_at,
        transaction_id: order.transaction_id.as_deref(),
        resolved_outcome: order.resolved_outcome,
        is_of_other_order: is_of_other_order(connection, told).await?,
    };
    match judge(standing, told.payment) {
        Verdict::Credit { is_late } => {
            credit::by_payment(connection, &mut order, told.payment, is_late, now).await?;
            if order.operator_state == AccountState::Deactivated {
                let operator_id = order.account.operator_id;
                alert::departed(connection, alert_email, operator_id, told, now).await?;
            }
            Ok(Settled::Credited { is_late })
        }
        Verdict::CreditAgainstDecision => {
            credit::by_payment(connection, &mut order, told.payment, true, now).await?;
            let (kind, operator_id) = (IncidentKind::PaidAfterResolvedFailed, order.account.operator_id);
            if incidents::note(connection, kind, told, Some(operator_id), now).await? {
                alert::incident(connection, alert_email, kind, told, now).await?;
            }
            Ok(Settled::Credited { is_late: true })
        }
        Verdict::Repeat => Ok(Settled::Repeated),
        Verdict::Attribute => {
            credit::attribute(connection, &order, told.payment, now).await?;
            Ok(Settled::Attributed)
        }
        Verdict::Suspect(kind) => suspect(connection, kind, told, Some(&order), alert_email, now).await,
    }
}

async fn is_of_other_order(connection: &mut PgConnection, told: Told<'_>) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM recharge_orders
                          WHERE payment_method = $1 AND provider_transaction_id = $2 AND id <> $3) AS "exists!""#,
        told.payment_method.into_str(),
        told.payment.transaction_id,
        told.order_id.uuid(),
    )
    .fetch_one(connection)
    .await
}

/// Notes a payment that is not credited. An order that is not credited either becomes abnormal: there is money for it, and
/// it is the wrong one. The same word again changes nothing, also when finance has decided meanwhile.
async fn suspect(
    connection: &mut PgConnection,
    kind: IncidentKind,
    told: Told<'_>,
    order: Option<&Locked>,
    alert_email: &str,
    now: UtcTime,
) -> Result<Settled, Problem> {
    let operator_id = order.map(|order| order.account.operator_id);
    if !incidents::note(connection, kind, told, operator_id, now).await? {
        return Ok(Settled::Repeated);
    }
    tracing::error!(order_id = %told.order_id, kind = kind.into_str(), "a payment was not credited");
    alert::incident(connection, alert_email, kind, told, now).await?;
    if let Some(order) = order.filter(|order| order.status != OrderStatus::Success) {
        set_status(connection, order, OrderStatus::Abnormal, now).await?;
    }
    Ok(Settled::Suspicious(kind))
}

async fn end(
    connection: &mut PgConnection,
    order: &Locked,
    state: &OrderState,
    now: UtcTime,
) -> Result<Settled, Problem> {
    match ending(order.status, may_have_expired(order.expires_at, now), state) {
        Some(status) => {
            set_status(connection, order, status, now).await?;
            Ok(Settled::Ended(status))
        }
        None => Ok(Settled::Nothing),
    }
}

/// Another status, and nothing more to ask the provider.
async fn set_status(
    connection: &mut PgConnection,
    order: &Locked,
    status: OrderStatus,
    now: UtcTime,
) -> Result<(), Problem> {
    let updated = sqlx::query!(
        "UPDATE recharge_orders SET status = $3, next_query_at = NULL, updated_at = $4
         WHERE operator_id = $1 AND id = $2",
        order.account.operator_id.uuid(),
        order.id.uuid(),
        status as _,
        now as _,
    )
    .execute(connection)
    .await?;
    expect_one(&updated)
}
