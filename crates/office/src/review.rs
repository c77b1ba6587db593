//! How far a request of an operator is that somebody of the staff decides, once.

use base::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Stands as the reviewer of what the platform decided by itself.
pub const SYSTEM: &str = "system";

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
            Self::Approved => {
                Err(Problem::not_allowed("该申请已通过，不能重复处理", "The request is approved already"))
            }
            Self::Rejected => {
                Err(Problem::not_allowed("该申请已驳回，不能重复处理", "The request is rejected already"))
            }
        }
    }
}
