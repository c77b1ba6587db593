//! Too many keys from one address.

use std::collections::HashSet;

use base::clock::UtcTime;
use base::ids::first_at;
use jiff::tz::TimeZone;
use platform::settings::Settings;
use sqlx::PgConnection;
use sqlx::types::ipnet::IpNet;
use uuid::Uuid;

use super::finding::Finding;
use super::{Rule, seconds_before};
use crate::security_events;

/// An administrator who unlocks an account has looked at it: for a day its key is not counted. After that, the address it
/// has played from in the meantime is known.
const UNLOCKED_FOR_S: i64 = 86_400;

/// The addresses that presented too many real keys. Shops behind one address are normal: a key that played from it on an
/// earlier day is not counted.
pub(super) async fn find(
    connection: &mut PgConnection,
    settings: &Settings,
    now: UtcTime,
) -> sqlx::Result<Vec<Finding>> {
    let limit = Rule::ManyKeys.limit(settings);
    let mut findings = Vec::new();
    for (network, operators) in presented(connection, settings, limit, now).await? {
        let unlocked =
            security_events::unlocked_since(connection, &operators, seconds_before(now, UNLOCKED_FOR_S))
                .await?;
        let mut counted: Vec<Uuid> = operators.into_iter().filter(|id| !unlocked.contains_key(id)).collect();
        if is_more(&counted, limit) {
            let today = start_of_day(now, &settings.business_timezone);
            let known = known_at(connection, network, &counted, today).await?;
            counted.retain(|id| !known.contains(id));
        }
        if is_more(&counted, limit) {
            let count = i64::try_from(counted.len()).unwrap_or(i64::MAX);
            findings.push(Finding { rule: Rule::ManyKeys, network, count, concerned: counted });
        }
    }
    Ok(findings)
}

fn is_more(keys: &[Uuid], limit: i64) -> bool {
    i64::try_from(keys.len()).unwrap_or(i64::MAX) > limit
}

/// The operators whose keys were presented from each address that may have presented too many. An operator has one key.
/// Pairs are found first and networks made of them afterwards, because the window may hold a million attempts.
async fn presented(
    connection: &mut PgConnection,
    settings: &Settings,
    limit: i64,
    now: UtcTime,
) -> sqlx::Result<Vec<(IpNet, Vec<Uuid>)>> {
    let since = seconds_before(now, Rule::ManyKeys.window_seconds(settings));
    let rows = sqlx::query!(
        r#"SELECT network AS "network!: IpNet", array_agg(DISTINCT operator_id) AS "operators!: Vec<Uuid>"
           FROM (
               SELECT operator_id, CASE family(ip_address) WHEN 4 THEN ip_address
                                        ELSE network(set_masklen(ip_address, 64))::inet END AS network
               FROM (
                   SELECT DISTINCT ip_address, operator_id FROM authorization_log
                   WHERE created_at > $1 AND operator_id IS NOT NULL
                     AND error_code IS DISTINCT FROM 'INVALID_API_KEY'
                     AND NOT ip_address <<= ANY($2)
               ) AS pairs
           ) AS counted
           GROUP BY network HAVING count(DISTINCT operator_id) > $3"#,
        since as _,
        &settings.anomaly_trusted_ips as _,
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.network, row.operators)).collect())
}

/// Those of the operators that were charged for a game from this address before `today`. Each one's games are read from
/// the newest on, so that a shop that plays here every day is found at once.
async fn known_at(
    connection: &mut PgConnection,
    network: IpNet,
    operators: &[Uuid],
    today: UtcTime,
) -> sqlx::Result<HashSet<Uuid>> {
    let known = sqlx::query_scalar!(
        r#"SELECT asked.operator_id AS "operator_id!"
           FROM unnest($1::uuid[]) AS asked (operator_id)
           CROSS JOIN LATERAL (
               SELECT FROM usage_records u
               WHERE u.operator_id = asked.operator_id AND u.id < $2 AND u.client_ip <<= $3
               ORDER BY u.id DESC LIMIT 1) AS newest"#,
        operators,
        first_at(today),
        network as _,
    )
    .fetch_all(connection)
    .await?;
    Ok(known.into_iter().collect())
}

/// When the business day began.
fn start_of_day(now: UtcTime, timezone: &TimeZone) -> UtcTime {
    let now_there = now.timestamp().to_zoned(timezone.clone());
    now_there.start_of_day().map_or(now, |start| UtcTime::from_timestamp(start.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_of_the_business_time_zone() {
        let at = |text: &str| serde_json::from_str::<UtcTime>(&format!("\"{text}\"")).unwrap();
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        let start = start_of_day(at("2025-03-03T00:30:00+08:00"), &shanghai);
        assert_eq!(start, at("2025-03-03T00:00:00+08:00"));
        assert_eq!(start_of_day(at("2025-03-02T23:59:59+08:00"), &shanghai), at("2025-03-02T00:00:00+08:00"));
    }
}
