//! What a test expects of a call.

use pay_protocol::{Answer, Outcome};

/// The value of a success.
pub(crate) trait Succeeded<T> {
    fn done(self) -> T;
}

impl<T: std::fmt::Debug> Succeeded<T> for Outcome<T> {
    #[track_caller]
    fn done(self) -> T {
        match self {
            Outcome::Succeeded(value) => value,
            other => panic!("{other:?}"),
        }
    }
}

impl<T: std::fmt::Debug> Succeeded<T> for Answer<T> {
    #[track_caller]
    fn done(self) -> T {
        self.unwrap_or_else(|doubt| panic!("{doubt:?}"))
    }
}

/// The code of a refusal.
#[track_caller]
pub(crate) fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Outcome::Refused(refusal) => refusal.code,
        other => panic!("{other:?}"),
    }
}
