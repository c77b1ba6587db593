//! Checks the answers of a run against the usage records in the database.

use std::collections::HashMap;

use futures_util::TryStreamExt;
use secrecy::{ExposeSecret, SecretString};
use sqlx::{Connection, FromRow, PgConnection};
use uuid::Uuid;

use super::book::Book;
use super::check_balances::distinct_charges;
use super::discrepancy::Discrepancy;
use super::operator::Operator;
use super::reply::Charge;

/// Served by the unique index on operator, time and nonce. The bounds keep it off the records of
/// earlier runs.
const RECORDS_OF_RUN: &str = "SELECT id, session_ms, session_nonce, authorization_token, total_fen, \
    balance_after_fen FROM usage_records \
    WHERE operator_id = $1 AND session_ms BETWEEN $2 AND $3";

#[derive(Debug, FromRow)]
struct Record {
    id: Uuid,
    session_ms: i64,
    session_nonce: String,
    authorization_token: Uuid,
    total_fen: i64,
    balance_after_fen: i64,
}

/// What the records say, collected over all operators.
#[derive(Debug)]
struct Findings {
    records_per_session: Vec<usize>,
    differing: Vec<u32>,
    recorded_fen: i64,
}

/// Reads every usage record of the run's sessions and compares it with the answers: exactly one
/// for each charged session, with the same ids and amounts, none for a refused one, equal sums.
pub(super) async fn check_records(
    database_url: &SecretString,
    book: &Book,
    operators: &[Operator],
) -> Result<Vec<Discrepancy>, sqlx::Error> {
    let mut connection = PgConnection::connect(database_url.expose_secret()).await?;
    let charges: HashMap<u32, &Charge> = distinct_charges(book).into_iter().collect();
    let mut findings = Findings {
        records_per_session: vec![0; book.sessions.len()],
        differing: Vec::new(),
        recorded_fen: 0,
    };
    for (operator, sessions) in operators.iter().zip(sessions_by_operator(book, operators.len())) {
        read_operator(&mut connection, operator, &sessions, &charges, &mut findings).await?;
    }
    connection.close().await?;
    Ok(judge(book, operators, &charges, &findings))
}

/// For each operator, its sessions by time and nonce.
type SessionKeys = HashMap<(i64, String), u32>;

fn sessions_by_operator(book: &Book, operators: usize) -> Vec<SessionKeys> {
    let mut by_operator = vec![SessionKeys::new(); operators];
    for (index, session) in book.sessions.iter().enumerate() {
        by_operator[session.operator as usize]
            .insert((session.unix_ms as i64, session.nonce()), index as u32);
    }
    by_operator
}

async fn read_operator(
    connection: &mut PgConnection,
    operator: &Operator,
    sessions: &SessionKeys,
    charges: &HashMap<u32, &Charge>,
    findings: &mut Findings,
) -> Result<(), sqlx::Error> {
    let times_ms = || sessions.keys().map(|(unix_ms, _)| *unix_ms);
    let (Some(first_ms), Some(last_ms)) = (times_ms().min(), times_ms().max()) else {
        return Ok(());
    };
    let mut records =
        sqlx::query_as(RECORDS_OF_RUN).bind(operator.uuid).bind(first_ms).bind(last_ms).fetch(connection);
    while let Some(record) = records.try_next().await? {
        findings.add(record, sessions, charges);
    }
    Ok(())
}

impl Findings {
    fn add(&mut self, record: Record, sessions: &SessionKeys, charges: &HashMap<u32, &Charge>) {
        // A session that is not ours was played by someone else at the same time.
        let Some(session) = sessions.get(&(record.session_ms, record.session_nonce)) else {
            return;
        };
        self.records_per_session[*session as usize] += 1;
        self.recorded_fen += record.total_fen;
        let Some(charge) = charges.get(session) else {
            return;
        };
        let is_same = record.id == charge.usage
            && record.authorization_token == charge.token
            && record.total_fen == charge.total_fen
            && record.balance_after_fen == charge.balance_after_fen;
        if !is_same {
            self.differing.push(*session);
        }
    }
}

fn judge(
    book: &Book,
    operators: &[Operator],
    charges: &HashMap<u32, &Charge>,
    findings: &Findings,
) -> Vec<Discrepancy> {
    let id_of = |index: usize| {
        let session = &book.sessions[index];
        session.id(&operators[session.operator as usize].id)
    };
    let mut found = Vec::new();
    for (index, records) in findings.records_per_session.iter().enumerate() {
        match (charges.contains_key(&(index as u32)), *records) {
            (true, 1) | (false, 0) => {}
            (true, records) => found.push(Discrepancy::UsageRecords { session: id_of(index), records }),
            (false, _) => found.push(Discrepancy::RefusedButRecorded { session: id_of(index) }),
        }
    }
    found.extend(
        findings
            .differing
            .iter()
            .map(|session| Discrepancy::RecordDiffers { session: id_of(*session as usize) }),
    );
    let answered_fen = charges.values().map(|charge| charge.total_fen).sum();
    if findings.recorded_fen != answered_fen {
        found.push(Discrepancy::SumDiffers { recorded_fen: findings.recorded_fen, answered_fen });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixtures::{charge, operator, session},
        reply::Reply,
    };

    /// Session 0 charged, session 1 refused; the records are these (session, usage number, fen).
    fn check(records: &[(u8, u128, i64)]) -> Vec<Discrepancy> {
        let operators = [operator(1)];
        let mut book = Book::default();
        book.sessions = vec![session(0, 5), session(0, 5)];
        book.sessions[1].random[0] = 1;
        book.record_reply(0, false, 200, Reply::Charged(charge(1, 5000, 95_000)));
        book.record_reply(1, false, 402, Reply::Refused("INSUFFICIENT_BALANCE"));
        let keys = sessions_by_operator(&book, 1).remove(0);
        let charges = distinct_charges(&book).into_iter().collect();
        let mut findings =
            Findings { records_per_session: vec![0; 2], differing: Vec::new(), recorded_fen: 0 };
        for (index, number, total_fen) in records {
            let expected = charge(*number, *total_fen, 95_000);
            let session = &book.sessions[usize::from(*index)];
            let record = Record {
                id: expected.usage,
                session_ms: session.unix_ms as i64,
                session_nonce: session.nonce(),
                authorization_token: expected.token,
                total_fen: *total_fen,
                balance_after_fen: expected.balance_after_fen,
            };
            findings.add(record, &keys, &charges);
        }
        judge(&book, &operators, &charges, &findings)
    }

    #[test]
    fn one_matching_record_is_right() {
        assert_eq!(check(&[(0, 1, 5000)]), []);
    }

    #[test]
    fn missing_and_double_records_are_found() {
        assert!(matches!(check(&[])[0], Discrepancy::UsageRecords { records: 0, .. }));
        assert!(matches!(
            check(&[(0, 1, 5000), (0, 1, 5000)])[0],
            Discrepancy::UsageRecords { records: 2, .. }
        ));
    }

    #[test]
    fn a_record_of_a_refused_session_is_found() {
        let found = check(&[(0, 1, 5000), (1, 2, 100)]);
        assert!(matches!(found[0], Discrepancy::RefusedButRecorded { .. }));
        assert_eq!(found[1], Discrepancy::SumDiffers { recorded_fen: 5100, answered_fen: 5000 });
    }

    #[test]
    fn a_record_with_another_token_is_found() {
        assert!(matches!(check(&[(0, 2, 5000)])[..], [Discrepancy::RecordDiffers { .. }]));
    }
}
