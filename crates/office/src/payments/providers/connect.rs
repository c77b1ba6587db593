//! The clients of the real providers, or of a gateway that stands in for them.

use std::fmt::Display;
use std::time::Duration;

use alipay::{Alipay, Settings};
use wechat_pay::{Hosts, NotifyUrl, RandomNonces, TimeLimits, Wechat};

use super::clock::ProviderClock;
use crate::payments::config::{AlipayConfig, WechatConfig};
use base::clock::Clock;
use platform::config::ConfigError;

/// A call of a person waits for at most this long, twice if the first host does not answer a question.
const WECHAT_LIMITS: TimeLimits = TimeLimits {
    connect: Duration::from_secs(2),
    call: Duration::from_secs(4),
    download: Duration::from_secs(60),
};
const ALIPAY_CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// For one request; a question is sent up to three times.
const ALIPAY_TIMEOUT: Duration = Duration::from_secs(4);

fn unusable(provider: &'static str, error: &dyn Display) -> ConfigError {
    ConfigError::Provider { provider, reason: error.to_string() }
}

pub(super) fn wechat(config: &WechatConfig, clock: &Clock) -> Result<Wechat, ConfigError> {
    let wrong = |error: &dyn Display| unusable("WeChat Pay", error);
    let hosts = Hosts::new(&config.host, config.backup_host.as_deref());
    let notify_url = NotifyUrl::parse_local(config.notify_url.as_str());
    let client_config = wechat_pay::Config {
        merchant: config.merchant()?,
        platform_keys: config.platform_keys()?,
        hosts: hosts.map_err(|error| wrong(&error))?,
        time_limits: WECHAT_LIMITS,
        user_agent: concat!("coinslot/", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    let client = wechat_pay::Client::new(client_config, ProviderClock(clock.clone()), RandomNonces);
    let client = client.map_err(|error| wrong(&error))?;
    Ok(Wechat::new(client, notify_url.map_err(|error| wrong(&error))?))
}

pub(super) fn alipay(config: &AlipayConfig, clock: &Clock) -> Result<Alipay, ConfigError> {
    let mut settings = Settings::new(config.gateway.as_str());
    settings.notify_url = Some(config.notify_url.to_string());
    settings.seller_id = Some(config.seller_id.clone());
    settings.connect_timeout = ALIPAY_CONNECT_TIMEOUT;
    settings.timeout = ALIPAY_TIMEOUT;
    let client = alipay::Client::new(config.credentials()?, settings);
    let client = client.map_err(|error| unusable("Alipay", &error))?;
    Ok(Alipay::new(client, ProviderClock(clock.clone())))
}
