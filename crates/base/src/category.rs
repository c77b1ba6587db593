//! The customer category of an operator, which decides when its balance is low.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;

/// How much business an operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    Trial,
    Normal,
    Vip,
}

impl Category {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trial => "trial",
            Self::Normal => "normal",
            Self::Vip => "vip",
        }
    }

    /// Reads the database's text.
    ///
    /// # Errors
    /// A text the table's CHECK does not allow.
    pub fn parse(text: &str) -> Result<Self, UnknownCategory> {
        match text {
            "trial" => Ok(Self::Trial),
            "normal" => Ok(Self::Normal),
            "vip" => Ok(Self::Vip),
            _ => Err(UnknownCategory),
        }
    }
}

/// A text that is no category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unreadable category in the database")]
pub struct UnknownCategory;

impl From<UnknownCategory> for Problem {
    fn from(error: UnknownCategory) -> Self {
        Problem::internal(error)
    }
}
