//! Checks that the charges of a run agree with the balances before and after it.

use super::{
    book::Book, check_sessions::charge_of, discrepancy::Discrepancy, operator::Operator, reply::Charge,
};

/// One charge for each charged session, in the order of the sessions.
pub(super) fn distinct_charges(book: &Book) -> Vec<(u32, &Charge)> {
    let charged = book.answers.iter().filter_map(|answer| Some((answer.session, charge_of(answer)?)));
    let mut charges: Vec<_> = charged.collect();
    charges.sort_by_key(|(session, _)| *session);
    charges.dedup_by_key(|(session, _)| *session);
    charges
}

/// Checks charges against balances: no token twice, each operator's balances form a chain from
/// the balance before the run, and the chain ends at `balances_after_fen` (in the order of the
/// operators). Nobody else may move the operators' money during the run.
pub(super) fn check_balances(
    book: &Book,
    operators: &[Operator],
    balances_after_fen: &[Result<i64, String>],
) -> Vec<Discrepancy> {
    let charges = distinct_charges(book);
    let id_of = |session: u32| {
        let session = &book.sessions[session as usize];
        session.id(&operators[session.operator as usize].id)
    };
    let mut found = Vec::new();
    if let Some(session) =
        find_shared(&charges, |charge| charge.token).or_else(|| find_shared(&charges, |charge| charge.usage))
    {
        found.push(Discrepancy::SharedUsage { session: id_of(session) });
    }
    let mut by_operator: Vec<Vec<(u32, &Charge)>> = vec![Vec::new(); operators.len()];
    for (session, charge) in charges {
        by_operator[book.sessions[session as usize].operator as usize].push((session, charge));
    }
    for ((operator, charges), after_fen) in operators.iter().zip(by_operator).zip(balances_after_fen) {
        found.extend(check_sum(operator, &charges, after_fen));
        found.extend(find_broken_link(operator.balance_before_fen, charges).map(
            |(session, charge, expected_fen)| Discrepancy::BrokenChain {
                session: id_of(session),
                answered_fen: charge.balance_after_fen,
                expected_fen,
            },
        ));
    }
    found
}

fn find_shared<K: Ord>(charges: &[(u32, &Charge)], key: impl Fn(&Charge) -> K) -> Option<u32> {
    let mut sorted: Vec<_> = charges.iter().map(|(session, charge)| (key(charge), *session)).collect();
    sorted.sort_unstable();
    sorted.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1)
}

fn check_sum(
    operator: &Operator,
    charges: &[(u32, &Charge)],
    after_fen: &Result<i64, String>,
) -> Option<Discrepancy> {
    let name = operator.id.clone();
    let after_fen = match after_fen {
        Ok(after_fen) => *after_fen,
        Err(reason) => {
            return Some(Discrepancy::BalanceUnreadable { operator: name, reason: reason.clone() });
        }
    };
    let charged_fen: i64 = charges.iter().map(|(_, charge)| charge.total_fen).sum();
    let before_fen = operator.balance_before_fen;
    (before_fen - charged_fen != after_fen).then_some(Discrepancy::BalanceDiffers {
        operator: name,
        before_fen,
        charged_fen,
        after_fen,
    })
}

/// The first charge whose balance is not what the charges before it leave, and what they leave.
fn find_broken_link(before_fen: i64, mut charges: Vec<(u32, &Charge)>) -> Option<(u32, &Charge, i64)> {
    charges.sort_by_key(|(_, charge)| std::cmp::Reverse(charge.balance_after_fen));
    let mut balance_fen = before_fen;
    for (session, charge) in charges {
        balance_fen -= charge.total_fen;
        if charge.balance_after_fen != balance_fen {
            return Some((session, charge, balance_fen));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixtures::{BALANCE_FEN, charge, operator, session},
        reply::Reply,
    };

    /// A book of one operator's sessions, each charged once.
    fn book_of(charges: &[Charge]) -> Book {
        let mut book = Book::default();
        for (index, charge) in charges.iter().enumerate() {
            let mut session = session(0, 5);
            session.random[0] = index as u8;
            book.sessions.push(session);
            book.record_reply(index as u32, false, 200, Reply::Charged(charge.clone()));
        }
        book
    }

    fn check(charges: &[Charge], after_fen: i64) -> Vec<Discrepancy> {
        check_balances(&book_of(charges), &[operator(1)], &[Ok(after_fen)])
    }

    #[test]
    fn charges_in_any_order_form_a_chain() {
        let charges = [charge(1, 2000, BALANCE_FEN - 5000), charge(2, 3000, BALANCE_FEN - 3000)];
        assert_eq!(check(&charges, BALANCE_FEN - 5000), []);
    }

    #[test]
    fn replays_are_counted_once() {
        let mut book = book_of(&[charge(1, 2000, BALANCE_FEN - 2000)]);
        let replay = Charge { replayed: true, ..charge(1, 2000, BALANCE_FEN - 2000) };
        book.record_reply(0, true, 200, Reply::Charged(replay));
        assert_eq!(check_balances(&book, &[operator(1)], &[Ok(BALANCE_FEN - 2000)]), []);
    }

    #[test]
    fn a_double_charge_shows_in_the_balance_after() {
        let found = check(&[charge(1, 2000, BALANCE_FEN - 2000)], BALANCE_FEN - 4000);
        assert!(matches!(found[..], [Discrepancy::BalanceDiffers { charged_fen: 2000, .. }]));
        let text = found[0].to_string();
        assert!(text.ends_with("balance 10000000.00 − charged 20.00 is not 9999960.00"), "{text}");
    }

    #[test]
    fn a_lost_update_breaks_the_chain() {
        let charges = [charge(1, 2000, BALANCE_FEN - 2000), charge(2, 2000, BALANCE_FEN - 2000)];
        let found = check(&charges, BALANCE_FEN - 4000);
        assert!(
            matches!(found[..], [Discrepancy::BrokenChain { expected_fen, .. }] if expected_fen == BALANCE_FEN - 4000)
        );
    }

    #[test]
    fn one_usage_for_two_sessions_is_found() {
        let charges = [charge(1, 2000, BALANCE_FEN - 2000), charge(1, 2000, BALANCE_FEN - 4000)];
        assert!(matches!(check(&charges, BALANCE_FEN - 4000)[..], [Discrepancy::SharedUsage { .. }]));
    }

    #[test]
    fn an_unreadable_balance_is_found() {
        let found = check_balances(&book_of(&[]), &[operator(1)], &[Err("status 401".to_owned())]);
        assert!(matches!(found[..], [Discrepancy::BalanceUnreadable { .. }]));
    }
}
