//! The mail server: without one, e-mails wait in the outbox.

use lettre::message::Mailbox;
use secrecy::{ExposeSecret, SecretString};

use super::ConfigError;

/// How the platform sends e-mail. A variable that is set to nothing counts as not set.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct SmtpArgs {
    /// The mail server that e-mail is sent through.
    #[arg(long, env = "SMTP_HOST")]
    pub smtp_host: Option<String>,
    /// Its port, when it is not the usual one: 587 for starttls, 465 for tls, 25 for none.
    #[arg(long, env = "SMTP_PORT")]
    pub smtp_port: Option<String>,
    /// How the connection is encrypted: starttls, tls (from the first byte) or none. Default: starttls.
    #[arg(long, env = "SMTP_TLS")]
    pub smtp_tls: Option<String>,
    /// Who signs in to the mail server.
    #[arg(long, env = "SMTP_USERNAME")]
    pub smtp_username: Option<String>,
    /// The password for that.
    #[arg(long, env = "SMTP_PASSWORD", hide_env_values = true)]
    pub smtp_password: Option<SecretString>,
    /// The sender: an address, or a name and an address in angle brackets.
    #[arg(long, env = "SMTP_FROM")]
    pub smtp_from: Option<String>,
}

/// A mail server and what it needs to know of us.
#[derive(Debug, Clone)]
pub struct SmtpConfig {
    pub host: String,
    /// `None`: the usual one.
    pub port: Option<u16>,
    pub tls: SmtpTls,
    pub credentials: Option<(String, SecretString)>,
    pub from: Mailbox,
}

/// How the connection to the mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// Begins in the clear and must change to TLS before anything is said.
    Starttls,
    /// From the first byte.
    Tls,
    None,
}

impl SmtpArgs {
    /// `None` without a mail server.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn load(&self) -> Result<Option<SmtpConfig>, ConfigError> {
        let username = given(self.smtp_username.as_deref());
        let password = self.smtp_password.as_ref().filter(|password| !password.expose_secret().is_empty());
        let from = given(self.smtp_from.as_deref());
        let Some(host) = given(self.smtp_host.as_deref()) else {
            return match username.is_some() || password.is_some() || from.is_some() {
                true => Err(wrong("SMTP_HOST", "must be set when other SMTP_ variables are")),
                false => Ok(None),
            };
        };
        let from = from.ok_or_else(|| wrong("SMTP_FROM", "must be set when SMTP_HOST is"))?;
        let from = from.parse().map_err(|error| wrong("SMTP_FROM", format!("{from:?}: {error}")))?;
        let tls = self.tls()?;
        let credentials = match (username, password) {
            (None, None) => None,
            (Some(username), Some(password)) => Some((username.to_owned(), password.clone())),
            (Some(_), None) => return Err(wrong("SMTP_PASSWORD", "must be set when SMTP_USERNAME is")),
            (None, Some(_)) => return Err(wrong("SMTP_USERNAME", "must be set when SMTP_PASSWORD is")),
        };
        if credentials.is_some() && tls == SmtpTls::None {
            return Err(wrong("SMTP_TLS", "a password is not sent in the clear"));
        }
        Ok(Some(SmtpConfig { host: host.to_owned(), port: self.port()?, tls, credentials, from }))
    }

    fn tls(&self) -> Result<SmtpTls, ConfigError> {
        match given(self.smtp_tls.as_deref()) {
            None | Some("starttls") => Ok(SmtpTls::Starttls),
            Some("tls") => Ok(SmtpTls::Tls),
            Some("none") => Ok(SmtpTls::None),
            Some(other) => Err(wrong("SMTP_TLS", format!("{other:?} is neither starttls nor tls nor none"))),
        }
    }

    fn port(&self) -> Result<Option<u16>, ConfigError> {
        let parse = |text: &str| match text.parse::<u16>() {
            Ok(port) if port > 0 => Ok(port),
            _ => Err(wrong("SMTP_PORT", format!("{text:?} is no port"))),
        };
        given(self.smtp_port.as_deref()).map(parse).transpose()
    }
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn wrong(variable: &'static str, reason: impl Into<String>) -> ConfigError {
    ConfigError::Variable { variable, reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The arguments of a complete configuration, changed.
    fn load(change: impl FnOnce(&mut SmtpArgs)) -> Result<Option<SmtpConfig>, String> {
        let text = |text: &str| Some(text.to_owned());
        let mut args = SmtpArgs {
            smtp_host: text("smtp.example.com"),
            smtp_username: text("coinslot"),
            smtp_password: Some("open sesame".into()),
            smtp_from: text("Coinslot <no-reply@example.com>"),
            ..SmtpArgs::default()
        };
        change(&mut args);
        args.load().map_err(|error| error.to_string())
    }

    #[test]
    fn a_complete_configuration_is_taken_as_it_is() {
        let config = load(|args| args.smtp_port = Some("2525".to_owned())).unwrap().unwrap();
        assert_eq!((config.host.as_str(), config.port), ("smtp.example.com", Some(2525)));
        assert_eq!(
            (config.tls, config.from.email.to_string()),
            (SmtpTls::Starttls, "no-reply@example.com".to_owned())
        );
        assert_eq!(config.credentials.as_ref().unwrap().0, "coinslot");
        assert!(!format!("{config:?}").contains("open sesame"));
    }

    #[test]
    fn nothing_at_all_and_empty_variables_are_no_mail_server() {
        assert!(SmtpArgs::default().load().unwrap().is_none());
        let empty = || Some(String::new());
        let args = SmtpArgs {
            smtp_host: empty(),
            smtp_port: empty(),
            smtp_tls: empty(),
            smtp_username: empty(),
            smtp_password: Some("".into()),
            smtp_from: empty(),
        };
        assert!(args.load().unwrap().is_none());
    }

    #[test]
    fn an_error_names_the_variable() {
        let error = |change: fn(&mut SmtpArgs)| load(change).unwrap_err();
        assert!(error(|args| args.smtp_host = None).starts_with("SMTP_HOST: "));
        assert!(error(|args| args.smtp_from = None).starts_with("SMTP_FROM: "));
        assert!(error(|args| args.smtp_from = Some("nobody".to_owned())).starts_with("SMTP_FROM: "));
        assert!(error(|args| args.smtp_username = None).starts_with("SMTP_USERNAME: "));
        assert!(error(|args| args.smtp_password = None).starts_with("SMTP_PASSWORD: "));
        assert!(error(|args| args.smtp_port = Some("0".to_owned())).starts_with("SMTP_PORT: "));
        assert!(error(|args| args.smtp_tls = Some("ssl".to_owned())).starts_with("SMTP_TLS: "));
        assert!(error(|args| args.smtp_tls = Some("none".to_owned())).starts_with("SMTP_TLS: "));
    }
}
