//! Requests of operators that somebody of the staff decides, once.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::postgres::PgQueryResult;
use utoipa::ToSchema;

use crate::clock::UtcTime;
use crate::ids::OperatorId;
use crate::messages::{self, MessageKind, NewMessage};
use crate::problem::{ErrorCode, Problem, Text};

/// Stands as the reviewer of what the platform decided by itself.
pub(crate) const SYSTEM: &str = "system";

/// How far the decision is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum ReviewStatus {
    Pending,
    Approved,
    Rejected,
}

impl ReviewStatus {
    /// A decision stands: a second one is refused.
    ///
    /// # Errors
    /// `INVALID_PARAMS` unless the request is pending.
    pub fn require_pending(self) -> Result<(), Problem> {
        match self {
            Self::Pending => Ok(()),
            Self::Approved => Err(refused("该申请已通过，不能重复处理", "The request is approved already")),
            Self::Rejected => Err(refused("该申请已驳回，不能重复处理", "The request is rejected already")),
        }
    }
}

/// `INVALID_PARAMS` that says why the state of things does not allow a request.
pub(crate) fn refused(zh: &'static str, en: &'static str) -> Problem {
    Problem::new(ErrorCode::InvalidParams).with_text(Text::new(zh, en))
}

/// # Errors
/// When the row, which is locked, was not the one row that changed.
pub(crate) fn expect_one(changed: &PgQueryResult) -> Result<(), Problem> {
    match changed.rows_affected() {
        1 => Ok(()),
        rows => Err(Problem::internal(format!("{rows} rows changed instead of one"))),
    }
}

/// Tells the operator what was decided.
///
/// # Errors
/// The database's.
pub(crate) async fn tell(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    title: &str,
    content: String,
    now: UtcTime,
) -> sqlx::Result<()> {
    let message =
        NewMessage { kind: MessageKind::System, title: title.to_owned(), content, announcement_id: None };
    messages::send(connection, &[operator_id], &message, now).await
}
