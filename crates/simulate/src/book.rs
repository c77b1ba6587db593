//! Every session and every answer of a run, kept until the books are checked.

use std::collections::BTreeMap;

use super::reply::{Charge, Reply};
use super::session::Session;

#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) sessions: Vec<Session>,
    pub(super) answers: Vec<Answer>,
    codes: Codes,
    /// The text of the first failure, as a hint to its cause.
    pub(super) first_failure: Option<String>,
}

#[derive(Debug)]
pub(super) struct Answer {
    pub(super) session: u32,
    /// An earlier success was known when this request was sent, so it must be replayed.
    pub(super) must_replay: bool,
    pub(super) outcome: Outcome,
}

#[derive(Debug)]
pub(super) enum Outcome {
    Charged(Charge),
    Refused(Code),
    Failed(Code),
}

/// A status with its error code, or status 0 with the kind of a transport error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Code(u16);

/// A run knows few codes but many answers, so that each answer keeps a number.
#[derive(Debug, Default)]
struct Codes(Vec<(u16, String)>);

impl Codes {
    fn intern(&mut self, status: u16, name: &str) -> Code {
        let known = self.0.iter().position(|(code_status, code)| *code_status == status && code == name);
        let index = known.unwrap_or_else(|| {
            self.0.push((status, name.to_owned()));
            self.0.len() - 1
        });
        Code(index as u16)
    }
}

impl Book {
    pub(super) fn code_name(&self, code: Code) -> &str {
        &self.codes.0[usize::from(code.0)].1
    }

    /// Whether the refusal came from a rate limit, which is decided before anything is looked up
    /// and so says nothing about the session.
    pub(super) fn is_rate_limit(&self, code: Code) -> bool {
        self.codes.0[usize::from(code.0)].0 == 429
    }

    /// Adds what the server answered to a request for `session`.
    pub(super) fn record_reply(&mut self, session: u32, must_replay: bool, status: u16, reply: Reply<'_>) {
        let outcome = match reply {
            Reply::Charged(charge) => Outcome::Charged(charge),
            Reply::Refused(name) => Outcome::Refused(self.codes.intern(status, name)),
            Reply::Failed(name) => Outcome::Failed(self.codes.intern(status, name)),
        };
        self.record(Answer { session, must_replay, outcome });
    }

    /// Adds a request that got no answer.
    pub(super) fn record_silence(&mut self, session: u32, must_replay: bool, kind: &str) {
        let outcome = Outcome::Failed(self.codes.intern(0, kind));
        self.record(Answer { session, must_replay, outcome });
    }

    fn record(&mut self, answer: Answer) {
        let session = &mut self.sessions[answer.session as usize];
        match answer.outcome {
            Outcome::Charged(_) => {
                session.charged = true;
                session.unresolved = false;
            }
            Outcome::Refused(_) => {}
            Outcome::Failed(_) => {
                session.doubtful = true;
                session.unresolved = !session.charged;
            }
        }
        self.answers.push(answer);
    }

    /// First and repeated answers 200.
    pub(super) fn count_charges(&self) -> (u64, u64) {
        let mut authorized = 0;
        let mut replayed = 0;
        for answer in &self.answers {
            match &answer.outcome {
                Outcome::Charged(charge) if charge.replayed => replayed += 1,
                Outcome::Charged(_) => authorized += 1,
                Outcome::Refused(_) | Outcome::Failed(_) => {}
            }
        }
        (authorized, replayed)
    }

    /// Answers per refusal and per failure, named like `402 INSUFFICIENT_BALANCE`.
    pub(super) fn count_codes(&self) -> (BTreeMap<String, u64>, BTreeMap<String, u64>) {
        let mut refusals = BTreeMap::new();
        let mut failures = BTreeMap::new();
        for answer in &self.answers {
            match &answer.outcome {
                Outcome::Charged(_) => {}
                Outcome::Refused(code) => *refusals.entry(self.label(*code)).or_default() += 1,
                Outcome::Failed(code) => *failures.entry(self.label(*code)).or_default() += 1,
            }
        }
        (refusals, failures)
    }

    fn label(&self, code: Code) -> String {
        match &self.codes.0[usize::from(code.0)] {
            (0, kind) => format!("no answer: {kind}"),
            (status, name) => format!("{status} {name}"),
        }
    }
}
