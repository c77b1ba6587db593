//! The three ways a call can end.

use crate::codes::Code;
use crate::verification::Unverified;

/// How a call ended.
///
/// `Refused` speaks of one request: it changed nothing and repeating it as it is would be refused again. If an
/// *earlier* request with the same number ended unknown, that one may still have been carried out: ask with the query
/// before giving up the number.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Outcome<T> {
    /// Done, said WeChat with a signature that verified.
    Succeeded(T),
    /// Final: WeChat will not do it, said with a signature that verified.
    Refused(Report),
    /// Perhaps done, perhaps not: ask again with the same number.
    Unknown(Doubt),
}

impl<T> Outcome<T> {
    /// The value of a success passed through `f`, which may find that it cannot be believed after all.
    pub(crate) fn and_then<U>(self, f: impl FnOnce(T) -> Result<U, Doubt>) -> Outcome<U> {
        match self {
            Outcome::Succeeded(value) => f(value).map_or_else(Outcome::Unknown, Outcome::Succeeded),
            Outcome::Refused(report) => Outcome::Refused(report),
            Outcome::Unknown(doubt) => Outcome::Unknown(doubt),
        }
    }

    /// The value, if there is one.
    #[must_use]
    pub fn succeeded(self) -> Option<T> {
        match self {
            Outcome::Succeeded(value) => Some(value),
            Outcome::Refused(_) | Outcome::Unknown(_) => None,
        }
    }
}

/// What WeChat said instead of doing it. Verified.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{status} {spelling}: {message}")]
pub struct Report {
    /// The HTTP status.
    pub status: u16,
    /// The code. `None` if it is not one we know, and such a code never makes a refusal.
    pub code: Option<Code>,
    /// The code as WeChat spelled it.
    pub spelling: String,
    /// WeChat's words to the merchant's engineers, in Chinese as a rule.
    pub message: String,
}

/// Why it is not known whether a request was carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// Nothing left this machine: no connection within the time limit, or no signature could be made.
    #[error("the request was not sent")]
    NotSent,
    /// No complete answer within the time limit.
    #[error("no answer in time")]
    TimedOut,
    /// The connection broke after the request had been sent, or the answer was not HTTP.
    #[error("the connection broke")]
    Broken,
    /// A verified answer which says, by status or code, that the question should be asked again.
    #[error("WeChat Pay did not decide: {0}")]
    Undecided(Report),
    /// The answer has no valid signature, so nothing it says is believed. `claimed_code` is for the log alone: a
    /// request whose own signature is wrong, for instance, is answered `SIGN_ERROR` without a signature.
    #[error("answer {status} ({claimed_code:?}) not believed: {reason}")]
    Unverified {
        /// Why it is not believed.
        reason: Unverified,
        /// Its HTTP status.
        status: u16,
        /// The code in its body, if it has one.
        claimed_code: Option<String>,
    },
    /// A verified answer that does not say what it should.
    #[error("answer {status} not understood: {what}")]
    Unreadable {
        /// Its HTTP status.
        status: u16,
        /// What is wrong with it.
        what: String,
    },
    /// A verified answer about something else than what was asked.
    #[error("the answer has another {0}")]
    OfAnother(&'static str),
    /// A download (which has no signature) was answered with this status; the link may have run out.
    #[error("the download was answered {0}")]
    NoDownload(u16),
    /// The downloaded file is not the one whose hash the signed answer gave.
    #[error("the downloaded file has another hash")]
    WrongHash,
    /// The answer is larger than any we expect.
    #[error("the answer is too large")]
    TooLarge,
}
