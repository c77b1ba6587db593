//! `GET /v1/finance/dashboard` and `/v1/finance/dashboard/trends`.

use axum::extract::State;
use base::problem::Problem;
use jiff::civil::Date;
use money::Fen;
use office::statistics::{self, DayOfMoney, Money, Month, Today};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::FinanceCaller;
use crate::http::extract::ApiQuery;
use crate::http::rejection::Rejection;

/// Today in the business time zone.
#[derive(Debug, Serialize, ToSchema)]
pub struct FinanceDashboard {
    today_recharge: Fen,
    today_consumption: Fen,
    /// Approved today, paid out or not.
    today_refund: Fen,
    /// Top-ups less refunds; begins with a minus sign when more went back than came in.
    today_net_income: Fen,
    /// Without the deactivated.
    total_operators: i64,
    /// Who authorized a game or topped up today.
    active_operators_today: usize,
}

impl FinanceDashboard {
    fn new(today: &Today) -> Result<Self, Problem> {
        Ok(FinanceDashboard {
            today_recharge: today.money.recharge,
            today_consumption: today.money.consumption,
            today_refund: today.money.refund,
            today_net_income: today.money.net_income()?,
            total_operators: today.total_operators,
            active_operators_today: today.active_operators,
        })
    }
}

/// Money and operators today.
#[utoipa::path(
    get,
    path = "/v1/finance/dashboard",
    operation_id = "get_finance_dashboard",
    tag = "finance",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "Today", body = Data<FinanceDashboard>),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not of the finance staff"),
    )
)]
pub async fn get_finance_dashboard(
    State(app): State<App>,
    _caller: FinanceCaller,
) -> Result<Data<FinanceDashboard>, Rejection> {
    let timezone = &app.settings().business_timezone;
    let mut connection = app.database().acquire().await?;
    let today = statistics::today(&mut connection, app.clock().now(), timezone).await?;
    Ok(Data::new(FinanceDashboard::new(&today)?))
}

/// Which month is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TrendsQuery {
    /// `YYYY-MM`; the current one unless given.
    #[param(example = "2025-01")]
    month: Option<String>,
}

/// The money of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct FinanceDay {
    date: Date,
    recharge: Fen,
    consumption: Fen,
    refund: Fen,
    /// Top-ups less refunds; may be negative.
    net_income: Fen,
}

impl FinanceDay {
    fn new(day: &DayOfMoney) -> Result<Self, Problem> {
        Ok(FinanceDay {
            date: day.date,
            recharge: day.money.recharge,
            consumption: day.money.consumption,
            refund: day.money.refund,
            net_income: day.money.net_income()?,
        })
    }
}

/// The money of the month.
#[derive(Debug, Serialize, ToSchema)]
pub struct FinanceMonth {
    total_recharge: Fen,
    total_consumption: Fen,
    total_refund: Fen,
    /// Top-ups less refunds; may be negative.
    total_net_income: Fen,
}

/// A month by day.
#[derive(Debug, Serialize, ToSchema)]
pub struct FinanceTrends {
    month: String,
    /// Every day of the month, also those to come.
    chart_data: Vec<FinanceDay>,
    summary: FinanceMonth,
}

impl FinanceTrends {
    fn new(month: Month, days: &[DayOfMoney]) -> Result<Self, Problem> {
        let total = Money::sum(days)?;
        Ok(FinanceTrends {
            month: month.to_string(),
            chart_data: days.iter().map(FinanceDay::new).collect::<Result<_, Problem>>()?,
            summary: FinanceMonth {
                total_recharge: total.recharge,
                total_consumption: total.consumption,
                total_refund: total.refund,
                total_net_income: total.net_income()?,
            },
        })
    }
}

/// The money of a month by day of the business time zone.
#[utoipa::path(
    get,
    path = "/v1/finance/dashboard/trends",
    operation_id = "get_finance_trends",
    tag = "finance",
    security(("bearer" = [])),
    params(TrendsQuery),
    responses(
        (status = 200, description = "The month by day", body = Data<FinanceTrends>),
        (status = 400, description = "The month is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not of the finance staff"),
    )
)]
pub async fn get_finance_trends(
    State(app): State<App>,
    _caller: FinanceCaller,
    ApiQuery(query): ApiQuery<TrendsQuery>,
) -> Result<Data<FinanceTrends>, Rejection> {
    let timezone = &app.settings().business_timezone;
    let month = match query.month {
        Some(text) => Month::parse(&text)?,
        None => Month::current(app.clock().now(), timezone)?,
    };
    let mut connection = app.database().acquire().await?;
    let days = statistics::month_of_money(&mut connection, month, timezone).await?;
    Ok(Data::new(FinanceTrends::new(month, &days)?))
}
