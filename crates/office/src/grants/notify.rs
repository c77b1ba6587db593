//! What operators are told about their grants.

use base::clock::UtcTime;
use jiff::tz::TimeZone;
use platform::messages::{self, MessageKind, NewMessage};
use sqlx::PgConnection;

use super::find::Grant;
use super::give::Given;

/// Tells the operator of a grant, as the answer to its request or as an administrator's own act.
///
/// # Errors
/// The database's.
pub async fn tell_given(
    connection: &mut PgConnection,
    given: &Given,
    zone: &TimeZone,
    now: UtcTime,
) -> sqlx::Result<()> {
    let grant = &given.grant;
    let name = &grant.app_name;
    let until = match grant.expires_at {
        Some(expires_at) => format!("有效期至 {}", in_zone(expires_at, zone)),
        None => "长期有效".to_owned(),
    };
    let message = NewMessage {
        kind: MessageKind::Authorization,
        title: if given.was_requested {
            format!("应用申请已通过：{name}")
        } else {
            format!("应用授权已开通：{name}")
        },
        content: format!("应用“{name}”已授权给您，{until}，可立即使用。"),
        announcement_id: None,
    };
    messages::send(connection, &[grant.operator_id], &message, now).await
}

/// Tells the operator that a grant was taken back.
pub(super) async fn tell_revoked(
    connection: &mut PgConnection,
    grant: &Grant,
    reason: Option<&str>,
    now: UtcTime,
) -> sqlx::Result<()> {
    let name = &grant.app_name;
    let reason = reason.map(|reason| format!("原因：{reason}。")).unwrap_or_default();
    let message = NewMessage {
        kind: MessageKind::Authorization,
        title: format!("应用授权已撤销：{name}"),
        content: format!("应用“{name}”对您的授权已撤销，即日起无法启动该应用。{reason}"),
        announcement_id: None,
    };
    messages::send(connection, &[grant.operator_id], &message, now).await
}

/// A time as the business reads it, to the minute.
pub(super) fn in_zone(time: UtcTime, zone: &TimeZone) -> String {
    time.timestamp().to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}
