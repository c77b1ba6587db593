//! `POST /v1/finance/reports/generate`, `GET /v1/finance/reports` and `/v1/finance/reports/{id}`.

use axum::Json;
use axum::extract::State;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base::clock::UtcTime;
use base::ids::{self, ReportId};
use base::paging::PageRequest;
use base::problem::{ErrorCode, Language, Text};
use jiff::civil::Date;
use office::audit::Act;
use office::reports::{self, NewReport, Period, Report, ReportFormat, ReportStatus, ReportType, Section};
use platform::security::roles::CanExportReport;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::FinanceCaller;
use crate::http::extract::{ApiQuery, PathId};
use crate::http::idempotency::IdempotentJson;
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;

const WAITING: Text = Text::new(
    "生成暂时受阻，系统会自动重试",
    "The report could not be made yet; it is tried again by itself",
);
const GIVEN_UP: Text = Text::new(
    "报表生成失败，请重新生成；如仍失败请联系技术支持",
    "The report could not be made; generate it again, and ask support if it fails again",
);

/// What the report is to be about.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct GenerateReport {
    report_type: ReportType,
    #[schema(format = Date, example = "2025-01-01")]
    start_date: String,
    /// Inclusive; 1 to 366 days, whatever the type. It may lie in the future.
    #[schema(format = Date, example = "2025-01-31")]
    end_date: String,
    format: ReportFormat,
    /// All unless given.
    #[schema(min_items = 1)]
    include_sections: Option<Vec<Section>>,
}

/// A report that will be there soon.
#[derive(Serialize, ToSchema)]
pub(crate) struct GeneratingReport {
    report_id: ReportId,
    status: ReportStatus,
    /// About how many seconds it will take.
    estimated_time: i64,
}

/// A report, made or being made.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReportItem {
    report_id: ReportId,
    report_type: ReportType,
    start_date: Date,
    /// Inclusive.
    end_date: Date,
    format: ReportFormat,
    include_sections: Vec<Section>,
    status: ReportStatus,
    /// In percent.
    #[schema(minimum = 0, maximum = 100)]
    progress: i32,
    /// In bytes, of a completed report.
    file_size: Option<i64>,
    /// SHA-256 of the file in hexadecimal digits, of a completed report.
    sha256: Option<String>,
    /// Of a completed report.
    download_url: Option<String>,
    /// Why there is no file yet, or will be none.
    error_message: Option<String>,
    /// Made by a schedule.
    is_automatic: bool,
    /// A name to sign in with, or `system`.
    created_by: String,
    created_at: UtcTime,
    completed_at: Option<UtcTime>,
}

impl ReportItem {
    fn new(report: Report, language: Language) -> Self {
        let is_completed = report.status == ReportStatus::Completed;
        ReportItem {
            include_sections: report.sections(),
            file_size: report.file_size.filter(|_| is_completed),
            sha256: report.file_sha256.as_ref().filter(|_| is_completed).map(hex::encode),
            download_url: is_completed.then(|| format!("/v1/finance/reports/{}/download", report.id)),
            error_message: error_message(&report).map(|text| text.in_language(language).to_owned()),
            report_id: report.id,
            report_type: report.report_type,
            start_date: report.start_date,
            end_date: report.end_date,
            format: report.format,
            status: report.status,
            progress: report.progress,
            is_automatic: report.is_automatic,
            created_by: report.created_by,
            created_at: report.created_at,
            completed_at: report.completed_at,
        }
    }
}

/// The cause is for those who look after the platform.
pub(super) fn error_message(report: &Report) -> Option<Text> {
    match report.status {
        ReportStatus::Generating => report.last_error.is_some().then_some(WAITING),
        ReportStatus::Completed => None,
        ReportStatus::Failed => Some(GIVEN_UP),
    }
}

fn language(headers: &HeaderMap) -> Language {
    Language::from_accept_language(headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()))
}

/// Ask for a report. It is made in the background.
#[utoipa::path(
    post, path = "/v1/finance/reports/generate", operation_id = "generate_report", tag = "finance",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters.")),
    request_body = GenerateReport,
    responses(
        (status = 201, body = Data<GeneratingReport>, description = "The report is being made."),
        (status = 400, description = "A field does not fit; the dates are not what the type says."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_export_report`."),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`."),
    ),
)]
pub(crate) async fn generate_report(
    State(app): State<App>,
    caller: FinanceCaller<CanExportReport>,
    IdempotentJson(attempt, body): IdempotentJson<GenerateReport>,
) -> Result<Response, Rejection> {
    let period = Period::parse(&body.start_date, &body.end_date)?;
    let new = NewReport::new(body.report_type, period, body.format, body.include_sections)?;
    let details = json!({
        "report_type": body.report_type, "start_date": period.start, "end_date": period.end, "format": body.format,
        "include_sections": new.sections(),
    });
    let by = &caller.signed_in.username;
    Ok(attempt
        .perform(
            &app,
            &caller.signed_in,
            Act::new("report_generate", details),
            StatusCode::CREATED,
            async |connection, act| {
                let report_id = reports::request(connection, &new, by, app.clock().now()).await?;
                act.set_target("report", &report_id);
                Ok(GeneratingReport {
                    report_id,
                    status: ReportStatus::Generating,
                    estimated_time: reports::estimated_seconds(period),
                })
            },
        )
        .await?)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportParams {
    report_type: Option<ReportType>,
}

/// List reports, newest first.
#[utoipa::path(
    get, path = "/v1/finance/reports", operation_id = "list_reports", tag = "finance",
    security(("bearer" = [])),
    params(PageParams, ReportParams),
    responses(
        (status = 200, body = Page<ReportItem>, description = "One page of reports."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not finance staff."),
    ),
)]
pub(crate) async fn list_reports(
    State(app): State<App>,
    _caller: FinanceCaller,
    page: PageRequest,
    ApiQuery(params): ApiQuery<ReportParams>,
    headers: HeaderMap,
) -> Result<Json<Page<ReportItem>>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let (total, items) = reports::list(&mut connection, params.report_type, page).await?;
    let language = language(&headers);
    let items = items.into_iter().map(|report| ReportItem::new(report, language)).collect();
    Ok(Json(Page::new(page, total, items)))
}

/// One report and how far it is.
#[utoipa::path(
    get, path = "/v1/finance/reports/{id}", operation_id = "get_report", tag = "finance",
    security(("bearer" = [])),
    params(("id" = ReportId, Path, description = "The report.")),
    responses(
        (status = 200, body = Data<ReportItem>, description = "The report."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not finance staff."),
        (status = 404, description = "`RESOURCE_NOT_FOUND`."),
    ),
)]
pub(crate) async fn get_report(
    State(app): State<App>,
    _caller: FinanceCaller,
    PathId(report_id): PathId<ids::Report>,
    headers: HeaderMap,
) -> Result<Data<ReportItem>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let report = reports::find(&mut connection, report_id).await?.ok_or(ErrorCode::ResourceNotFound)?;
    Ok(Data::new(ReportItem::new(report, language(&headers))))
}
