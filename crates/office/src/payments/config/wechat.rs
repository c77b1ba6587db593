//! WeChat Pay: who the merchant is, its keys, and the keys of WeChat.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use url::Url;
use wechat_pay::{ApiV3Key, AppId, KeyError, Merchant, MerchantId, MerchantKey, PlatformKeys};

use super::{base_url, given, read, required, wrong};
use platform::config::ConfigError;

const PREFIX: &str = "WECHAT_PAY_";
const HOST: &str = "https://api.mch.weixin.qq.com";
const BACKUP_HOST: &str = "https://api2.mch.weixin.qq.com";

/// The merchant at WeChat Pay, in live mode: all of it, or nothing.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct WechatArgs {
    /// The merchant's number at WeChat Pay (mchid).
    #[arg(long, env = "WECHAT_PAY_MERCHANT_ID")]
    pub wechat_pay_merchant_id: Option<String>,
    /// The application bound to it (appid).
    #[arg(long, env = "WECHAT_PAY_APP_ID")]
    pub wechat_pay_app_id: Option<String>,
    /// The serial number of the merchant's API certificate.
    #[arg(long, env = "WECHAT_PAY_SERIAL_NUMBER")]
    pub wechat_pay_serial_number: Option<String>,
    /// The merchant's private key: the contents of apiclient_key.pem.
    #[arg(long, env = "WECHAT_PAY_PRIVATE_KEY", hide_env_values = true)]
    pub wechat_pay_private_key: Option<SecretString>,
    /// The file with that.
    #[arg(long, env = "WECHAT_PAY_PRIVATE_KEY_FILE")]
    pub wechat_pay_private_key_file: Option<PathBuf>,
    /// The APIv3 key: 32 characters.
    #[arg(long, env = "WECHAT_PAY_API_V3_KEY", hide_env_values = true)]
    pub wechat_pay_api_v3_key: Option<SecretString>,
    /// The file with that.
    #[arg(long, env = "WECHAT_PAY_API_V3_KEY_FILE")]
    pub wechat_pay_api_v3_key_file: Option<PathBuf>,
    /// The id of WeChat Pay's public key: PUB_KEY_ID_…
    #[arg(long, env = "WECHAT_PAY_PUBLIC_KEY_ID")]
    pub wechat_pay_public_key_id: Option<String>,
    /// WeChat Pay's public key in PEM: new merchants.
    #[arg(long, env = "WECHAT_PAY_PUBLIC_KEY", hide_env_values = true)]
    pub wechat_pay_public_key: Option<SecretString>,
    /// The file with that.
    #[arg(long, env = "WECHAT_PAY_PUBLIC_KEY_FILE")]
    pub wechat_pay_public_key_file: Option<PathBuf>,
    /// A platform certificate in PEM, or the word fetch: merchants of the old days. Later ones are fetched.
    #[arg(long, env = "WECHAT_PAY_PLATFORM_CERTIFICATE", hide_env_values = true)]
    pub wechat_pay_platform_certificate: Option<SecretString>,
    /// The file with that.
    #[arg(long, env = "WECHAT_PAY_PLATFORM_CERTIFICATE_FILE")]
    pub wechat_pay_platform_certificate_file: Option<PathBuf>,
    /// Another address than WeChat's two, for a rehearsal: https, except on this machine, and without a path.
    #[arg(long, env = "WECHAT_PAY_BASE_URL")]
    pub wechat_pay_base_url: Option<String>,
}

/// A merchant at WeChat Pay, or at a gateway that stands in for it.
#[derive(Debug, Clone)]
pub struct WechatConfig {
    pub mchid: String,
    pub appid: String,
    pub serial_number: String,
    pub private_key: SecretString,
    pub api_v3_key: SecretString,
    pub trust: WechatTrust,
    pub host: String,
    pub backup_host: Option<String>,
    pub notify_url: Url,
}

/// What WeChat's signatures are verified with: either, or both while a merchant moves from one to the other.
#[derive(Debug, Clone)]
pub struct WechatTrust {
    /// An id and a key in PEM.
    pub public_key: Option<(String, String)>,
    /// `fetch`, or a certificate in PEM; certificates are fetched in either case.
    pub certificate: Option<String>,
}

impl WechatArgs {
    /// `None` when nothing is set.
    pub(super) fn load(&self, notify_url: Url) -> Result<Option<WechatConfig>, ConfigError> {
        let mchid = given(self.wechat_pay_merchant_id.as_ref());
        let appid = given(self.wechat_pay_app_id.as_ref());
        let serial_number = given(self.wechat_pay_serial_number.as_ref());
        let private_key = read(
            "WECHAT_PAY_PRIVATE_KEY",
            self.wechat_pay_private_key.as_ref(),
            self.wechat_pay_private_key_file.as_ref(),
        )?;
        let api_v3_key = read(
            "WECHAT_PAY_API_V3_KEY",
            self.wechat_pay_api_v3_key.as_ref(),
            self.wechat_pay_api_v3_key_file.as_ref(),
        )?;
        let trust = self.trust()?;
        let is_unset = mchid.is_none()
            && appid.is_none()
            && serial_number.is_none()
            && private_key.is_none()
            && api_v3_key.is_none()
            && trust.is_none();
        if is_unset {
            return Ok(None);
        }
        let base_url = base_url("WECHAT_PAY_BASE_URL", self.wechat_pay_base_url.as_ref())?;
        let config = WechatConfig {
            mchid: required("WECHAT_PAY_MERCHANT_ID", mchid, PREFIX)?,
            appid: required("WECHAT_PAY_APP_ID", appid, PREFIX)?,
            serial_number: required("WECHAT_PAY_SERIAL_NUMBER", serial_number, PREFIX)?,
            private_key: required("WECHAT_PAY_PRIVATE_KEY", private_key, PREFIX)?,
            api_v3_key: required("WECHAT_PAY_API_V3_KEY", api_v3_key, PREFIX)?,
            trust: trust.ok_or_else(|| {
                wrong("WECHAT_PAY_PUBLIC_KEY", "must be set, or else WECHAT_PAY_PLATFORM_CERTIFICATE")
            })?,
            backup_host: base_url.is_none().then(|| BACKUP_HOST.to_owned()),
            host: base_url.unwrap_or_else(|| HOST.to_owned()),
            notify_url,
        };
        config.merchant()?;
        config.platform_keys()?;
        Ok(Some(config))
    }

    fn trust(&self) -> Result<Option<WechatTrust>, ConfigError> {
        let id = given(self.wechat_pay_public_key_id.as_ref());
        let key = read(
            "WECHAT_PAY_PUBLIC_KEY",
            self.wechat_pay_public_key.as_ref(),
            self.wechat_pay_public_key_file.as_ref(),
        )?;
        let certificate = read(
            "WECHAT_PAY_PLATFORM_CERTIFICATE",
            self.wechat_pay_platform_certificate.as_ref(),
            self.wechat_pay_platform_certificate_file.as_ref(),
        )?;
        let public_key = match (id, key) {
            (None, None) => None,
            (Some(id), Some(key)) => Some((id, key.expose_secret().to_owned())),
            (Some(_), None) => {
                return Err(wrong("WECHAT_PAY_PUBLIC_KEY", "must be set when WECHAT_PAY_PUBLIC_KEY_ID is"));
            }
            (None, Some(_)) => {
                return Err(wrong("WECHAT_PAY_PUBLIC_KEY_ID", "must be set when WECHAT_PAY_PUBLIC_KEY is"));
            }
        };
        let certificate = certificate.map(|text| text.expose_secret().to_owned());
        let is_set = public_key.is_some() || certificate.is_some();
        Ok(is_set.then_some(WechatTrust { public_key, certificate }))
    }
}

impl WechatConfig {
    /// # Errors
    /// Names the variable that is wrong.
    pub fn merchant(&self) -> Result<Merchant, ConfigError> {
        let key = MerchantKey::from_pem(&self.private_key, &self.serial_number);
        Ok(Merchant {
            mchid: MerchantId::parse(&self.mchid)
                .map_err(|error| wrong("WECHAT_PAY_MERCHANT_ID", error.rule))?,
            appid: AppId::parse(&self.appid).map_err(|error| wrong("WECHAT_PAY_APP_ID", error.rule))?,
            key: key.map_err(|error| match error {
                KeyError::SerialNumber => wrong("WECHAT_PAY_SERIAL_NUMBER", error.to_string()),
                _ => wrong("WECHAT_PAY_PRIVATE_KEY", error.to_string()),
            })?,
            api_v3_key: ApiV3Key::from_text(&self.api_v3_key)
                .map_err(|error| wrong("WECHAT_PAY_API_V3_KEY", error.to_string()))?,
        })
    }

    /// # Errors
    /// Names the variable that is wrong.
    pub fn platform_keys(&self) -> Result<PlatformKeys, ConfigError> {
        let mut keys = PlatformKeys::new();
        if let Some((id, pem)) = &self.trust.public_key {
            keys = keys.with_public_key(id, pem).map_err(|error| match error {
                KeyError::PublicKeyId => wrong("WECHAT_PAY_PUBLIC_KEY_ID", error.to_string()),
                _ => wrong("WECHAT_PAY_PUBLIC_KEY", error.to_string()),
            })?;
        }
        match self.trust.certificate.as_deref() {
            None => return Ok(keys),
            Some("fetch") => {}
            Some(pem) => {
                keys = keys
                    .with_certificate(pem)
                    .map_err(|error| wrong("WECHAT_PAY_PLATFORM_CERTIFICATE", error.to_string()))?;
            }
        }
        Ok(keys.fetching_certificates())
    }

    #[must_use]
    pub const fn fetches_certificates(&self) -> bool {
        self.trust.certificate.is_some()
    }
}
