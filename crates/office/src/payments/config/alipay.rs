//! Alipay: which application we are, its key, and Alipay's.

use std::path::PathBuf;

use alipay::{Certificates, Credentials, PRODUCTION_GATEWAY};
use pay_protocol::{PrivateKey, PublicKey};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{base_url, given, read, required, wrong};
use platform::config::ConfigError;

const PREFIX: &str = "ALIPAY_";

/// The application at Alipay, in live mode: all of it, or nothing.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct AlipayArgs {
    /// The application at Alipay (app_id).
    #[arg(long, env = "ALIPAY_APP_ID")]
    pub alipay_app_id: Option<String>,
    /// The merchant's number at Alipay: 16 digits beginning with 2088.
    #[arg(long, env = "ALIPAY_SELLER_ID")]
    pub alipay_seller_id: Option<String>,
    /// The application's private key, in PEM or as Alipay's key tool saves it.
    #[arg(long, env = "ALIPAY_PRIVATE_KEY", hide_env_values = true)]
    pub alipay_private_key: Option<SecretString>,
    /// The file with that.
    #[arg(long, env = "ALIPAY_PRIVATE_KEY_FILE")]
    pub alipay_private_key_file: Option<PathBuf>,
    /// Alipay's public key, in public-key mode.
    #[arg(long, env = "ALIPAY_PUBLIC_KEY", hide_env_values = true)]
    pub alipay_public_key: Option<SecretString>,
    /// The file with that.
    #[arg(long, env = "ALIPAY_PUBLIC_KEY_FILE")]
    pub alipay_public_key_file: Option<PathBuf>,
    /// The application's certificate, in certificate mode.
    #[arg(long, env = "ALIPAY_APP_CERTIFICATE", hide_env_values = true)]
    pub alipay_app_certificate: Option<SecretString>,
    /// The file with that: appCertPublicKey_….crt.
    #[arg(long, env = "ALIPAY_APP_CERTIFICATE_FILE")]
    pub alipay_app_certificate_file: Option<PathBuf>,
    /// Alipay's certificate, in certificate mode; while it changes, the old one and the new, one after the other.
    #[arg(long, env = "ALIPAY_CERTIFICATE", hide_env_values = true)]
    pub alipay_certificate: Option<SecretString>,
    /// The file with that: alipayCertPublicKey_RSA2.crt.
    #[arg(long, env = "ALIPAY_CERTIFICATE_FILE")]
    pub alipay_certificate_file: Option<PathBuf>,
    /// Alipay's root certificates, in certificate mode.
    #[arg(long, env = "ALIPAY_ROOT_CERTIFICATE", hide_env_values = true)]
    pub alipay_root_certificate: Option<SecretString>,
    /// The file with that: alipayRootCert.crt.
    #[arg(long, env = "ALIPAY_ROOT_CERTIFICATE_FILE")]
    pub alipay_root_certificate_file: Option<PathBuf>,
    /// Another gateway than the one of production, such as that of Alipay's own sandbox: https, except on this machine.
    #[arg(long, env = "ALIPAY_GATEWAY_URL")]
    pub alipay_gateway_url: Option<String>,
}

/// An application at Alipay, or at a gateway that stands in for it.
#[derive(Debug, Clone)]
pub struct AlipayConfig {
    pub app_id: String,
    pub seller_id: String,
    pub private_key: SecretString,
    pub trust: AlipayTrust,
    pub gateway: String,
    pub notify_url: Url,
}

/// What Alipay's signatures are verified with.
#[derive(Debug, Clone)]
pub enum AlipayTrust {
    PublicKey(String),
    Certificates { app: String, alipay: String, roots: String },
}

impl AlipayArgs {
    /// `None` when nothing is set.
    pub(super) fn load(&self, notify_url: Url) -> Result<Option<AlipayConfig>, ConfigError> {
        let app_id = given(self.alipay_app_id.as_ref());
        let seller_id = given(self.alipay_seller_id.as_ref());
        let private_key = read(
            "ALIPAY_PRIVATE_KEY",
            self.alipay_private_key.as_ref(),
            self.alipay_private_key_file.as_ref(),
        )?;
        let trust = self.trust()?;
        if app_id.is_none() && seller_id.is_none() && private_key.is_none() && trust.is_none() {
            return Ok(None);
        }
        let config = AlipayConfig {
            app_id: required("ALIPAY_APP_ID", app_id, PREFIX)?,
            seller_id: required("ALIPAY_SELLER_ID", seller_id, PREFIX)?,
            private_key: required("ALIPAY_PRIVATE_KEY", private_key, PREFIX)?,
            trust: trust.ok_or_else(|| {
                wrong("ALIPAY_PUBLIC_KEY", "must be set, or else the three certificates (ALIPAY_CERTIFICATE)")
            })?,
            gateway: base_url("ALIPAY_GATEWAY_URL", self.alipay_gateway_url.as_ref())?
                .unwrap_or_else(|| PRODUCTION_GATEWAY.to_owned()),
            notify_url,
        };
        let is_seller = config.seller_id.len() == 16
            && config.seller_id.starts_with("2088")
            && config.seller_id.bytes().all(|byte| byte.is_ascii_digit());
        if !is_seller {
            return Err(wrong("ALIPAY_SELLER_ID", "must have 16 digits and begin with 2088"));
        }
        config.credentials()?;
        Ok(Some(config))
    }

    fn trust(&self) -> Result<Option<AlipayTrust>, ConfigError> {
        let key =
            read("ALIPAY_PUBLIC_KEY", self.alipay_public_key.as_ref(), self.alipay_public_key_file.as_ref())?;
        let app = read(
            "ALIPAY_APP_CERTIFICATE",
            self.alipay_app_certificate.as_ref(),
            self.alipay_app_certificate_file.as_ref(),
        )?;
        let alipay = read(
            "ALIPAY_CERTIFICATE",
            self.alipay_certificate.as_ref(),
            self.alipay_certificate_file.as_ref(),
        )?;
        let roots = read(
            "ALIPAY_ROOT_CERTIFICATE",
            self.alipay_root_certificate.as_ref(),
            self.alipay_root_certificate_file.as_ref(),
        )?;
        let text = |text: SecretString| text.expose_secret().to_owned();
        match (key, app, alipay, roots) {
            (None, None, None, None) => Ok(None),
            (Some(key), None, None, None) => Ok(Some(AlipayTrust::PublicKey(text(key)))),
            (None, Some(app), Some(alipay), Some(roots)) => Ok(Some(AlipayTrust::Certificates {
                app: text(app),
                alipay: text(alipay),
                roots: text(roots),
            })),
            (Some(_), ..) => Err(wrong("ALIPAY_PUBLIC_KEY", "must not be set together with certificates")),
            (None, app, alipay, _) => {
                let others = "ALIPAY_ certificate";
                required("ALIPAY_APP_CERTIFICATE", app, others)?;
                required("ALIPAY_CERTIFICATE", alipay, others)?;
                required("ALIPAY_ROOT_CERTIFICATE", None, others)
            }
        }
    }
}

impl AlipayConfig {
    /// # Errors
    /// Names the variable that is wrong.
    pub fn credentials(&self) -> Result<Credentials, ConfigError> {
        let private_key = PrivateKey::parse(self.private_key.expose_secret())
            .map_err(|error| wrong("ALIPAY_PRIVATE_KEY", error.to_string()))?;
        match &self.trust {
            AlipayTrust::PublicKey(key) => {
                let key =
                    PublicKey::parse(key).map_err(|error| wrong("ALIPAY_PUBLIC_KEY", error.to_string()))?;
                Ok(Credentials::with_key(self.app_id.as_str(), private_key, key))
            }
            AlipayTrust::Certificates { app, alipay, roots } => {
                let certificates = Certificates::parse(app, alipay, roots).map_err(|error| {
                    wrong(
                        "ALIPAY_APP_CERTIFICATE, ALIPAY_CERTIFICATE, ALIPAY_ROOT_CERTIFICATE",
                        error.to_string(),
                    )
                })?;
                Ok(Credentials::with_certificates(self.app_id.as_str(), private_key, certificates))
            }
        }
    }
}
