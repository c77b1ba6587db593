//! Calls of headset servers: API key, timestamp and signature on each.

mod authorize;
mod config;
mod end_session;
mod game;
mod pre_authorize;
mod refusal;
mod signed;

use axum::middleware::from_fn;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::http::unfinished;

/// The routes of this audience. Whatever becomes of a call is logged, also when its client does not wait for the answer.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(pre_authorize::pre_authorize_game))
        .routes(routes!(config::get_game_config))
        .routes(routes!(end_session::end_game_session))
        .layer(from_fn(unfinished::layer))
        // Outside the layer, which every charge would pay for: it sees to its own end (`authorize::authorize_game`).
        .routes(routes!(authorize::authorize_game))
}
