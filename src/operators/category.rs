use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The customer category of an operator.
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
}
