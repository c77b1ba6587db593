//! `POST /v1/operators/me/recharge`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base::clock::UtcTime;
use base::ids::OrderId;
use base::problem::{ErrorCode, Problem, Text};
use base::validate::Fields;
use money::Fen;
use office::audit::{self, Act};
use office::payments::providers::{PaymentCode, PaymentMethod};
use office::payments::{self, NewRecharge, Offer, Order, OrderStatus};
use platform::settings::Settings;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::OperatorCaller;
use crate::http::idempotency::{Claim, Claimed, IdempotentCall, IdempotentJson};
use crate::http::rejection::Rejection;
use crate::http::unfinished::finish;

/// A top-up.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RechargeRequest {
    /// Between the settings `recharge_min` and `recharge_max`.
    amount: Fen,
    payment_method: PaymentMethod,
}

/// An order to be paid.
#[derive(Debug, Serialize, ToSchema)]
pub struct RechargeAnswer {
    order_id: OrderId,
    amount: Fen,
    payment_method: PaymentMethod,
    /// The text of the QR code that the payer scans.
    qr_code_url: String,
    /// A page where it can be paid; the real providers have none.
    payment_url: Option<String>,
    status: OrderStatus,
    expires_at: UtcTime,
}

/// Makes an order for a top-up and asks the provider for its code.
#[utoipa::path(
    post,
    path = "/v1/operators/me/recharge",
    operation_id = "create_recharge",
    tag = "operator",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    request_body = RechargeRequest,
    responses(
        (status = 201, description = "The order, to be paid", body = Data<RechargeAnswer>),
        (status = 400, description = "The amount is outside the limits, or the payment method is unknown"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`"),
        (status = 502, description = "`PAYMENT_FAILED`: the provider refused the order"),
        (status = 503, description = "`PAYMENT_UNAVAILABLE`: the provider is away, or nobody knows whether it has the \
            order. Nothing can be paid; the same request again may work"),
    )
)]
pub async fn create_recharge(
    State(app): State<App>,
    caller: OperatorCaller,
    IdempotentJson(attempt, body): IdempotentJson<RechargeRequest>,
) -> Result<Response, Rejection> {
    let new = NewRecharge {
        amount: body.amount,
        payment_method: body.payment_method,
        key: attempt.key().map(str::to_owned),
    };
    // A client that hangs up while the provider is asked must find its order under its key.
    Ok(finish(place(app, caller, attempt, new)).await?)
}

fn require_within_limits(amount: Fen, settings: &Settings) -> Result<(), Problem> {
    let (min, max) = (settings.recharge_min, settings.recharge_max);
    let text = Text::owned(format!("须在 {min} 到 {max} 元之间"), format!("must be from {min} to {max}"));
    Fields::new().check("amount", (min..=max).contains(&amount), text).finish()
}

/// The first transaction claims the key and writes the order, the last keeps what the provider said and the answer. The
/// limits are looked at behind the claim: an answer that was given is given again, whatever the limits are by now.
async fn place(
    app: App,
    caller: OperatorCaller,
    attempt: IdempotentCall,
    new: NewRecharge,
) -> Result<Response, Problem> {
    let method = new.payment_method;
    let providers = app.providers().clone();
    let provider = providers.of(method).ok_or(ErrorCode::PaymentUnavailable)?;
    let mut transaction = app.database().begin().await?;
    let claim = match attempt.claim(&app, &mut transaction, caller.signed_in.subject).await? {
        Claimed::First(claim) => claim,
        Claimed::Replay(response) => return Ok(response),
    };
    let settings = app.settings();
    require_within_limits(new.amount, &settings)?;
    let now = app.clock().now();
    let order = payments::open(&mut transaction, caller.operator_id, &new, &settings, now).await?;
    transaction.commit().await?;
    let details = json!({"amount": order.amount, "payment_method": method});
    let act = Act::new("recharge_create", details).on("order", &order.id);
    let placed = Placed { app: &app, caller: &caller, claim, order, act };
    match payments::offer(provider, &placed.order).await {
        Offer::Code(code) => placed.show(code).await,
        Offer::Refused(text) => Err(placed.fail(ErrorCode::PaymentFailed, Some(text)).await?),
        Offer::Away(text) => Err(placed.fail(ErrorCode::PaymentUnavailable, Some(text)).await?),
        Offer::Unknown(_) => Err(placed.fail(ErrorCode::PaymentUnavailable, None).await?),
    }
}

/// An order that was written, while its provider is asked.
struct Placed<'a> {
    app: &'a App,
    caller: &'a OperatorCaller,
    claim: Claim,
    order: Order,
    act: Act,
}

impl Placed<'_> {
    async fn show(self, code: PaymentCode) -> Result<Response, Problem> {
        let Placed { app, caller, claim, order, act } = self;
        let payment_url = app.providers().payment_url(order.payment_method, order.id).map(String::from);
        let now = app.clock().now();
        let mut transaction = app.database().begin().await?;
        if !payments::keep_code(&mut transaction, &order, &code, payment_url.as_deref(), now).await? {
            // It expired while its provider was asked.
            claim.release(&mut transaction).await?;
            transaction.commit().await?;
            return Err(ErrorCode::PaymentUnavailable.into());
        }
        let answer = RechargeAnswer {
            order_id: order.id,
            amount: order.amount,
            payment_method: order.payment_method,
            qr_code_url: code.0,
            payment_url,
            status: OrderStatus::Pending,
            expires_at: order.expires_at,
        };
        let response = claim.answer(app, &mut transaction, StatusCode::CREATED, answer).await?;
        audit::succeeded(&mut transaction, &caller.signed_in.actor(), &act, now).await?;
        transaction.commit().await?;
        Ok(response)
    }

    /// Lets go of the key, so that the same request may try again. `given_up`, the provider's words: the order failed.
    /// Without, it stays pending, and the same request takes it up again.
    async fn fail(self, code: ErrorCode, given_up: Option<String>) -> Result<Problem, Problem> {
        let Placed { app, caller, claim, order, act } = self;
        let mut transaction = app.database().begin().await?;
        let status = match given_up {
            Some(text) => {
                payments::give_up(&mut transaction, &order, &text, app.clock().now()).await?;
                OrderStatus::Failed
            }
            None => OrderStatus::Pending,
        };
        claim.release(&mut transaction).await?;
        transaction.commit().await?;
        let problem = Problem::new(code).with_details(json!({"order_id": order.id, "status": status}));
        audit::refused(app.database(), &caller.signed_in.actor(), &act, &problem, app.clock().now()).await?;
        Ok(problem)
    }
}
