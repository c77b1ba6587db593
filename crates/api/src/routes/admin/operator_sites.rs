use axum::extract::State;
use base::ids::{Operator, OperatorId};
use base::problem::ErrorCode;
use office::operators;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::AdminCaller;
use crate::http::extract::{ApiQuery, PathId};
use crate::http::rejection::Rejection;
use crate::routes::operator::sites::{SitesAnswer, SitesQuery};

/// The sites of an operator in the order they were created.
#[utoipa::path(
    get, path = "/v1/admin/operators/{id}/sites", operation_id = "list_operator_sites", tag = "admin",
    security(("bearer" = [])),
    params(("id" = OperatorId, Path, description = "The operator."), SitesQuery),
    responses(
        (status = 200, body = Data<SitesAnswer>, description = "The sites."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not an administrator."),
        (status = 404, description = "`OPERATOR_NOT_FOUND`."),
    ),
)]
pub(crate) async fn list_operator_sites(
    State(app): State<App>,
    _caller: AdminCaller,
    PathId(operator_id): PathId<Operator>,
    ApiQuery(query): ApiQuery<SitesQuery>,
) -> Result<Data<SitesAnswer>, Rejection> {
    let is_known = operators::exists(&mut *app.database().acquire().await?, operator_id).await?;
    if !is_known {
        return Err(ErrorCode::OperatorNotFound.into());
    }
    Ok(Data::new(SitesAnswer::of(&app, operator_id, query).await?))
}
