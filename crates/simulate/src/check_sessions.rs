//! Checks that the answers about each session agree with each other.

use super::{
    book::{Answer, Book, Outcome},
    discrepancy::Discrepancy,
    operator::Operator,
    reply::Charge,
    session::Session,
};

/// Checks each session's answers against each other.
pub(super) fn check_sessions(book: &Book, operators: &[Operator]) -> Vec<Discrepancy> {
    let mut answers: Vec<&Answer> = book.answers.iter().collect();
    answers.sort_by_key(|answer| answer.session);
    let mut found = Vec::new();
    for answers in answers.chunk_by(|left, right| left.session == right.session) {
        let session = &book.sessions[answers[0].session as usize];
        let id = || session.id(&operators[session.operator as usize].id);
        check_charges(session, &id, answers, &mut found);
        check_refusals(book, &id, answers, &mut found);
    }
    let unknown: Vec<&Session> = book.sessions.iter().filter(|session| session.unresolved).collect();
    if let Some(session) = unknown.first() {
        let session = session.id(&operators[session.operator as usize].id);
        found.push(Discrepancy::OutcomeUnknown { session, sessions: unknown.len() });
    }
    found
}

fn check_charges(
    session: &Session,
    id: &impl Fn() -> String,
    answers: &[&Answer],
    found: &mut Vec<Discrepancy>,
) {
    let charges: Vec<&Charge> = answers.iter().filter_map(|answer| charge_of(answer)).collect();
    let Some(first) = charges.first() else {
        return;
    };
    if session.late {
        found.push(Discrepancy::LateAuthorized { session: id() });
    }
    if charges.iter().any(|charge| !charge.consistent) {
        found.push(Discrepancy::InconsistentAnswer { session: id() });
    }
    if charges.iter().any(|charge| !is_same_answer(charge, first)) {
        found.push(Discrepancy::ReplayDiffers { session: id() });
    }
    // Of two requests in flight at once, either may be the first. When an answer was lost, it may
    // have been the first one.
    let first_answers = charges.iter().filter(|charge| !charge.replayed).count();
    if first_answers > 1 || (first_answers == 0 && !session.doubtful) {
        found.push(Discrepancy::FirstAnswers { session: id(), first_answers });
    }
}

fn check_refusals(book: &Book, id: &impl Fn() -> String, answers: &[&Answer], found: &mut Vec<Discrepancy>) {
    for answer in answers {
        let Outcome::Refused(code) = answer.outcome else {
            continue;
        };
        let name = book.code_name(code);
        if name == "SESSION_DUPLICATE" {
            found.push(Discrepancy::SameContentConflict { session: id(), code: name.to_owned() });
        } else if answer.must_replay && !book.is_rate_limit(code) {
            found.push(Discrepancy::ReplayRefused { session: id(), code: name.to_owned() });
        }
    }
}

pub(super) fn charge_of(answer: &Answer) -> Option<&Charge> {
    match &answer.outcome {
        Outcome::Charged(charge) => Some(charge),
        _ => None,
    }
}

fn is_same_answer(left: &Charge, right: &Charge) -> bool {
    left.token == right.token
        && left.usage == right.usage
        && left.total_fen == right.total_fen
        && left.balance_after_fen == right.balance_after_fen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixtures::{charge, operator, session},
        reply::Reply,
    };

    /// A book with one session and these answers to it.
    fn book_of(session: Session, answers: &[(bool, u16, Reply<'_>)]) -> Book {
        let mut book = Book::default();
        book.sessions.push(session);
        for (must_replay, status, reply) in answers {
            let reply = match reply {
                Reply::Charged(charge) => Reply::Charged(charge.clone()),
                Reply::Refused(name) => Reply::Refused(name),
                Reply::Failed(name) => Reply::Failed(name),
            };
            book.record_reply(0, *must_replay, *status, reply);
        }
        book
    }

    fn check(session: Session, answers: &[(bool, u16, Reply<'_>)]) -> Vec<Discrepancy> {
        check_sessions(&book_of(session, answers), &[operator(1)])
    }

    fn first() -> (bool, u16, Reply<'static>) {
        (false, 200, Reply::Charged(charge(1, 5000, 95_000)))
    }

    fn replay() -> (bool, u16, Reply<'static>) {
        (true, 200, Reply::Charged(Charge { replayed: true, ..charge(1, 5000, 95_000) }))
    }

    #[test]
    fn replays_in_any_order_and_rate_limits_are_fine() {
        let limited = (true, 429, Reply::Refused("RATE_LIMIT_EXCEEDED"));
        assert_eq!(check(session(0, 5), &[replay(), first(), limited, replay()]), []);
    }

    #[test]
    fn success_after_a_refusal_is_fine() {
        let refused = (false, 402, Reply::Refused("INSUFFICIENT_BALANCE"));
        assert_eq!(check(session(0, 5), &[refused, first()]), []);
    }

    #[test]
    fn a_repeat_charged_again_is_found() {
        let again = (true, 200, Reply::Charged(charge(2, 5000, 90_000)));
        let found = check(session(0, 5), &[first(), again]);
        assert!(matches!(found[0], Discrepancy::ReplayDiffers { .. }));
        assert!(matches!(found[1], Discrepancy::FirstAnswers { first_answers: 2, .. }));
    }

    #[test]
    fn a_replay_without_a_first_answer_needs_a_lost_one() {
        let found = check(session(0, 5), &[replay()]);
        assert!(matches!(found[..], [Discrepancy::FirstAnswers { first_answers: 0, .. }]));
        let lost = (false, 503, Reply::Failed("SERVICE_UNAVAILABLE"));
        assert_eq!(check(session(0, 5), &[lost, replay()]), []);
    }

    #[test]
    fn refusing_a_charged_session_is_found() {
        let refused = (true, 402, Reply::Refused("INSUFFICIENT_BALANCE"));
        assert!(matches!(check(session(0, 5), &[first(), refused])[..], [Discrepancy::ReplayRefused { .. }]));
        let conflict = (false, 409, Reply::Refused("SESSION_DUPLICATE"));
        let found = check(session(0, 5), &[first(), conflict]);
        assert!(matches!(found[..], [Discrepancy::SameContentConflict { .. }]));
    }

    #[test]
    fn authorizing_a_late_session_is_found() {
        let late = Session { late: true, ..session(0, 5) };
        assert!(matches!(check(late, &[first()])[..], [Discrepancy::LateAuthorized { .. }]));
    }

    #[test]
    fn wrong_product_is_found() {
        let wrong = (false, 200, Reply::Charged(Charge { consistent: false, ..charge(1, 6000, 94_000) }));
        assert!(matches!(check(session(0, 5), &[wrong])[..], [Discrepancy::InconsistentAnswer { .. }]));
    }

    #[test]
    fn an_unknown_outcome_is_found() {
        let mut book = book_of(session(0, 5), &[]);
        book.record_silence(0, false, "timeout");
        let found = check_sessions(&book, &[operator(1)]);
        assert!(matches!(found[..], [Discrepancy::OutcomeUnknown { sessions: 1, .. }]));
    }
}
