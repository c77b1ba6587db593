//! The customer category of an operator, which decides when its balance is low.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;

/// How much business an operator does.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    Trial,
    Normal,
    Vip,
}

impl Category {
    /// Reads the database's text.
    ///
    /// # Errors
    /// A text the table's CHECK does not allow.
    pub fn parse(text: &str) -> Result<Self, UnknownCategory> {
        text.parse().map_err(|_| UnknownCategory)
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
