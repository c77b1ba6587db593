//! The mail server.

use std::time::{Duration, SystemTime};

use base::clock::UtcTime;
use base::ids::EmailId;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::ExposeSecret;

use crate::config::{SmtpConfig, SmtpTls};
use crate::jobs::Failure;

/// For each answer of the server.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// For the whole conversation: a server that answers a little at a time must not take up a worker for ever.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Replies to what we say about ourselves: authentication required, too weak, failed, or only over TLS (RFC 4954). The
/// e-mail is as good as before, and whoever corrects the configuration wants it sent.
const ABOUT_US: [u16; 4] = [530, 534, 535, 538];

/// An e-mail as it is sent.
#[derive(Debug)]
pub(super) struct Letter {
    pub(super) id: EmailId,
    pub(super) recipient: String,
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) created_at: UtcTime,
    pub(super) enclosed: Option<Enclosed>,
}

/// A file that goes along.
#[derive(Debug)]
pub(super) struct Enclosed {
    pub(super) file_name: String,
    pub(super) media_type: String,
    pub(super) content: Vec<u8>,
}

/// A way to the mail server. Each e-mail takes a connection of its own: there are few of them.
#[derive(Debug)]
pub(super) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// Connects with the first e-mail.
    ///
    /// # Errors
    /// When TLS cannot be prepared.
    pub(super) fn new(config: &SmtpConfig) -> Result<Self, smtp::Error> {
        let host = config.host.as_str();
        let mut builder = match config.tls {
            SmtpTls::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host)?,
            SmtpTls::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(host)?,
            SmtpTls::None => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host),
        };
        if let Some(port) = config.port {
            builder = builder.port(port);
        }
        if let Some((username, password)) = &config.credentials {
            let password = password.expose_secret().to_owned();
            builder = builder.credentials(Credentials::new(username.clone(), password));
        }
        let hello = ClientId::Domain(config.from.email.domain().to_owned());
        let transport = builder.hello_name(hello).timeout(Some(ANSWER_TIMEOUT)).build();
        Ok(Mailer { transport, from: config.from.clone() })
    }

    /// Sends in UTF-8, encoded so that every mail server can pass it on.
    pub(super) async fn send(&self, letter: &Letter) -> Result<(), Failure> {
        let message = self.message(letter).map_err(Failure::Fail)?;
        match tokio::time::timeout(TIMEOUT, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(classify(&error)),
            Err(_) => Err(Failure::Retry("the mail server took too long".to_owned())),
        }
    }

    fn message(&self, letter: &Letter) -> Result<Message, String> {
        let recipient: Mailbox = letter.recipient.parse().map_err(|error| format!("recipient: {error}"))?;
        let builder = Message::builder()
            .from(self.from.clone())
            .to(recipient)
            .subject(letter.subject.as_str())
            .date(SystemTime::from(letter.created_at.timestamp()))
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.email.domain())));
        let text = letter.body.clone();
        let message = match &letter.enclosed {
            None => builder.header(ContentType::TEXT_PLAIN).body(text),
            Some(file) => {
                let media_type = ContentType::parse(&file.media_type).map_err(|error| error.to_string())?;
                let attachment =
                    Attachment::new(file.file_name.clone()).body(file.content.clone(), media_type);
                builder
                    .multipart(MultiPart::mixed().singlepart(SinglePart::plain(text)).singlepart(attachment))
            }
        };
        message.map_err(|error| error.to_string())
    }
}

/// What the server refuses for good (5xx) never works; everything else may.
fn classify(error: &smtp::Error) -> Failure {
    let is_about_us = error.status().is_some_and(|code| ABOUT_US.contains(&code.into()));
    if error.is_permanent() && !is_about_us {
        Failure::Fail(error.to_string())
    } else {
        Failure::Retry(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailer(tls: SmtpTls) -> Mailer {
        let config = SmtpConfig {
            host: "smtp.example.com".to_owned(),
            port: None,
            tls,
            credentials: Some(("coinslot".to_owned(), "open sesame".into())),
            from: "no-reply@example.com".parse().unwrap(),
        };
        Mailer::new(&config).unwrap()
    }

    #[test]
    fn what_is_logged_of_a_mailer_shows_no_password() {
        for tls in [SmtpTls::Starttls, SmtpTls::Tls, SmtpTls::None] {
            assert!(!format!("{:?}", mailer(tls)).contains("open sesame"));
        }
    }

    #[tokio::test]
    async fn a_letter_to_no_address_fails_for_good() {
        let letter = Letter {
            id: EmailId::from_uuid(uuid::Uuid::nil()),
            recipient: "nobody".to_owned(),
            subject: String::new(),
            body: String::new(),
            created_at: UtcTime::from_millis(0).unwrap(),
            enclosed: None,
        };
        let sent = mailer(SmtpTls::Tls).send(&letter).await;
        assert!(matches!(&sent, Err(Failure::Fail(error)) if error.starts_with("recipient: ")), "{sent:?}");
    }
}
