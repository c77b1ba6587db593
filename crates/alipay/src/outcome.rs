//! What became of a call: it succeeded, it was refused for good, or nobody here knows.

/// The result of every call.
///
/// The third shape is the important one. Money may have moved although no answer came; so an unknown outcome is never
/// treated as a failure: ask again *with the same numbers* (`out_trade_no`, `out_request_no`), or query.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    /// Alipay did it and signed the answer.
    Succeeded(T),
    /// Alipay said no, in a signed answer, and will say no to the same request again unless something else changes.
    Refused(Reason),
    /// It may have happened or not.
    Unknown(Unknown),
}

/// The four fields in which Alipay says why: "公共响应参数" of every method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// `code`, such as `40004`.
    pub code: String,
    /// `msg`, the name of the code in English.
    pub message: String,
    /// `sub_code`, such as `ACQ.SELLER_BALANCE_NOT_ENOUGH`.
    pub sub_code: Option<String>,
    /// `sub_msg`, mostly Chinese, for people.
    pub sub_message: Option<String>,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.code, self.message)?;
        if let Some(sub_code) = &self.sub_code {
            write!(f, ", {sub_code}")?;
        }
        if let Some(sub_message) = &self.sub_message {
            write!(f, " {sub_message}")?;
        }
        Ok(())
    }
}

/// Why an outcome is unknown. The texts are for logs; they hold no keys, addresses or bodies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// No connection came about, so Alipay got nothing. The only case in which it is certain that nothing happened.
    #[error("no connection to the gateway")]
    NotConnected,
    /// The request could not be made, so Alipay got nothing either.
    #[error("the request could not be made")]
    NotMade,
    /// No whole answer within the time allowed.
    #[error("no answer in time")]
    TimedOut,
    /// The connection broke after the request, or a part of it, was sent.
    #[error("the connection broke before the answer was whole")]
    ConnectionBroken,
    /// An HTTP status that is not 200: the gateway answers refusals with 200 too.
    #[error("HTTP status {0}")]
    HttpStatus(u16),
    /// The answer is larger than any answer can be.
    #[error("the answer is too large")]
    TooLarge,
    /// An answer that nobody can hold Alipay to.
    #[error("the answer cannot be verified: {0}")]
    Unverifiable(#[from] Unverifiable),
    /// Signed, and not what the method answers; the text says what could not be read.
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
    /// Signed, and about another trade or refund than was asked.
    #[error("the answer is about something else")]
    OtherSubject,
    /// Signed, and of a kind that leaves it open.
    #[error("{doubt}: {reason}")]
    Open {
        /// The kind.
        doubt: Doubt,
        /// Alipay's words.
        reason: Reason,
    },
}

impl Unknown {
    /// Whether it is certain that Alipay never got the request.
    #[must_use]
    pub const fn was_never_sent(&self) -> bool {
        matches!(self, Self::NotConnected | Self::NotMade)
    }

    /// Whether asking again at once may help, provided that asking again does no harm.
    pub(crate) const fn is_passing(&self) -> bool {
        match self {
            Self::NotConnected | Self::TimedOut | Self::ConnectionBroken => true,
            Self::HttpStatus(status) => *status >= 500,
            Self::Open { doubt, .. } => matches!(doubt, Doubt::Unavailable | Doubt::SystemError),
            _ => false,
        }
    }
}

/// Why an answer is not Alipay's word.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unverifiable {
    /// Not the envelope of an answer to this method.
    #[error("it is not an envelope of this method")]
    Envelope,
    /// There is no signature, as with some `error_response`s. What it claims is for the log only.
    #[error("it is not signed, and claims {}", .0.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string))]
    Unsigned(Option<Reason>),
    /// The signature is not Alipay's over this text.
    #[error("the signature is wrong")]
    Signature,
    /// Signed with a certificate that is not the one configured.
    #[error("it was signed with another certificate")]
    OtherCertificate,
}

/// The kinds of answer that leave the outcome open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// `10003`: Alipay is still at it.
    #[error("in progress")]
    InProgress,
    /// `20000`, or a fault inside the platform (`isp.…`).
    #[error("service unavailable")]
    Unavailable,
    /// `ACQ.SYSTEM_ERROR`.
    #[error("system error")]
    SystemError,
    /// `40005`: too many calls; ask again later with the same numbers.
    #[error("call limited")]
    CallLimited,
    /// A cancellation that asks to be repeated (`retry_flag=Y`).
    #[error("to be repeated")]
    Repeat,
    /// A code that no document knows.
    #[error("unrecognised code")]
    Unrecognised,
}

impl<T> Outcome<T> {
    /// The same outcome with another value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Outcome<U> {
        self.try_map(|value| Ok(convert(value)))
    }

    /// The same outcome with another value, or unknown after all.
    pub(crate) fn try_map<U>(self, convert: impl FnOnce(T) -> Result<U, Unknown>) -> Outcome<U> {
        match self {
            Self::Succeeded(value) => match convert(value) {
                Ok(value) => Outcome::Succeeded(value),
                Err(unknown) => Outcome::Unknown(unknown),
            },
            Self::Refused(reason) => Outcome::Refused(reason),
            Self::Unknown(unknown) => Outcome::Unknown(unknown),
        }
    }
}
