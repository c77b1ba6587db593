//! `POST /v1/auth/game/sessions/{session_id}/end`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use base::clock::UtcTime;
use base::ids::{OperatorId, UsageId};
use base::problem::{ErrorCode, Problem, Text};
use base::validate::Fields;
use books::authorization::end_session::{EndOutcome, EndReport, HeadsetPlay, end_session};
use books::authorization::session_id::SessionId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::signed::HeadsetRequest;
use crate::app::App;
use crate::http::answer::Data;
use crate::http::extract::parse_json;
use crate::http::rejection::Rejection;

const MAX_SECONDS: i32 = 86_400;
const MAX_HEADSETS: usize = 100;
const MAX_ID_CHARS: usize = 100;

#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct EndRequest {
    #[schema(minimum = 0, maximum = 86400)]
    duration_seconds: i32,
    #[schema(max_items = 100)]
    headsets: Option<Vec<HeadsetPlay>>,
}

/// An ended session.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ended {
    usage_id: UsageId,
    session_id: String,
    /// Seconds.
    game_duration: i32,
    ended_at: UtcTime,
}

/// Reports how long a game lasted. The same report again answers the same; another one is refused.
#[utoipa::path(
    post,
    path = "/v1/auth/game/sessions/{session_id}/end",
    operation_id = "end_game_session",
    tag = "headset",
    security(("api_key" = [], "timestamp" = [], "signature" = [])),
    params(
        ("session_id" = String, Path, description = "The session id of the authorization"),
        ("X-Timestamp" = i64, Header, description = "Unix seconds, within 300 s of now"),
        ("X-Signature" = String, Header, description = "As for authorize"),
    ),
    request_body = EndRequest,
    responses(
        (status = 200, description = "Recorded", body = Data<Ended>),
        (status = 400, description = "INVALID_PARAMS, INVALID_SIGNATURE or TIMESTAMP_EXPIRED"),
        (status = 401, description = "INVALID_API_KEY"),
        (status = 403, description = "ACCOUNT_DEACTIVATED or ACCOUNT_LOCKED"),
        (status = 404, description = "RESOURCE_NOT_FOUND: no such session of this operator"),
        (status = 409, description = "SESSION_DUPLICATE: the session has another report"),
        (status = 429, description = "RATE_LIMIT_EXCEEDED, with Retry-After"),
        (status = 503, description = "SERVICE_UNAVAILABLE"),
    )
)]
pub(super) async fn end_game_session(
    State(app): State<App>,
    session_id: Result<Path<String>, PathRejection>,
    request: HeadsetRequest,
) -> Result<Data<Ended>, Rejection> {
    Ok(request
        .perform(&app, async |operator_id| end(&app, operator_id, session_id, &request.body).await)
        .await?)
}

async fn end(
    app: &App,
    operator_id: OperatorId,
    session_id: Result<Path<String>, PathRejection>,
    body: &[u8],
) -> Result<Data<Ended>, Problem> {
    let report = parse(body)?;
    // What is not even text names no session.
    let Path(session_id) = session_id.map_err(|_| ErrorCode::ResourceNotFound)?;
    let session = SessionId::parse(&session_id, operator_id).map_err(|_| ErrorCode::ResourceNotFound)?;
    let mut connection = app.database().acquire().await?;
    match end_session(&mut connection, operator_id, &session, &report, app.clock().now()).await? {
        EndOutcome::UnknownSession => Err(ErrorCode::ResourceNotFound.into()),
        EndOutcome::Conflict => Err(Problem::new(ErrorCode::SessionDuplicate)
            .with_text(Text::new("该会话已上报过其他结束数据", "The session already has another report"))),
        EndOutcome::Ended { usage_id, ended_at } => {
            Ok(Data::new(Ended { usage_id, session_id, game_duration: report.duration_seconds, ended_at }))
        }
    }
}

fn parse(body: &[u8]) -> Result<EndReport, Problem> {
    let request: EndRequest = parse_json(body)?;
    let headsets = request.headsets.unwrap_or_default();
    let seconds = || Text::new("须在 0 到 86400 之间", "must be from 0 to 86400");
    let mut fields = Fields::new();
    fields.check("duration_seconds", (0..=MAX_SECONDS).contains(&request.duration_seconds), seconds()).check(
        "headsets",
        headsets.len() <= MAX_HEADSETS,
        Text::new("最多 100 个", "at most 100"),
    );
    for (index, headset) in headsets.iter().enumerate() {
        let id = &headset.headset_id;
        // Spaces around it count too: it is stored as it came.
        fields
            .check(
                &format!("headsets[{index}].headset_id"),
                !id.trim().is_empty()
                    && id.chars().count() <= MAX_ID_CHARS
                    && !id.chars().any(char::is_control),
                Text::new("长度须为 1 到 100 个字符", "must have 1 to 100 characters"),
            )
            .check(
                &format!("headsets[{index}].play_seconds"),
                (0..=MAX_SECONDS).contains(&headset.play_seconds),
                seconds(),
            );
    }
    fields.finish()?;
    Ok(EndReport { duration_seconds: request.duration_seconds, headsets })
}
