//! `POST /v1/auth/game/pre-authorize`

use axum::extract::State;
use base::ids::{AppId, OperatorId};
use base::problem::Problem;
use books::authorization::decide::{Call, Game, Quote, Request};
use books::authorization::log::AttemptResult;
use books::authorization::queue::Reply;
use money::Fen;
use serde::Serialize;
use utoipa::ToSchema;

use super::authorize::not_granted;
use super::game::{self, GameRequest};
use super::signed::{HeadsetRequest, Refused};
use crate::app::App;
use crate::http::answer::Data;
use crate::http::rejection::Rejection;

/// What a game would cost.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PreAuthorized {
    /// Always true; a refusal is an error.
    can_authorize: bool,
    app_id: AppId,
    app_name: String,
    unit_price: Fen,
    estimated_cost: Fen,
    current_balance: Fen,
    min_players: i32,
    max_players: i32,
}

/// Runs the checks of an authorization and charges nothing. Counted by a rate limit of its own.
#[utoipa::path(
    post,
    path = "/v1/auth/game/pre-authorize",
    operation_id = "pre_authorize_game",
    tag = "headset",
    security(("api_key" = [], "timestamp" = [], "signature" = [])),
    params(
        ("X-Timestamp" = i64, Header, description = "Unix seconds, within 300 s of now"),
        ("X-Signature" = String, Header, description = "As for authorize"),
    ),
    request_body = GameRequest,
    responses(
        (status = 200, description = "The game would be allowed", body = Data<PreAuthorized>),
        (status = 400, description = "INVALID_PARAMS, INVALID_SIGNATURE, TIMESTAMP_EXPIRED or PLAYER_COUNT_OUT_OF_RANGE"),
        (status = 401, description = "INVALID_API_KEY"),
        (status = 402, description = "INSUFFICIENT_BALANCE"),
        (status = 403, description = "ACCOUNT_DEACTIVATED, ACCOUNT_LOCKED or APP_NOT_AUTHORIZED"),
        (status = 404, description = "SITE_NOT_FOUND or APP_NOT_FOUND"),
        (status = 429, description = "RATE_LIMIT_EXCEEDED, with Retry-After"),
        (status = 503, description = "SERVICE_UNAVAILABLE"),
    )
)]
pub(super) async fn pre_authorize_game(
    State(app): State<App>,
    request: HeadsetRequest,
) -> Result<Data<PreAuthorized>, Rejection> {
    let game = game::parse(&request.body);
    let known_game = game.as_ref().ok().copied();
    let answer = ask(&app, &request, game).await;
    let result = match &answer {
        Ok(_) => AttemptResult::Success,
        Err(refused) => AttemptResult::Refused(refused.problem.code().as_str()),
    };
    let operator_id = match &answer {
        Ok((operator_id, _)) => Some(*operator_id),
        Err(refused) => refused.operator_id,
    };
    let mut attempt = request.attempt(operator_id, result);
    attempt.game = known_game;
    app.authorization_log().record(attempt).await;
    Ok(answer.map(|(_, quote)| Data::new(PreAuthorized::from(quote))).map_err(|refused| refused.problem)?)
}

async fn ask(
    app: &App,
    request: &HeadsetRequest,
    game: Result<Game, Problem>,
) -> Result<(OperatorId, Quote), Refused> {
    let caller = request.authenticate(app).await?;
    let operator_id = caller.credential.operator_id;
    let asked = Request {
        call: Call::PreAuthorize,
        game,
        key_generation: caller.credential.generation,
        client_ip: request.client_ip,
        received_at: request.received_at,
    };
    match app.authorizer().submit(operator_id, asked).await {
        Reply::Quoted(quote) => Ok((operator_id, quote)),
        other => Err(Refused { operator_id: Some(operator_id), problem: not_granted(app, other) }),
    }
}

impl From<Quote> for PreAuthorized {
    fn from(quote: Quote) -> Self {
        PreAuthorized {
            can_authorize: true,
            app_id: quote.app_id,
            app_name: quote.app.name,
            unit_price: quote.app.unit_price,
            estimated_cost: quote.estimated_cost,
            current_balance: quote.current_balance,
            min_players: quote.app.min_players,
            max_players: quote.app.max_players,
        }
    }
}
