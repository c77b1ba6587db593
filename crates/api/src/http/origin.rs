//! Where a request came from, for the logs that people read later.

use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use office::audit::Origin;

use super::client_ip::ClientIp;
use crate::app::App;
use crate::http::rejection::Rejection;

/// Longer user agents are cut.
const USER_AGENT_MAX_CHARS: usize = 300;

impl FromRequestParts<App> for Origin {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let ClientIp(ip) = ClientIp::from_request_parts(parts, app).await?;
        let user_agent = parts.headers.get(USER_AGENT);
        let user_agent = user_agent.map(|value| {
            let text = String::from_utf8_lossy(value.as_bytes());
            text.chars().take(USER_AGENT_MAX_CHARS).collect()
        });
        Ok(Origin { ip, user_agent })
    }
}
