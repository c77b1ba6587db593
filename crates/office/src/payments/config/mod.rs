//! Which payment providers there are: a sandbox, or the real ones. A variable that is set to nothing counts as not set.

mod alipay;
mod wechat;

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

pub use alipay::{AlipayArgs, AlipayConfig, AlipayTrust};
pub use wechat::{WechatArgs, WechatConfig, WechatTrust};

use platform::config::ConfigError;

/// How top-ups are paid.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct PaymentArgs {
    /// sandbox (the default): a local gateway stands in for the providers, and nobody pays. live: the real ones.
    #[arg(long, env = "PAYMENT_MODE")]
    pub payment_mode: Option<String>,
    #[command(flatten)]
    pub wechat: WechatArgs,
    #[command(flatten)]
    pub alipay: AlipayArgs,
}

/// Where payments go.
#[derive(Debug, Clone, Default)]
pub enum PaymentConfig {
    /// Nowhere: no provider is configured.
    #[default]
    Nowhere,
    /// To a gateway in this process that stands in for both providers.
    Sandbox,
    /// To the real providers.
    Live(Box<LiveConfig>),
}

/// The real providers. `None`: not configured.
#[derive(Debug, Clone)]
pub struct LiveConfig {
    pub wechat: Option<WechatConfig>,
    pub alipay: Option<AlipayConfig>,
}

impl PaymentArgs {
    /// # Errors
    /// Names the variable that is missing or wrong. Keys are read and checked here, before anything starts.
    pub fn load(&self, public_url: Option<&Url>) -> Result<PaymentConfig, ConfigError> {
        match self.payment_mode.as_deref().map(str::trim).filter(|mode| !mode.is_empty()) {
            None | Some("sandbox") => Ok(PaymentConfig::Sandbox),
            Some("live") => self.load_live(public_url),
            Some(other) => Err(wrong("PAYMENT_MODE", format!("{other:?} is neither sandbox nor live"))),
        }
    }

    fn load_live(&self, public_url: Option<&Url>) -> Result<PaymentConfig, ConfigError> {
        let public_url = public_url
            .filter(|url| url.scheme() == "https")
            .ok_or_else(|| wrong("COINSLOT_PUBLIC_URL", "must be an https URL when PAYMENT_MODE is live"))?;
        let wechat = self.wechat.load(notify_url(public_url, "wechat"))?;
        let alipay = self.alipay.load(notify_url(public_url, "alipay"))?;
        Ok(PaymentConfig::Live(Box::new(LiveConfig { wechat, alipay })))
    }
}

/// Where a provider reports to, at an address it can reach.
#[must_use]
pub fn notify_url(base: &Url, provider: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/v1/payments/{provider}/notify", base.path().trim_end_matches('/')));
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// A value given as it is or as the path of a file, without the space around it. Lines of PEM may be divided by `\n`.
fn read(
    variable: &'static str,
    value: Option<&SecretString>,
    file: Option<&PathBuf>,
) -> Result<Option<SecretString>, ConfigError> {
    let value = value.map(ExposeSecret::expose_secret).filter(|text| !text.trim().is_empty());
    let file = file.filter(|path| !path.as_os_str().is_empty());
    let text = match (value, file) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => return Err(wrong(variable, format!("so is {variable}_FILE: set one"))),
        (Some(text), None) => text.replace("\\n", "\n"),
        (None, Some(path)) => std::fs::read_to_string(path)
            .map_err(|error| wrong(variable, format!("{}: {error}", path.display())))?,
    };
    let text = text.trim();
    if text.is_empty() {
        return Err(wrong(variable, "the file is empty"));
    }
    Ok(Some(SecretString::from(text)))
}

/// Where a provider is, if it is not where it always is.
fn base_url(variable: &'static str, value: Option<&String>) -> Result<Option<String>, ConfigError> {
    let Some(text) = given(value) else { return Ok(None) };
    match pay_protocol::http::address(&text) {
        Some(_) => Ok(Some(text)),
        None => Err(wrong(variable, "must be an https URL (http on this machine alone)")),
    }
}

fn given(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn required<T>(variable: &'static str, value: Option<T>, others: &str) -> Result<T, ConfigError> {
    value.ok_or_else(|| wrong(variable, format!("must be set when other {others} variables are")))
}

fn wrong(variable: &'static str, reason: impl Into<String>) -> ConfigError {
    ConfigError::Variable { variable, reason: reason.into() }
}

#[cfg(test)]
mod tests;
