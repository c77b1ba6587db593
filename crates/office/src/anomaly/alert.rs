//! The e-mail that tells of what a look found: one, however many addresses it found.

use std::collections::HashMap;
use std::fmt::Write;

use base::clock::UtcTime;
use base::ids::OperatorId;
use platform::email;
use platform::settings::Settings;
use sqlx::PgConnection;
use uuid::Uuid;

use super::finding::Finding;

/// Addresses that are told of one by one; an attack from thousands is as clear from the first.
const MOST: usize = 100;

/// A finding that is news, with the accounts that were locked for it.
pub(super) type News<'a> = (&'a Finding, Vec<Uuid>);

pub(super) async fn send(
    connection: &mut PgConnection,
    settings: &Settings,
    news: &[News<'_>],
    now: UtcTime,
) -> sqlx::Result<()> {
    let Some((first, _)) = news.first() else {
        return Ok(());
    };
    if settings.alert_email.is_empty() {
        return Ok(());
    }
    let subject = match news.len() {
        1 => format!("[安全告警] {} 行为异常", first.address()),
        several => format!("[安全告警] {several} 个地址行为异常"),
    };
    let locked: Vec<Uuid> = news.iter().take(MOST).flat_map(|(_, locked)| locked).copied().collect();
    let names = names(connection, &locked).await?;
    let body = body(settings, news, &names, now);
    email::enqueue(connection, &settings.alert_email, &subject, &body, now).await
}

async fn names(connection: &mut PgConnection, operators: &[Uuid]) -> sqlx::Result<HashMap<Uuid, String>> {
    let rows = sqlx::query!("SELECT id, name, username FROM operators WHERE id = ANY($1)", operators)
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, format!("{}（{}）", row.name, row.username))).collect())
}

fn body(settings: &Settings, news: &[News<'_>], names: &HashMap<Uuid, String>, now: UtcTime) -> String {
    let mut body = format!("时间：{now}\n");
    // Writing into a text cannot fail.
    for (finding, locked) in news.iter().take(MOST) {
        let _ = writeln!(body, "\n{}", finding.reason(settings));
        let consequence = if locked.is_empty() {
            "没有账号被锁定"
        } else {
            "已锁定以下账号，核实后请由管理员解锁："
        };
        let _ = writeln!(body, "{consequence}");
        for id in locked {
            let name = names.get(id).map_or("", String::as_str);
            let _ = writeln!(body, "- {} {name}", OperatorId::from_uuid(*id));
        }
    }
    if news.len() > MOST {
        let _ = writeln!(body, "\n另有 {} 个地址，详见安全事件。", news.len() - MOST);
    }
    body
}
