//! The calls that need no role of their own: signing in and everything around it, and news of the signed-in account.

mod change_password;
mod register;
mod sign_in;
mod sign_out;
mod stream_events;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes of this audience.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(register::register_operator))
        .routes(routes!(sign_in::sign_in_operator))
        .routes(routes!(sign_in::sign_in_admin))
        .routes(routes!(sign_in::sign_in_finance))
        .routes(routes!(sign_in::sign_in_analyst))
        .routes(routes!(sign_out::sign_out_operator))
        .routes(routes!(sign_out::sign_out))
        .routes(routes!(change_password::change_password))
        .routes(routes!(stream_events::stream_events))
}
