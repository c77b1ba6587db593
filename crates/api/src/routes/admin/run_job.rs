use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use base::ids::{Job, JobId};
use base::problem::ErrorCode;
use office::audit::{self, Act};
use platform::jobs::{self, schedules};
use platform::security::roles::CanManageSystemConfig;
use serde_json::json;

use crate::app::App;
use crate::http::answer::{Data, Nothing};
use crate::http::caller::AdminCaller;
use crate::http::extract::PathId;
use crate::http::rejection::Rejection;

/// Run a schedule now. Its next run is due all the same.
#[utoipa::path(
    post, path = "/v1/admin/jobs/{name}/run", operation_id = "run_job", tag = "admin",
    security(("bearer" = [])),
    params(("name" = String, Path, description = "The name of the schedule.")),
    responses(
        (status = 200, body = Data<Nothing>, description = "The run begins."),
        (status = 400, description = "Its latest run has not finished yet."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_system_config`."),
        (status = 404, description = "`RESOURCE_NOT_FOUND`."),
    ),
)]
pub(crate) async fn run_job(
    State(app): State<App>,
    caller: AdminCaller<CanManageSystemConfig>,
    name: Result<Path<String>, PathRejection>,
) -> Result<Data<Nothing>, Rejection> {
    let Path(name) = name.map_err(|_| ErrorCode::ResourceNotFound)?;
    let schedule = app.schedules().iter().find(|schedule| schedule.name == name);
    let name = schedule.ok_or(ErrorCode::ResourceNotFound)?.name;
    let act = Act::new("job_run", json!({})).on("schedule", &name);
    let (by, now) = (&caller.signed_in.username, app.clock().now());
    audit::perform(app.database(), app.clock(), &caller.signed_in.actor(), act, async |connection, _| {
        schedules::run_now(connection, name, by, now).await
    })
    .await?;
    Ok(Data::nothing())
}

/// Try a job again that was given up.
#[utoipa::path(
    post, path = "/v1/admin/jobs/dead/{id}/retry", operation_id = "retry_job", tag = "admin",
    security(("bearer" = [])),
    params(("id" = JobId, Path, description = "The job.")),
    responses(
        (status = 200, body = Data<Nothing>, description = "It is pending again."),
        (status = 400, description = "Another run of its schedule has not finished, or this instance cannot do it."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_system_config`."),
        (status = 404, description = "`RESOURCE_NOT_FOUND`: no such job was given up."),
    ),
)]
pub(crate) async fn retry_job(
    State(app): State<App>,
    caller: AdminCaller<CanManageSystemConfig>,
    PathId(id): PathId<Job>,
) -> Result<Data<Nothing>, Rejection> {
    let act = Act::new("job_retry", json!({})).on("job", &id);
    let now = app.clock().now();
    audit::perform(app.database(), app.clock(), &caller.signed_in.actor(), act, async |connection, act| {
        let kind = jobs::retry_dead(connection, app.job_handlers(), id, now).await?;
        act.set("kind", kind);
        Ok(())
    })
    .await?;
    Ok(Data::nothing())
}
