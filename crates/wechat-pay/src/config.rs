//! What a client is made of.

use std::time::Duration;

use reqwest::Url;

use crate::api_v3_key::ApiV3Key;
use crate::keys::{KeyError, MerchantKey};
use crate::numbers::{AppId, MerchantId};
use crate::platform_keys::PlatformKeys;

/// Why no client can be made.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A key or certificate cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Not the address of a host that may be spoken to.
    #[error("{0} is not an https address without path and query (http on this machine alone)")]
    Host(String),
    /// The HTTP library refuses.
    #[error("the HTTP client cannot be set up (are ca-certificates installed?): {0}")]
    Http(#[source] reqwest::Error),
}

/// Who we are to WeChat Pay.
#[derive(Clone, Debug)]
pub struct Merchant {
    /// The merchant's number.
    pub mchid: MerchantId,
    /// The application, bound to the merchant's number.
    pub appid: AppId,
    /// What requests are signed with.
    pub key: MerchantKey,
    /// What notices and certificates are encrypted under.
    pub api_v3_key: ApiV3Key,
}

/// Where requests go.
#[derive(Clone, Debug)]
pub struct Hosts {
    pub(crate) primary: Url,
    pub(crate) backup: Option<Url>,
}

impl Hosts {
    /// WeChat's own, with the backup in another place.
    ///
    /// # Errors
    ///
    /// As for [`Hosts::new`], though these two are well formed.
    pub fn official() -> Result<Self, ConfigError> {
        Self::new("https://api.mch.weixin.qq.com", Some("https://api2.mch.weixin.qq.com"))
    }

    /// Others, such as a gateway that stands in for WeChat. Each is scheme, host and perhaps a port, without a path;
    /// `https`, except on this machine.
    /// The backup is asked only when a GET got no usable answer from the primary.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Host`] with the address that is not one.
    pub fn new(primary: &str, backup: Option<&str>) -> Result<Self, ConfigError> {
        Ok(Hosts { primary: origin(primary)?, backup: backup.map(origin).transpose()? })
    }
}

impl Hosts {
    pub(crate) fn all(&self) -> impl Iterator<Item = &Url> {
        std::iter::once(&self.primary).chain(&self.backup)
    }
}

fn origin(text: &str) -> Result<Url, ConfigError> {
    let is_bare = |url: &Url| url.path() == "/" && url.query().is_none();
    let url = pay_protocol::http::address(text).filter(is_bare);
    url.ok_or_else(|| ConfigError::Host(text.to_owned()))
}

/// How long to wait. A time-out after the request has left makes its outcome unknown.
#[derive(Clone, Copy, Debug)]
pub struct TimeLimits {
    /// For the connection.
    pub connect: Duration,
    /// For a whole call, connection included. A GET may take twice as long, once per host.
    pub call: Duration,
    /// For the download of a bill.
    pub download: Duration,
}

impl Default for TimeLimits {
    fn default() -> Self {
        TimeLimits {
            connect: Duration::from_secs(5),
            call: Duration::from_secs(15),
            download: Duration::from_secs(120),
        }
    }
}

/// Everything a [`Client`](crate::Client) needs, besides time and nonces.
#[derive(Debug)]
pub struct Config {
    /// Who we are.
    pub merchant: Merchant,
    /// What WeChat's signatures are verified with.
    pub platform_keys: PlatformKeys,
    /// Where requests go.
    pub hosts: Hosts,
    /// How long to wait.
    pub time_limits: TimeLimits,
    /// The `User-Agent` header, without which WeChat answers nobody, such as `coinslot/1.0`.
    pub user_agent: String,
}
