//! The body of authorize and pre-authorize.

use base::ids::{AppId, SiteId};
use base::problem::{Problem, Text};
use books::authorization::decide::Game;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::extract::parse_json;

/// What a headset server asks for.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct GameRequest {
    app_id: AppId,
    site_id: SiteId,
    #[schema(minimum = 1, maximum = 100)]
    player_count: i32,
}

/// Reads the body.
///
/// # Errors
/// `INVALID_PARAMS` naming the fields.
pub(super) fn parse(body: &[u8]) -> Result<Game, Problem> {
    let request: GameRequest = parse_json(body)?;
    if !(1..=100).contains(&request.player_count) {
        let text = Text::new("须在 1 到 100 之间", "must be from 1 to 100");
        return Err(Problem::invalid_field("player_count", text));
    }
    Ok(Game { app_id: request.app_id, site_id: request.site_id, player_count: request.player_count })
}
