//! The ways a call can end.

/// How an act ended: a call that changes something, such as a new order or a refund.
///
/// `Refused` speaks of one request: it changed nothing, and repeated as it is it would be refused again. If an *earlier*
/// request with the same number ended unknown, that one may have been carried out all the same: then the refusal is doubt,
/// and [`Outcome::of_repetition`] makes it so.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Outcome<T> {
    /// Done, said the provider with a signature that verified.
    Succeeded(T),
    /// Final: the provider will not do it, said with a signature that verified.
    Refused(Refusal),
    /// Perhaps done, perhaps not: ask again with the same number.
    Unknown(Doubt),
}

/// What was learned by a question, which has no "refused": a provider that does not let us ask has told us nothing. That
/// there is no such order or refund is an answer, but never the last word: after an unknown act it may mean "not yet".
pub type Answer<T> = Result<T, Doubt>;

impl<T> Outcome<T> {
    /// The value of a success passed through `f`, which may find that it cannot be believed after all.
    pub fn and_then<U>(self, f: impl FnOnce(T) -> Answer<U>) -> Outcome<U> {
        match self {
            Outcome::Succeeded(value) => f(value).map_or_else(Outcome::Unknown, Outcome::Succeeded),
            Outcome::Refused(refusal) => Outcome::Refused(refusal),
            Outcome::Unknown(doubt) => Outcome::Unknown(doubt),
        }
    }

    /// The same with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Outcome<U> {
        self.and_then(|value| Ok(f(value)))
    }

    /// The value, if there is one.
    #[must_use]
    pub fn succeeded(self) -> Option<T> {
        match self {
            Outcome::Succeeded(value) => Some(value),
            Outcome::Refused(_) | Outcome::Unknown(_) => None,
        }
    }

    /// The outcome of a call with a number whose earlier call ended unknown: a refusal now tells nothing of that one.
    pub fn of_repetition(self) -> Self {
        match self {
            Outcome::Refused(refusal) => Outcome::Unknown(Doubt::Undecided(refusal)),
            other => other,
        }
    }

    /// What was learned, if the call was a question.
    ///
    /// # Errors
    /// [`Doubt`], also when the question was refused.
    pub fn into_answer(self) -> Answer<T> {
        match self {
            Outcome::Succeeded(value) => Ok(value),
            Outcome::Refused(refusal) => Err(Doubt::Undecided(refusal)),
            Outcome::Unknown(doubt) => Err(doubt),
        }
    }
}

/// What a provider said, with its signature, instead of doing what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Refusal {
    /// What kind it is, as far as anybody acts upon it.
    pub reason: RefusalReason,
    /// The provider's code as it spelled it: WeChat's `code`, Alipay's `sub_code` or, without one, `code`.
    pub code: String,
    /// The provider's name, code and words, for staff and the log.
    pub text: String,
}

/// What kind of refusal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalReason {
    /// Our account at the provider has too little money for the refund, which was not made: it may be asked for again
    /// with the same number once there is money.
    NotEnoughMoney,
    /// Anything else.
    Other,
}

/// Why it is not known what became of a request. The texts are for logs; they hold no keys, addresses or bodies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// Nothing left this machine: no connection came about, or the request could not be made. The only case in which it is
    /// certain that nothing happened.
    #[error("the request was not sent")]
    NotSent,
    /// No whole answer within the time allowed.
    #[error("no answer in time")]
    TimedOut,
    /// The connection broke after the request, or a part of it, was sent.
    #[error("the connection broke")]
    Broken,
    /// The answer is larger than any answer can be.
    #[error("the answer is too large")]
    TooLarge,
    /// Nobody can hold the provider to this answer. What it claims stands in the reason, for the log alone.
    #[error("answer {status} not believed: {reason}")]
    Unverified {
        /// Its HTTP status.
        status: u16,
        /// Why it is not believed.
        reason: String,
    },
    /// A verified answer that does not say what it should.
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
    /// A verified answer about something else than was asked; the field that differs.
    #[error("the answer has another {0}")]
    OfAnother(&'static str),
    /// The provider says that it is out of order.
    #[error("out of order: {0}")]
    OutOfOrder(Refusal),
    /// A verified answer that decides nothing: a refused question or repetition, too many calls, a code that nobody has
    /// told us of.
    #[error("not decided: {0}")]
    Undecided(Refusal),
    /// A download, which has no signature, was answered with this status; the link may have run out.
    #[error("the download was answered {0}")]
    NoDownload(u16),
    /// The bill that was downloaded cannot be relied on.
    #[error("the bill cannot be read: {0}")]
    Bill(String),
}

impl Doubt {
    /// Whether the provider is away: no connection came about, or what answered says that it is out of order, signed or
    /// with a status of 5xx. A 504 does not say so: behind the proxy that gave up waiting the request may have been
    /// carried out.
    #[must_use]
    pub const fn is_away(&self) -> bool {
        match self {
            Doubt::NotSent | Doubt::OutOfOrder(_) => true,
            Doubt::Unverified { status, .. } => *status >= 500 && *status != 504,
            _ => false,
        }
    }

    /// What the provider said, if that is what left it open.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Doubt::OutOfOrder(refusal) | Doubt::Undecided(refusal) => Some(refusal),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal() -> Refusal {
        Refusal { reason: RefusalReason::Other, code: "NO_AUTH".to_owned(), text: "no".to_owned() }
    }

    #[test]
    fn a_refused_question_and_a_refused_repetition_are_doubt() {
        let refused = Outcome::<u8>::Refused(refusal());
        assert_eq!(refused.clone().into_answer(), Err(Doubt::Undecided(refusal())));
        assert_eq!(refused.of_repetition(), Outcome::Unknown(Doubt::Undecided(refusal())));
        assert_eq!(Outcome::Succeeded(1).of_repetition(), Outcome::Succeeded(1));
        assert_eq!(Outcome::Succeeded(1).into_answer(), Ok(1));
    }

    #[test]
    fn a_provider_is_away_when_nothing_was_sent_or_it_says_so() {
        let unverified = |status| Doubt::Unverified { status, reason: String::new() }.is_away();
        assert!(Doubt::NotSent.is_away() && Doubt::OutOfOrder(refusal()).is_away() && unverified(502));
        assert!(!unverified(504) && !unverified(403) && !Doubt::TimedOut.is_away());
        assert!(!Doubt::Undecided(refusal()).is_away());
    }

    #[test]
    fn a_success_that_cannot_be_believed_is_unknown() {
        let outcome = Outcome::Succeeded(1).and_then(|_| Err::<u8, _>(Doubt::OfAnother("amount")));
        assert_eq!(outcome, Outcome::Unknown(Doubt::OfAnother("amount")));
    }
}
