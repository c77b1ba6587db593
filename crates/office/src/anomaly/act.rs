//! What follows from an incident: event, locks, e-mail, audit.

use std::collections::BTreeMap;

use base::clock::UtcTime;
use base::ids::OperatorId;
use base::problem::Problem;
use platform::settings::Settings;
use sqlx::PgConnection;
use uuid::Uuid;

use super::finding::Finding;
use super::{alert, seconds_before};
use crate::audit::{self, Act, Actor};
use crate::{operators, security_events};

/// An address that breaks a rule again within this time still belongs to the same incident.
const SAME_INCIDENT_S: i64 = 600;
/// Who locks.
const BY: &str = "system";

/// Acts on all findings of a look and returns how many accounts it locked. Accounts are locked in the order of their ids,
/// as everywhere, and the audit log comes last.
pub(super) async fn act(
    connection: &mut PgConnection,
    settings: &Settings,
    findings: &[Finding],
    now: UtcTime,
) -> Result<usize, Problem> {
    if findings.is_empty() {
        return Ok(0);
    }
    let locked = lock(connection, settings, findings, now).await?;
    let mut news = Vec::new();
    for (index, finding) in findings.iter().enumerate() {
        let is_new = report(connection, settings, finding, now).await?;
        let here: Vec<Uuid> = locked.iter().filter(|(_, by)| **by == index).map(|(id, _)| *id).collect();
        if is_new || !here.is_empty() {
            tracing::warn!(ip = %finding.network, rule = ?finding.rule, locked = here.len(), "anomaly");
            news.push((finding, here));
        }
    }
    alert::send(connection, settings, &news, now).await?;
    for (operator_id, index) in &locked {
        let finding = &findings[*index];
        let mut act = Act::new("operator_lock", finding.evidence(settings))
            .on_operator(OperatorId::from_uuid(*operator_id));
        act.set("reason", finding.reason(settings));
        act.set("rule", finding.rule.event().into_str());
        audit::succeeded(connection, &Actor::system(), &act, now).await?;
    }
    Ok(locked.len())
}

/// Locks the accounts concerned that are active, and says which finding each was locked for.
async fn lock(
    connection: &mut PgConnection,
    settings: &Settings,
    findings: &[Finding],
    now: UtcTime,
) -> Result<BTreeMap<Uuid, usize>, Problem> {
    let mut concerned = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        for operator_id in &finding.concerned {
            concerned.entry(*operator_id).or_insert(index);
        }
    }
    let ids: Vec<Uuid> = concerned.keys().copied().collect();
    let active = sqlx::query_scalar!(
        "SELECT operator_id FROM operator_accounts
         WHERE operator_id = ANY($1) AND state = 'active' ORDER BY operator_id",
        &ids,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut locked = BTreeMap::new();
    for operator_id in active {
        let index = concerned[&operator_id];
        let (reason, ip) = (findings[index].reason(settings), Some(findings[index].network.addr()));
        if operators::lock(connection, OperatorId::from_uuid(operator_id), &reason, BY, ip, now).await? {
            locked.insert(operator_id, index);
        }
    }
    Ok(locked)
}

/// Writes the event of an incident, once. True when it is new.
async fn report(
    connection: &mut PgConnection,
    settings: &Settings,
    finding: &Finding,
    now: UtcTime,
) -> sqlx::Result<bool> {
    let (kind, ip) = (finding.rule.event(), finding.network.addr());
    let same_incident = finding.rule.window_seconds(settings).max(SAME_INCIDENT_S);
    if security_events::is_recorded_since(connection, kind, ip, seconds_before(now, same_incident)).await? {
        return Ok(false);
    }
    let operators: Vec<OperatorId> = finding.concerned.iter().copied().map(OperatorId::from_uuid).collect();
    let evidence = finding.evidence(settings);
    security_events::record(connection, kind, Some(ip), &operators, evidence, now).await?;
    Ok(true)
}
