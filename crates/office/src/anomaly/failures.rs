//! Too many failures from one address.

use std::collections::HashMap;

use base::clock::UtcTime;
use platform::settings::Settings;
use sqlx::PgConnection;
use sqlx::types::ipnet::IpNet;
use uuid::Uuid;

use super::finding::Finding;
use super::{Rule, seconds_before};
use crate::security_events;

/// Refusals for business reasons are no failures. A request without a readable time is `INVALID_PARAMS`, and none either.
const FAILURES: [&str; 4] =
    ["INVALID_API_KEY", "INVALID_SIGNATURE", "TIMESTAMP_EXPIRED", "INVALID_SESSION_ID"];

/// The addresses that failed too often, with the accounts whose own key was presented in a failing call. The log also
/// knows whose a key was that has been replaced since; that is nobody's real key any more.
pub(super) async fn find(
    connection: &mut PgConnection,
    settings: &Settings,
    now: UtcTime,
) -> sqlx::Result<Vec<Finding>> {
    let limit = Rule::Failures.limit(settings);
    let since = seconds_before(now, Rule::Failures.window_seconds(settings));
    let rows = sqlx::query!(
        r#"SELECT network AS "network!: IpNet", count(*) AS "count!",
                  array_agg(DISTINCT operator_id) FILTER (WHERE operator_id IS NOT NULL) AS operators
           FROM (
               SELECT CASE family(ip_address) WHEN 4 THEN ip_address
                           ELSE network(set_masklen(ip_address, 64))::inet END AS network,
                      CASE WHEN error_code <> 'INVALID_API_KEY' THEN operator_id END AS operator_id
               FROM authorization_log
               WHERE result = 'refused' AND created_at > $1 AND error_code = ANY($2) AND ip_address IS NOT NULL
           ) AS failures
           GROUP BY network HAVING count(*) > $3"#,
        since as _,
        &FAILURES.map(str::to_owned),
        limit,
    )
    .fetch_all(&mut *connection)
    .await?;
    let everyone: Vec<Uuid> =
        rows.iter().filter_map(|row| row.operators.as_deref()).flatten().copied().collect();
    let unlocked = security_events::unlocked_since(connection, &everyone, since).await?;
    let mut findings = Vec::with_capacity(rows.len());
    for row in rows {
        let operators = row.operators.unwrap_or_default();
        let concerned = still_concerned(connection, row.network, operators, &unlocked, limit).await?;
        findings.push(Finding { rule: Rule::Failures, network: row.network, count: row.count, concerned });
    }
    Ok(findings)
}

/// Whoever was unlocked starts anew: only what failed since then counts against it.
async fn still_concerned(
    connection: &mut PgConnection,
    network: IpNet,
    operators: Vec<Uuid>,
    unlocked: &HashMap<Uuid, UtcTime>,
    limit: i64,
) -> sqlx::Result<Vec<Uuid>> {
    let mut concerned = Vec::with_capacity(operators.len());
    for operator_id in operators {
        let is_concerned = match unlocked.get(&operator_id) {
            None => true,
            Some(since) => {
                let failures = sqlx::query!(
                    r#"SELECT count(*) AS "all!",
                              count(*) FILTER (WHERE operator_id = $3 AND error_code <> 'INVALID_API_KEY') AS "own!"
                       FROM authorization_log
                       WHERE result = 'refused' AND created_at > $1 AND ip_address <<= $2 AND error_code = ANY($4)"#,
                    *since as _,
                    network as _,
                    operator_id,
                    &FAILURES.map(str::to_owned),
                )
                .fetch_one(&mut *connection)
                .await?;
                failures.all > limit && failures.own > 0
            }
        };
        if is_concerned {
            concerned.push(operator_id);
        }
    }
    Ok(concerned)
}
