//! Refused authorizations as the contract has them.

use base::problem::{ErrorCode, Problem, Text};
use books::authorization::refusal::{GrantProblem, Refusal};
use books::authorization::session_id::SessionIdError;
use money::Fen;
use platform::security::rate_limit::WINDOW_MS;
use serde_json::json;

/// The contract's answer to a refusal.
pub(super) fn problem(refusal: Refusal) -> Problem {
    let code = refusal.code();
    match refusal {
        Refusal::RateLimited { limit, retry_after_seconds } => {
            Problem::rate_limited(limit, WINDOW_MS.unsigned_abs() / 1_000, retry_after_seconds)
        }
        Refusal::Session(error) => session_problem(code, error),
        Refusal::Body(problem) => problem,
        Refusal::NotGranted { app_id, app_name, reason } => Problem::new(code)
            .with_text(grant_text(reason))
            .with_details(json!({"app_id": app_id, "app_name": app_name, "reason": reason.into_str()})),
        Refusal::PlayersOutOfRange { min, max, requested } => Problem::new(code)
            .with_details(json!({"min_players": min, "max_players": max, "requested_players": requested})),
        Refusal::InsufficientBalance { current, required } => {
            let shortage = Fen::new(required.get() - current.get());
            Problem::new(code).with_details(json!({
                "current_balance": current,
                "required_amount": required,
                "shortage": shortage,
            }))
        }
        Refusal::Impossible => Problem::internal("a charge left the range of 64 bits"),
        Refusal::StaleKey
        | Refusal::AccountDeactivated
        | Refusal::AccountLocked
        | Refusal::SessionDuplicate
        | Refusal::SiteNotFound
        | Refusal::AppNotFound => code.into(),
    }
}

const fn grant_text(problem: GrantProblem) -> Text {
    match problem {
        GrantProblem::NotGranted => Text::new("该应用未授权给您", "The application is not granted to you"),
        GrantProblem::Expired => {
            Text::new("该应用的授权已到期", "The grant for this application has expired")
        }
        GrantProblem::Revoked => {
            Text::new("该应用的授权已被撤销", "The grant for this application was revoked")
        }
    }
}

fn session_problem(code: ErrorCode, error: SessionIdError) -> Problem {
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
    Problem::new(code).with_text(text).with_details(json!({"reason": error.into_str()}))
}
