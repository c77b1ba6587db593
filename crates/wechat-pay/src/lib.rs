//! The merchant's side of WeChat Pay APIv3, for Native payment (the payer scans a code): orders, refunds, notices
//! and bills. It is protocol only and knows nothing of games, operators or a database.
//!
//! [`Client`] makes the calls. An act ends in an [`Outcome`](pay_protocol::Outcome), a question in an
//! [`Answer`](pay_protocol::Answer); which codes mean what is one table, `codes.rs`. [`Wechat`] says the same in the words
//! of [`PaymentProvider`](pay_protocol::PaymentProvider). Requests are values that cannot be made with fields WeChat would not
//! take ([`InvalidField`]); answers and notices are believed only with a signature of WeChat's ([`Unverified`]).
//!
//! The crate reads neither the clock nor the environment: time comes from [`Clock`](pay_protocol::Clock), nonces from [`Nonces`].
//! Amounts are [`money::Fen`], instants [`jiff::Timestamp`]. Numbers such as 4012791877 in the documentation are
//! those of the official pages, `https://pay.weixin.qq.com/doc/v3/merchant/<number>`.
//!
//! TLS trusts the certificates of the system, so the package `ca-certificates` must be installed.

#![warn(missing_docs)]

mod api_v3_key;
pub mod bills;
mod certificates;
mod client;
mod codes;
mod config;
mod exchange;
mod fields;
mod keys;
mod native;
pub mod notices;
mod numbers;
mod platform_keys;
mod provider;
mod refunds;
mod sources;
mod transactions;
mod transport;
mod verification;

pub use api_v3_key::ApiV3Key;
pub use client::Client;
pub use config::{Config, ConfigError, Hosts, Merchant, TimeLimits};
pub use fields::{InvalidField, NotifyUrl};
pub use keys::{KeyError, MerchantKey};
pub use native::{CodeUrl, NativeOrder};
pub use numbers::{AppId, MerchantId, OutRefundNo, OutTradeNo, TransactionId};
pub use platform_keys::PlatformKeys;
pub use provider::Wechat;
pub use refunds::{PaidOrder, Refund, RefundAmounts, RefundRequest, RefundStatus};
pub use sources::{Nonces, RandomNonces};
pub use transactions::{Paid, TradeState, Transaction};
pub use verification::Unverified;
