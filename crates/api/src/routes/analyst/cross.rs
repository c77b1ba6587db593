//! `GET /v1/analytics/cross`.

use axum::extract::State;
use base::problem::{Problem, Text};
use base::validate::Fields;
use office::statistics::{self, Cell, Dimension, Filter, Label, Measure, Table};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::filter::FilterParams;
use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::AnalystCaller;
use crate::http::extract::ApiQuery;
use crate::http::range::RangeParams;
use crate::http::rejection::Rejection;

/// Which table is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CrossQuery {
    #[param(inline, required = true)]
    pub(super) rows: Option<Dimension>,
    /// Another one than `rows`.
    #[param(inline, required = true)]
    pub(super) cols: Option<Dimension>,
    /// `sessions` unless given.
    #[param(inline)]
    pub(super) measure: Option<Measure>,
}

impl CrossQuery {
    pub(super) fn sides(&self) -> Result<(Dimension, Dimension), Problem> {
        let required = || Text::new("必填", "is required");
        Fields::new()
            .check("rows", self.rows.is_some(), required())
            .check("cols", self.cols.is_some(), required())
            .finish()?;
        match (self.rows, self.cols) {
            (Some(rows), Some(cols)) if rows != cols => Ok((rows, cols)),
            _ => Err(Problem::invalid_field("cols", Text::new("须与 rows 不同", "must differ from rows"))),
        }
    }
}

/// A row or column.
#[derive(Debug, Serialize, ToSchema)]
pub struct Heading {
    /// An id, a number of players or a date.
    key: String,
    name: String,
}

impl From<Label> for Heading {
    fn from(label: Label) -> Self {
        Heading { key: label.key, name: label.name }
    }
}

/// A cross table.
#[derive(Debug, Serialize, ToSchema)]
pub struct CrossAnswer {
    rows: Vec<Heading>,
    cols: Vec<Heading>,
    /// A list for each row with a cell for each column: numbers, for `cost` amounts of money.
    cells: Vec<Vec<Cell>>,
}

impl From<Table> for CrossAnswer {
    fn from(table: Table) -> Self {
        CrossAnswer {
            rows: table.rows.into_iter().map(Into::into).collect(),
            cols: table.cols.into_iter().map(Into::into).collect(),
            cells: table.cells,
        }
    }
}

/// One dimension against another. Time and numbers of players ascend, time without gaps; operators, sites and
/// applications are sorted by the measure, and show when they have games or are named in the filter.
#[utoipa::path(
    get,
    path = "/v1/analytics/cross",
    operation_id = "get_analytics_cross",
    tag = "analytics",
    security(("bearer" = [])),
    params(RangeParams, FilterParams, CrossQuery),
    responses(
        (status = 200, description = "The table", body = Data<CrossAnswer>),
        (status = 400, description = "A parameter is not valid, or the table would have more than 100000 cells"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Neither an analyst nor an administrator who may see financial data"),
    )
)]
pub async fn get_analytics_cross(
    State(app): State<App>,
    _caller: AnalystCaller,
    filter: Filter,
    ApiQuery(query): ApiQuery<CrossQuery>,
) -> Result<Data<CrossAnswer>, Rejection> {
    let sides = query.sides()?;
    let measure = query.measure.unwrap_or_default();
    let timezone = &app.settings().business_timezone;
    let mut connection = app.database().acquire().await?;
    let table = statistics::cross(&mut connection, &filter, sides, measure, timezone).await?;
    Ok(Data::new(table.into()))
}
