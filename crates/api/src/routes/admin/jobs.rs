use axum::Extension;
use axum::extract::State;
use base::clock::UtcTime;
use base::ids::JobId;
use base::problem::{Language, Problem};
use platform::jobs::schedules::{self, Run, RunResult};
use platform::jobs::{self, Dead};
use platform::security::roles::CanManageSystemConfig;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::AdminCaller;
use crate::http::rejection::Rejection;

/// More dead jobs than this are a trouble that the first of them tell of.
const MOST_DEAD: i64 = 100;

/// Something that the platform does by itself. Texts follow `Accept-Language`.
#[derive(Serialize, ToSchema)]
pub(crate) struct ScheduleItem {
    name: &'static str,
    description: String,
    /// When it is due, in the business time zone.
    schedule: String,
    next_run: UtcTime,
    /// Absent until it has run.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_run: Option<RunItem>,
}

/// One run.
#[derive(Serialize, ToSchema)]
pub(crate) struct RunItem {
    /// When it was due, or asked for.
    slot: UtcTime,
    /// Who asked for it, unless it was due.
    #[serde(skip_serializing_if = "Option::is_none")]
    requested_by: Option<String>,
    /// When the latest attempt began.
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<UtcTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_at: Option<UtcTime>,
    /// Of the latest attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<i64>,
    #[schema(inline)]
    result: RunResult,
    /// Why the latest attempt failed. A `running` one is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// A job of the queue that was given up.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeadJobItem {
    job_id: JobId,
    /// The name of a schedule, or another kind of work such as `send_email`.
    kind: String,
    attempts: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    created_at: UtcTime,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct JobList {
    schedules: Vec<ScheduleItem>,
    /// Jobs that wait or are being done.
    pending_jobs: i64,
    /// Jobs that were given up.
    dead_jobs: i64,
    /// The newest 100 of them.
    dead: Vec<DeadJobItem>,
}

impl From<Run> for RunItem {
    fn from(run: Run) -> Self {
        let times = run.started_at.zip(run.finished_at);
        RunItem {
            slot: run.slot,
            requested_by: run.requested_by,
            started_at: run.started_at,
            finished_at: run.finished_at,
            duration_ms: times.map(|(started, finished)| finished.as_millis() - started.as_millis()),
            result: run.result,
            error: run.error,
        }
    }
}

impl From<Dead> for DeadJobItem {
    fn from(job: Dead) -> Self {
        DeadJobItem {
            job_id: job.id,
            kind: job.kind,
            attempts: job.attempts,
            last_error: job.last_error,
            created_at: job.created_at,
        }
    }
}

/// What the platform does by itself, and what of its work was given up.
#[utoipa::path(
    get, path = "/v1/admin/jobs", operation_id = "list_jobs", tag = "admin",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Data<JobList>, description = "The schedules and the queue."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_system_config`."),
    ),
)]
pub(crate) async fn list_jobs(
    State(app): State<App>,
    _caller: AdminCaller<CanManageSystemConfig>,
    Extension(language): Extension<Language>,
) -> Result<Data<JobList>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let mut last_runs = schedules::last_runs(&mut connection).await?;
    let queue = jobs::overview(&mut connection, MOST_DEAD).await?;
    let (now, zone) = (app.clock().now(), app.settings().business_timezone.clone());
    let items = app.schedules().iter().map(|schedule| {
        Ok(ScheduleItem {
            name: schedule.name,
            description: schedule.description.in_language(language).to_owned(),
            schedule: schedule.rhythm.text().in_language(language).to_owned(),
            next_run: schedule.rhythm.next(now, &zone)?,
            last_run: last_runs.remove(schedule.name).map(RunItem::from),
        })
    });
    Ok(Data::new(JobList {
        schedules: items.collect::<Result<_, Problem>>()?,
        pending_jobs: queue.pending,
        dead_jobs: queue.dead,
        dead: queue.dead_jobs.into_iter().map(DeadJobItem::from).collect(),
    }))
}
