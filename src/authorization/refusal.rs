//! Why an authorization is refused, as a value and as the contract's answer.

use money::Fen;
use serde_json::json;

use super::session_id::SessionIdError;
use crate::ids::AppId;
use crate::problem::{ErrorCode, Problem, Text};
use crate::security::rate_limit::WINDOW_MS;

/// Why a grant does not allow the game; the `details.reason` of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantProblem {
    NotGranted,
    Expired,
    Revoked,
}

impl GrantProblem {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotGranted => "not_granted",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    const fn text(self) -> Text {
        match self {
            Self::NotGranted => Text::new("该应用未授权给您", "The application is not granted to you"),
            Self::Expired => Text::new("该应用的授权已到期", "The grant for this application has expired"),
            Self::Revoked => Text::new("该应用的授权已被撤销", "The grant for this application was revoked"),
        }
    }
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

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::StaleKey => ErrorCode::InvalidApiKey.into(),
            Refusal::RateLimited { limit, retry_after_seconds } => {
                Problem::rate_limited(limit, WINDOW_MS.unsigned_abs() / 1_000, retry_after_seconds)
            }
            Refusal::AccountDeactivated => ErrorCode::AccountDeactivated.into(),
            Refusal::AccountLocked => ErrorCode::AccountLocked.into(),
            Refusal::Session(error) => session_problem(error),
            Refusal::Body(problem) => problem,
            Refusal::SessionDuplicate => ErrorCode::SessionDuplicate.into(),
            Refusal::SiteNotFound => ErrorCode::SiteNotFound.into(),
            Refusal::AppNotFound => ErrorCode::AppNotFound.into(),
            Refusal::NotGranted { app_id, app_name, reason } => Problem::new(ErrorCode::AppNotAuthorized)
                .with_text(reason.text())
                .with_details(json!({"app_id": app_id, "app_name": app_name, "reason": reason.as_str()})),
            Refusal::PlayersOutOfRange { min, max, requested } => Problem::new(
                ErrorCode::PlayerCountOutOfRange,
            )
            .with_details(json!({"min_players": min, "max_players": max, "requested_players": requested})),
            Refusal::InsufficientBalance { current, required } => {
                let shortage = Fen::new(required.get() - current.get());
                Problem::new(ErrorCode::InsufficientBalance).with_details(json!({
                    "current_balance": current,
                    "required_amount": required,
                    "shortage": shortage,
                }))
            }
            Refusal::Impossible => Problem::internal("a charge left the range of 64 bits"),
        }
    }
}

fn session_problem(error: SessionIdError) -> Problem {
    let text = match error {
        SessionIdError::Missing => {
            Text::new("缺少 X-Session-ID 请求头", "The X-Session-ID header is missing")
        }
        SessionIdError::Malformed => Text::new("会话编号格式不正确", "The session id is malformed"),
        SessionIdError::OperatorMismatch => {
            Text::new("会话编号不属于当前运营商", "The session id belongs to another operator")
        }
        SessionIdError::Expired => Text::new(
            "会话编号的时间与服务器时间相差超过 5 分钟",
            "The time in the session id is more than 5 minutes from now",
        ),
    };
    Problem::new(ErrorCode::InvalidSessionId).with_text(text).with_details(json!({"reason": error.as_str()}))
}
