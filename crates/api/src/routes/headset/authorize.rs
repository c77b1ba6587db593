//! `POST /v1/auth/game/authorize`

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use base::clock::UtcTime;
use base::ids::{AppId, OperatorId, SiteId, UsageId};
use base::problem::Problem;
use books::authorization::decide::{Answer, Call, Game, Request, session_text};
use books::authorization::log::AttemptResult;
use books::authorization::queue::Reply;
use books::authorization::refusal::Refusal;
use books::authorization::session_id::{SessionId, SessionIdError};
use money::Fen;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::game::{self, GameRequest};
use super::refusal;
use super::signed::{HeadsetRequest, Refused};
use crate::app::App;
use crate::http::answer::Data;
use crate::http::rejection::Rejection;
use crate::http::unfinished::finish;

const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// A charged session.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Authorized {
    authorization_token: Uuid,
    session_id: String,
    usage_id: UsageId,
    app_id: AppId,
    app_name: String,
    site_id: SiteId,
    player_count: i32,
    unit_price: Fen,
    total_cost: Fen,
    balance_after: Fen,
    authorized_at: UtcTime,
}

/// Charges `player_count` × unit price, once per session id, and answers with a token that lets the game start.
#[utoipa::path(
    post,
    path = "/v1/auth/game/authorize",
    operation_id = "authorize_game",
    tag = "headset",
    security(("api_key" = [], "timestamp" = [], "signature" = [])),
    params(
        ("X-Timestamp" = i64, Header, description = "Unix seconds, within 300 s of now"),
        ("X-Signature" = String, Header, description = "Base64(HMAC-SHA256(api key, timestamp\\nMETHOD\\npath and query\\nbody))"),
        ("X-Session-ID" = String, Header, description = "{operator_id}_{13-digit unix ms}_{16 letters or digits}"),
    ),
    request_body = GameRequest,
    responses(
        (status = 200, description = "Charged, or the first answer again with Idempotent-Replayed: true", body = Data<Authorized>),
        (status = 400, description = "INVALID_PARAMS, INVALID_SIGNATURE, TIMESTAMP_EXPIRED, INVALID_SESSION_ID or PLAYER_COUNT_OUT_OF_RANGE"),
        (status = 401, description = "INVALID_API_KEY"),
        (status = 402, description = "INSUFFICIENT_BALANCE"),
        (status = 403, description = "ACCOUNT_DEACTIVATED, ACCOUNT_LOCKED or APP_NOT_AUTHORIZED"),
        (status = 404, description = "SITE_NOT_FOUND or APP_NOT_FOUND"),
        (status = 409, description = "SESSION_DUPLICATE: the session id was used with other content"),
        (status = 413, description = "PAYLOAD_TOO_LARGE"),
        (status = 415, description = "UNSUPPORTED_MEDIA_TYPE"),
        (status = 429, description = "RATE_LIMIT_EXCEEDED, with Retry-After"),
        (status = 503, description = "SERVICE_UNAVAILABLE: ask again with the same session id"),
    )
)]
pub(super) async fn authorize_game(
    State(app): State<App>,
    request: HeadsetRequest,
) -> Result<Response, Rejection> {
    Ok(finish(authorize(app, request)).await?)
}

async fn authorize(app: App, request: HeadsetRequest) -> Result<Response, Problem> {
    let game = game::parse(&request.body);
    let known_game = game.as_ref().ok().copied();
    let caller = match request.authenticate(&app).await {
        Ok(caller) => caller,
        Err(refused) => return Err(refuse(&app, &request, known_game, refused).await),
    };
    let operator_id = caller.credential.operator_id;
    let session = match request.headers.contains_key("x-session-id") {
        false => Err(SessionIdError::Missing),
        true => request
            .header("x-session-id")
            .ok_or(SessionIdError::Malformed)
            .and_then(|text| SessionId::parse(text, operator_id)),
    };
    let asked = Request {
        call: Call::Authorize { session },
        game,
        key_generation: caller.credential.generation,
        client_ip: request.client_ip,
        received_at: request.received_at,
    };
    match app.authorizer().submit(operator_id, asked).await {
        Reply::Charged(answer) => {
            Ok(answered(&app, &request, operator_id, answer, AttemptResult::Success).await)
        }
        Reply::Replayed(answer) => {
            Ok(answered(&app, &request, operator_id, answer, AttemptResult::Replayed).await)
        }
        other => {
            let refused = Refused { operator_id: Some(operator_id), problem: not_granted(&app, other) };
            Err(refuse(&app, &request, known_game, refused).await)
        }
    }
}

async fn answered(
    app: &App,
    request: &HeadsetRequest,
    operator_id: OperatorId,
    answer: Answer,
    result: AttemptResult,
) -> Response {
    let session_id = session_text(&answer.session, operator_id);
    let mut attempt = request.attempt(Some(operator_id), result);
    if result == AttemptResult::Success {
        attempt.id = Some(answer.usage_id.uuid());
        attempt.at = answer.authorized_at;
    }
    attempt.session_id = Some(session_id.clone());
    attempt.game =
        Some(Game { app_id: answer.app_id, site_id: answer.site_id, player_count: answer.player_count });
    app.authorization_log().record(attempt).await;
    app.metrics().authorization(result.status(), request.started.elapsed().as_secs_f64());
    let mut response = Data::new(Authorized {
        authorization_token: answer.authorization_token,
        session_id,
        usage_id: answer.usage_id,
        app_id: answer.app_id,
        app_name: answer.app_name,
        site_id: answer.site_id,
        player_count: answer.player_count,
        unit_price: answer.unit_price,
        total_cost: answer.total,
        balance_after: answer.balance_after,
        authorized_at: answer.authorized_at,
    })
    .into_response();
    if result == AttemptResult::Replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

/// Logs and counts a refusal on its way out.
async fn refuse(app: &App, request: &HeadsetRequest, game: Option<Game>, refused: Refused) -> Problem {
    let result = AttemptResult::Refused(refused.problem.code().as_str());
    let mut attempt = request.attempt(refused.operator_id, result);
    attempt.session_id = request.session_text();
    attempt.game = game;
    app.authorization_log().record(attempt).await;
    app.metrics().authorization(result.status(), request.started.elapsed().as_secs_f64());
    refused.problem
}

/// The answer to a request that was not granted.
pub(super) fn not_granted(app: &App, reply: Reply) -> Problem {
    match reply {
        Reply::Refused(refusal) => {
            if let Refusal::RateLimited { .. } = refusal {
                app.metrics().rate_limited("operator");
            }
            refusal::problem(refusal)
        }
        Reply::Unavailable(cause) => Problem::unavailable(cause).with_retry_after(1),
        Reply::Failed(cause) => Problem::internal(cause),
        granted @ (Reply::Charged(_) | Reply::Replayed(_) | Reply::Quoted(_)) => {
            Problem::internal(format!("unexpected reply {granted:?}"))
        }
    }
}
