//! Why an authorization is refused.

use base::ids::AppId;
use base::problem::{ErrorCode, Problem};
use money::Fen;

use super::session_id::SessionIdError;

/// Why a grant does not allow the game; the `details.reason` of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum GrantProblem {
    NotGranted,
    Expired,
    Revoked,
}

/// An expected no. It leaves the session id free, so that the request can be made again.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// The key was replaced after this instance had last looked it up.
    StaleKey,
    RateLimited {
        limit: i64,
        retry_after_seconds: u64,
    },
    AccountDeactivated,
    AccountLocked,
    Session(SessionIdError),
    Body(Problem),
    SessionDuplicate,
    SiteNotFound,
    AppNotFound,
    NotGranted {
        app_id: AppId,
        app_name: String,
        reason: GrantProblem,
    },
    PlayersOutOfRange {
        min: i32,
        max: i32,
        requested: i32,
    },
    InsufficientBalance {
        current: Fen,
        required: Fen,
    },
    /// Totals would leave the range of 64 bits: a bug or a forged price, never a client's fault.
    Impossible,
}

impl Refusal {
    /// The contract's error code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::StaleKey => ErrorCode::InvalidApiKey,
            Self::RateLimited { .. } => ErrorCode::RateLimitExceeded,
            Self::AccountDeactivated => ErrorCode::AccountDeactivated,
            Self::AccountLocked => ErrorCode::AccountLocked,
            Self::Session(_) => ErrorCode::InvalidSessionId,
            Self::Body(problem) => problem.code(),
            Self::SessionDuplicate => ErrorCode::SessionDuplicate,
            Self::SiteNotFound => ErrorCode::SiteNotFound,
            Self::AppNotFound => ErrorCode::AppNotFound,
            Self::NotGranted { .. } => ErrorCode::AppNotAuthorized,
            Self::PlayersOutOfRange { .. } => ErrorCode::PlayerCountOutOfRange,
            Self::InsufficientBalance { .. } => ErrorCode::InsufficientBalance,
            Self::Impossible => ErrorCode::InternalError,
        }
    }
}
