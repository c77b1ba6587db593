//! The e-mail that tells of a run that failed for good.

use base::clock::UtcTime;
use jiff::SignedDuration;
use sqlx::PgConnection;

use super::{Schedule, runs};
use crate::email;
use crate::settings::Settings;

/// Slots that pass in silence after one that was told of: a schedule that fails every few minutes is told of twice a day,
/// one that fails daily each time.
const QUIET: SignedDuration = SignedDuration::from_hours(12);

pub(super) async fn send(
    connection: &mut PgConnection,
    settings: &Settings,
    schedule: &Schedule,
    slot: UtcTime,
    error: &str,
    now: UtcTime,
) -> sqlx::Result<()> {
    let Schedule { name, description, .. } = schedule;
    if settings.alert_email.is_empty()
        || !runs::mark_alerted(connection, name, slot, slot.plus(-QUIET)).await?
    {
        return Ok(());
    }
    let subject = format!("[运行告警] 定时任务失败：{}", description.zh);
    let zone = settings.business_timezone.clone();
    let due = slot.timestamp().to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string();
    let body = format!(
        "时间：{now}\n任务：{name}（{}）\n计划时间：{due}\n原因：{error}\n\n排除原因后，可由管理员在后台重新执行。\n",
        description.zh
    );
    email::enqueue(connection, &settings.alert_email, &subject, &body, now).await
}
