use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base::ids::{self, ReportId};
use base::problem::{ErrorCode, Problem, Text};
use office::reports::{self, Directory, Opened, Report, ReportStatus};
use tokio_util::io::ReaderStream;

use super::reports::error_message;
use crate::app::App;
use crate::http::caller::FinanceCaller;
use crate::http::extract::PathId;
use crate::http::rejection::Rejection;

const REMADE: Text = Text::new(
    "报表文件已不在服务器上，正在重新生成，请稍后下载",
    "The file of the report is gone; it is being made again, download it later",
);

/// The file of a completed report.
#[utoipa::path(
    get, path = "/v1/finance/reports/{id}/download", operation_id = "download_report", tag = "finance",
    security(("bearer" = [])),
    params(("id" = ReportId, Path, description = "The report.")),
    responses(
        (status = 200, description = "The file.", content(
            ([u8] = "application/pdf"),
            ([u8] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not finance staff."),
        (status = 404, description = "`RESOURCE_NOT_FOUND`; `REPORT_NOT_READY` while it is made, when it has failed, \
            and when its file was lost and is made again."),
    ),
)]
pub(crate) async fn download_report(
    State(app): State<App>,
    _caller: FinanceCaller,
    PathId(report_id): PathId<ids::Report>,
) -> Result<Response, Rejection> {
    let mut connection = app.database().acquire().await?;
    let report = reports::find(&mut connection, report_id).await?.ok_or(ErrorCode::ResourceNotFound)?;
    drop(connection);
    if report.status != ReportStatus::Completed {
        return Err(not_ready(error_message(&report)).into());
    }
    let directory = Directory::below(&app.config().data_dir);
    let opened = tokio::task::spawn_blocking(move || directory.open(&report).map(|opened| (report, opened)));
    let (report, opened) = opened.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    match opened {
        Some(opened) => Ok(file(&report, opened)),
        None => {
            let mut transaction = app.database().begin().await?;
            reports::remake(&mut transaction, report_id, app.clock().now()).await?;
            transaction.commit().await?;
            Err(not_ready(Some(REMADE)).into())
        }
    }
}

fn not_ready(text: Option<Text>) -> Problem {
    let problem = Problem::new(ErrorCode::ReportNotReady);
    match text {
        Some(text) => problem.with_text(text),
        None => problem,
    }
}

/// The file goes out as it is read: none of it is kept in memory.
fn file(report: &Report, opened: Opened) -> Response {
    let headers = [
        (CONTENT_TYPE, report.format.content_type().to_owned()),
        (CONTENT_LENGTH, opened.size.to_string()),
        (CONTENT_DISPOSITION, disposition(report)),
    ];
    let stream = ReaderStream::new(tokio::fs::File::from_std(opened.file));
    (headers, Body::from_stream(stream)).into_response()
}

/// The Chinese name for those who read RFC 5987, a plain one for the others.
fn disposition(report: &Report) -> String {
    let (name, plain_name) = report.file_names();
    let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("attachment; filename=\"{plain_name}\"; filename*=UTF-8''{encoded}")
}
