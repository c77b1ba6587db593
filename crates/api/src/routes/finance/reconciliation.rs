use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use base::clock::UtcTime;
use base::ids::{DifferenceId, OrderId};
use base::paging::PageRequest;
use base::problem::{ErrorCode, Problem, Text};
use base::validate::{self, Fields, NO_DATE};
use jiff::civil::Date;
use money::Fen;
use office::audit::{self, Act};
use office::payments::bills::{self, Difference, DifferenceKind, Run, RunStatus, Subject};
use office::payments::providers::PaymentMethod;
use platform::security::roles::CanResolveRecharge;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::FinanceCaller;
use crate::http::extract::ApiJson;
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;
use crate::http::unfinished::finish;

/// The bill of a day, and what came of holding it against our orders.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BillRunItem {
    /// A day of the provider (Beijing).
    date: String,
    payment_method: PaymentMethod,
    status: RunStatus,
    /// Our credited orders that were paid on that day.
    ours_count: i64,
    ours_amount: Fen,
    /// The payments of the bill.
    theirs_count: i64,
    theirs_amount: Fen,
    /// The refunds of the bill.
    refunds_count: i64,
    refunds_amount: Fen,
    differences_count: i64,
    /// Why the bill could not be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    run_by: String,
    started_at: UtcTime,
    finished_at: Option<UtcTime>,
}

impl From<Run> for BillRunItem {
    fn from(run: Run) -> Self {
        BillRunItem {
            date: run.date,
            payment_method: run.payment_method,
            status: run.status,
            ours_count: run.ours_count,
            ours_amount: run.ours,
            theirs_count: run.theirs_count,
            theirs_amount: run.theirs,
            refunds_count: run.refunds_count,
            refunds_amount: run.refunds,
            differences_count: run.differences_count,
            error: run.error,
            run_by: run.run_by,
            started_at: run.started_at,
            finished_at: run.finished_at,
        }
    }
}

/// A difference between a bill and our books.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DifferenceItem {
    difference_id: DifferenceId,
    kind: DifferenceKind,
    subject: Subject,
    /// Absent when the number is none of ours.
    order_id: Option<OrderId>,
    /// The number of the order at the provider.
    out_trade_no: String,
    provider_transaction_id: Option<String>,
    refund_number: Option<Uuid>,
    our_amount: Option<Fen>,
    their_amount: Option<Fen>,
    /// The payment was credited because it stood in the bill.
    is_credited: bool,
}

impl From<Difference> for DifferenceItem {
    fn from(difference: Difference) -> Self {
        DifferenceItem {
            difference_id: difference.id,
            kind: difference.kind,
            subject: difference.subject,
            order_id: difference.order_id,
            out_trade_no: difference.out_trade_no,
            provider_transaction_id: difference.transaction_id,
            refund_number: difference.refund_number,
            our_amount: difference.ours,
            their_amount: difference.theirs,
            is_credited: difference.is_credited,
        }
    }
}

/// Which bill is to be read.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct RunRequest {
    /// A day of the provider (Beijing) that is over: `YYYY-MM-DD`.
    #[schema(format = Date)]
    date: String,
    payment_method: PaymentMethod,
}

/// A day and a payment method in the path; what is neither cannot exist.
#[derive(Debug)]
pub(crate) struct PathBill(Date, PaymentMethod);

impl FromRequestParts<App> for PathBill {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let path = Path::<(String, String)>::from_request_parts(parts, app).await;
        let Path((date, method)) = path.map_err(|_| ErrorCode::ResourceNotFound)?;
        let date = validate::date(&date).ok_or(ErrorCode::ResourceNotFound)?;
        let method = PaymentMethod::ALL.into_iter().find(|known| known.into_str() == method);
        Ok(PathBill(date, method.ok_or(ErrorCode::ResourceNotFound)?))
    }
}

/// List the providers' daily bills that were read, the latest day first.
#[utoipa::path(
    get, path = "/v1/finance/reconciliation", operation_id = "list_reconciliations", tag = "finance",
    security(("bearer" = [])),
    params(PageParams),
    responses(
        (status = 200, body = Page<BillRunItem>, description = "One page of bills."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not finance staff."),
    ),
)]
pub(crate) async fn list_reconciliations(
    State(app): State<App>,
    _caller: FinanceCaller,
    page: PageRequest,
) -> Result<Json<Page<BillRunItem>>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let (total, runs) = bills::list(&mut connection, page).await?;
    Ok(Json(Page::new(page, total, runs.into_iter().map(Into::into).collect())))
}

/// What does not agree in the bill of a day.
#[utoipa::path(
    get, path = "/v1/finance/reconciliation/{date}/{payment_method}", operation_id = "list_reconciliation_differences",
    tag = "finance",
    security(("bearer" = [])),
    params(
        ("date" = String, Path, description = "A day of the provider: `YYYY-MM-DD`."),
        ("payment_method" = PaymentMethod, Path, description = "Whose bill."),
        PageParams,
    ),
    responses(
        (status = 200, body = Page<DifferenceItem>, description = "One page of differences."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not finance staff."),
        (status = 404, description = "`RESOURCE_NOT_FOUND`: the bill was not read."),
    ),
)]
pub(crate) async fn list_reconciliation_differences(
    State(app): State<App>,
    _caller: FinanceCaller,
    PathBill(date, method): PathBill,
    page: PageRequest,
) -> Result<Json<Page<DifferenceItem>>, Rejection> {
    let mut connection = app.database().acquire().await?;
    bills::find(&mut connection, date, method).await?.ok_or(ErrorCode::ResourceNotFound)?;
    let (total, found) = bills::differences(&mut connection, date, method, page).await?;
    Ok(Json(Page::new(page, total, found.into_iter().map(Into::into).collect())))
}

/// Read a bill now. What was paid and not credited is credited.
#[utoipa::path(
    post, path = "/v1/finance/reconciliation/run", operation_id = "run_reconciliation", tag = "finance",
    security(("bearer" = [])),
    request_body = RunRequest,
    responses(
        (status = 200, body = Data<BillRunItem>, description = "What came of it; `status` says whether there was a bill."),
        (status = 400, description = "The day is not over yet, or the bill is being read."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_resolve_recharge`."),
        (status = 503, description = "`PAYMENT_UNAVAILABLE`: the provider is not configured."),
    ),
)]
pub(crate) async fn run_reconciliation(
    State(app): State<App>,
    caller: FinanceCaller<CanResolveRecharge>,
    ApiJson(body): ApiJson<RunRequest>,
) -> Result<Data<BillRunItem>, Rejection> {
    let day = validate::date(&body.date).ok_or_else(|| Problem::invalid_field("date", NO_DATE))?;
    let is_over = day < bills::today(app.clock().now());
    let text = Text::new("须为已结束的日期", "must be a day that is over");
    Fields::new().check("date", is_over, text).finish()?;
    // Whoever hangs up while the bill is fetched must not leave it in hand until the lease ends.
    Ok(finish(read_bill(app, caller, body.payment_method, day)).await?)
}

async fn read_bill(
    app: App,
    caller: FinanceCaller<CanResolveRecharge>,
    payment_method: PaymentMethod,
    day: Date,
) -> Result<Data<BillRunItem>, Problem> {
    let details = json!({"date": day, "payment_method": payment_method});
    let mut act = Act::new("reconciliation_run", details);
    let (actor, by) = (caller.signed_in.actor(), &caller.signed_in.username);
    // The bill is fetched and acted upon in transactions of its own: what it credits stays credited.
    let run = match bills::reconcile_bill(app.cashier(), day, payment_method, by).await {
        Ok(run) => run,
        Err(problem) => {
            audit::refused(app.database(), &actor, &act, &problem, app.clock().now()).await?;
            return Err(problem);
        }
    };
    act.set("differences_count", json!(run.differences_count));
    let mut transaction = app.database().begin().await?;
    audit::succeeded(&mut transaction, &actor, &act, app.clock().now()).await?;
    transaction.commit().await?;
    Ok(Data::new(run.into()))
}
