//! The decision: account, facts and request in, charge or refusal out. No I/O, no clock, no randomness.

use base::clock::UtcTime;
use base::ids::{AppId, OperatorId, SiteId, UsageId};
use base::problem::Problem;
use money::Fen;
use platform::security::rate_limit::Limited;
use uuid::Uuid;

use super::refusal::{GrantProblem, Refusal};
use super::session_id::{SessionId, SessionIdError};
use crate::gate::{AccountState, Gate};
use crate::ledger::{Account, Charge, ChargeOrder};

/// What is asked for.
#[derive(Clone, Debug)]
pub enum Call {
    /// Charge and start the game.
    Authorize { session: Result<SessionId, SessionIdError> },
    /// Say whether it would be allowed.
    PreAuthorize,
}

/// The body of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Game {
    pub app_id: AppId,
    pub site_id: SiteId,
    pub player_count: i32,
}

/// A request whose key, time and signature are good. What is wrong with the rest is carried along, because the
/// contract's order puts the rate limit and the account's state before it.
#[derive(Clone, Debug)]
pub struct Request {
    pub call: Call,
    pub game: Result<Game, Problem>,
    pub key_generation: i32,
    pub client_ip: std::net::IpAddr,
    pub received_at: UtcTime,
}

/// An application as it is when the balance is locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppFacts {
    pub name: String,
    pub unit_price: Fen,
    pub min_players: i32,
    pub max_players: i32,
}

/// The newest grant of the operator for the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantFacts {
    pub expires_at: Option<UtcTime>,
    pub is_revoked: bool,
}

/// What the database says about a request, read after the account was locked.
#[derive(Clone, Debug, Default)]
pub struct Facts<'a> {
    /// The charge that already carries this session id.
    pub recorded: Option<&'a Answer>,
    pub site_is_known: bool,
    pub app: Option<&'a AppFacts>,
    pub grant: Option<GrantFacts>,
}

/// The answer to a charged session; the same forever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub authorization_token: Uuid,
    pub session: SessionId,
    pub usage_id: UsageId,
    pub app_id: AppId,
    pub app_name: String,
    pub site_id: SiteId,
    pub player_count: i32,
    pub unit_price: Fen,
    pub total: Fen,
    pub balance_after: Fen,
    pub authorized_at: UtcTime,
}

/// The answer to a pre-authorization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    pub app_id: AppId,
    pub app: AppFacts,
    pub estimated_cost: Fen,
    pub current_balance: Fen,
}

/// What happens to a request.
#[derive(Clone, Debug)]
pub enum Decision {
    Charge(ChargeOrder),
    Quote(Quote),
    Replay(Answer),
    Refuse(Refusal),
}

/// Decides one request, in the order of the contract. `admission` is the operator's rate limit, `now` the time of the
/// decision; the session's own time is judged by when the request arrived, so that waiting in line harms nobody.
///
/// # Errors
/// Never fails: a refusal is a decision.
#[must_use]
pub fn decide(
    account: &Account,
    gate: &Gate,
    admission: Result<(), Limited>,
    limit: i64,
    facts: &Facts<'_>,
    request: &Request,
    now: UtcTime,
) -> Decision {
    let decided = admit(gate, admission, limit, request)
        .and_then(|game| decide_game(account, facts, request, game, now));
    decided.unwrap_or_else(Decision::Refuse)
}

/// Key, rate limit, account, session id and body.
fn admit(
    gate: &Gate,
    admission: Result<(), Limited>,
    limit: i64,
    request: &Request,
) -> Result<Game, Refusal> {
    if request.key_generation != gate.key_generation {
        return Err(Refusal::StaleKey);
    }
    if let Err(Limited { retry_after_seconds }) = admission {
        return Err(Refusal::RateLimited { limit, retry_after_seconds });
    }
    match gate.state {
        AccountState::Deactivated => return Err(Refusal::AccountDeactivated),
        AccountState::Locked => return Err(Refusal::AccountLocked),
        AccountState::Active => {}
    }
    if let Call::Authorize { session: Err(error) } = &request.call {
        return Err(Refusal::Session(*error));
    }
    request.game.clone().map_err(Refusal::Body)
}

/// Replay, session time, site, application, grant, players and balance.
fn decide_game(
    account: &Account,
    facts: &Facts<'_>,
    request: &Request,
    game: Game,
    now: UtcTime,
) -> Result<Decision, Refusal> {
    let session = match &request.call {
        Call::Authorize { session } => session.as_ref().ok(),
        Call::PreAuthorize => None,
    };
    if let Some(recorded) = facts.recorded {
        let same =
            Game { app_id: recorded.app_id, site_id: recorded.site_id, player_count: recorded.player_count };
        return if same == game {
            Ok(Decision::Replay(recorded.clone()))
        } else {
            Err(Refusal::SessionDuplicate)
        };
    }
    if session.is_some_and(|session| !session.is_fresh(request.received_at)) {
        return Err(Refusal::Session(SessionIdError::Expired));
    }
    if !facts.site_is_known {
        return Err(Refusal::SiteNotFound);
    }
    let app = facts.app.ok_or(Refusal::AppNotFound)?;
    check_grant(facts.grant, now).map_err(|reason| Refusal::NotGranted {
        app_id: game.app_id,
        app_name: app.name.clone(),
        reason,
    })?;
    if !(app.min_players..=app.max_players).contains(&game.player_count) {
        return Err(Refusal::PlayersOutOfRange {
            min: app.min_players,
            max: app.max_players,
            requested: game.player_count,
        });
    }
    let total = app.unit_price.checked_mul(game.player_count.into()).ok_or(Refusal::Impossible)?;
    if account.balance < total {
        return Err(Refusal::InsufficientBalance { current: account.balance, required: total });
    }
    Ok(match session {
        None => Decision::Quote(Quote {
            app_id: game.app_id,
            app: app.clone(),
            estimated_cost: total,
            current_balance: account.balance,
        }),
        Some(session) => Decision::Charge(ChargeOrder {
            session_ms: session.ms,
            session_nonce: session.nonce.clone(),
            site_id: game.site_id,
            app_id: game.app_id,
            app_name: app.name.clone(),
            player_count: game.player_count,
            unit_price: app.unit_price,
            total,
            client_ip: Some(request.client_ip),
        }),
    })
}

/// A revoked grant is told as revoked even when it would have expired since.
fn check_grant(grant: Option<GrantFacts>, now: UtcTime) -> Result<(), GrantProblem> {
    let grant = grant.ok_or(GrantProblem::NotGranted)?;
    if grant.is_revoked {
        return Err(GrantProblem::Revoked);
    }
    if grant.expires_at.is_some_and(|expires_at| expires_at <= now) {
        return Err(GrantProblem::Expired);
    }
    Ok(())
}

impl From<&Charge> for Answer {
    fn from(charge: &Charge) -> Self {
        let order = &charge.order;
        Answer {
            authorization_token: charge.authorization_token,
            session: SessionId { ms: order.session_ms, nonce: order.session_nonce.clone() },
            usage_id: charge.id,
            app_id: order.app_id,
            app_name: order.app_name.clone(),
            site_id: order.site_id,
            player_count: order.player_count,
            unit_price: order.unit_price,
            total: order.total,
            balance_after: charge.balance_after,
            authorized_at: charge.authorized_at,
        }
    }
}

/// The session id in its wire form, for answers and logs.
#[must_use]
pub fn session_text(session: &SessionId, operator_id: OperatorId) -> String {
    session.display(operator_id).to_string()
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
