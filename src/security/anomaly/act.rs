//! What follows from an incident: event, locks, audit, e-mail.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use sqlx::PgConnection;
use sqlx::types::ipnet::IpNet;
use uuid::Uuid;

use super::{Finding, Rule, seconds_before};
use crate::audit::{self, Act, Actor};
use crate::clock::UtcTime;
use crate::email;
use crate::ids::OperatorId;
use crate::operators;
use crate::problem::Problem;
use crate::security::events;
use crate::settings::Settings;

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
    for (index, finding) in findings.iter().enumerate() {
        let is_new = report(connection, settings, finding, now).await?;
        let here: Vec<Uuid> = locked.iter().filter(|(_, by)| **by == index).map(|(id, _)| *id).collect();
        if is_new || !here.is_empty() {
            tracing::warn!(ip = %finding.network, rule = ?finding.rule, locked = here.len(), "anomaly");
            alert(connection, settings, finding, &here, now).await?;
        }
    }
    for (operator_id, index) in &locked {
        let finding = &findings[*index];
        let mut details = evidence(settings, finding);
        details["reason"] = json!(reason(settings, finding));
        details["rule"] = json!(finding.rule.event().as_str());
        let act = Act::new("operator_lock", details).on_operator(OperatorId::from_uuid(*operator_id));
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
        "SELECT operator_id FROM operator_accounts WHERE operator_id = ANY($1) AND state = 'active'",
        &ids,
    )
    .fetch_all(&mut *connection)
    .await?;
    concerned.retain(|id, _| active.contains(id));
    let mut locked = BTreeMap::new();
    for (operator_id, index) in concerned {
        let finding = &findings[index];
        let (reason, ip) = (reason(settings, finding), Some(finding.network.addr()));
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
    let since = seconds_before(now, same_incident);
    if events::is_recorded_since(connection, kind, ip, since).await? {
        return Ok(false);
    }
    let operators: Vec<OperatorId> = finding.concerned.iter().copied().map(OperatorId::from_uuid).collect();
    events::record(connection, kind, Some(ip), &operators, evidence(settings, finding), now).await?;
    Ok(true)
}

fn evidence(settings: &Settings, finding: &Finding) -> Value {
    let count = match finding.rule {
        Rule::Failures => "failures",
        Rule::ManyKeys => "keys",
    };
    json!({
        "address": address(finding.network),
        count: finding.count,
        "limit": finding.rule.limit(settings),
        "window_seconds": finding.rule.window_seconds(settings),
    })
}

/// Shown to administrators as the reason of the lock.
fn reason(settings: &Settings, finding: &Finding) -> String {
    let (kind, address) = (finding.rule.event().as_str(), address(finding.network));
    let (seconds, count) = (finding.rule.window_seconds(settings), finding.count);
    match finding.rule {
        Rule::Failures => format!("{kind}：{address} 在 {seconds} 秒内鉴权失败 {count} 次"),
        Rule::ManyKeys => format!("{kind}：{address} 在 {seconds} 秒内使用了 {count} 个不同的 API Key"),
    }
}

/// An address as such, a network with its length.
fn address(network: IpNet) -> String {
    match network {
        IpNet::V4(net) => net.addr().to_string(),
        IpNet::V6(net) => net.to_string(),
    }
}

async fn alert(
    connection: &mut PgConnection,
    settings: &Settings,
    finding: &Finding,
    locked: &[Uuid],
    now: UtcTime,
) -> sqlx::Result<()> {
    if settings.alert_email.is_empty() {
        return Ok(());
    }
    let rows = sqlx::query!("SELECT id, name, username FROM operators WHERE id = ANY($1)", locked)
        .fetch_all(&mut *connection)
        .await?;
    let names: HashMap<Uuid, String> =
        rows.into_iter().map(|row| (row.id, format!("{}（{}）", row.name, row.username))).collect();
    let mut body = format!("{}。\n时间：{now}\n", reason(settings, finding));
    if locked.is_empty() {
        body.push_str("没有账号被锁定。\n");
    } else {
        body.push_str("已锁定以下账号，核实后请由管理员解锁：\n");
    }
    for id in locked {
        let name = names.get(id).map_or("", String::as_str);
        body.push_str(&format!("- {} {name}\n", OperatorId::from_uuid(*id)));
    }
    let subject = format!("[安全告警] {} 行为异常", address(finding.network));
    email::enqueue(connection, &settings.alert_email, &subject, &body, now).await
}
