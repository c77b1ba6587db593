//! The channels that money comes in and goes out through.

use serde::{Deserialize, Serialize};

/// How a top-up is paid, and through whom it goes back.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    sqlx::Type,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PaymentMethod {
    /// WeChat Pay, Native.
    Wechat,
    /// Alipay, payment by QR code.
    Alipay,
}

impl PaymentMethod {
    pub const ALL: [Self; 2] = [Self::Wechat, Self::Alipay];
}
