//! The audit log.

use serde_json::json;

use super::records::lines_of;
use super::venue::both;
use crate::people::demo_server;

const REST: [&str; 6] =
    ["target_resource_id", "operation_details", "outcome", "ip_address", "user_agent", "created_at"];

#[tokio::test]
async fn the_audit_log_is_exported_as_staff_see_it() {
    let server = demo_server().await;
    let (admin, finance) = (server.admin().await, server.finance().await);
    let operator = server.operator1().await;
    let id = operator.operator_id();
    let reason = json!({"reason": "异常登录，先行锁定"});
    admin.post(&server, &format!("/v1/admin/operators/{id}/lock"), reason.clone()).await.expect(200, "");
    admin.post(&server, &format!("/v1/admin/operators/{id}/unlock"), reason).await.expect(200, "");
    let change = json!({"old_password": "Finance12345", "new_password": "Finance54321"});
    finance.post(&server, "/v1/auth/password", change).await.expect(200, "");

    let admin_fields =
        ["log_id", "actor_type", "actor_id", "actor_name", "operation_type", "target_resource_type"];
    let finance_fields = ["log_id", "finance_id", "finance_name", "operation_type"];
    let now = server.app.clock().now();
    for (person, audience, fields) in
        [(&admin, "admin", admin_fields.as_slice()), (&finance, "finance", finance_fields.as_slice())]
    {
        for filter in [format!("?end_time={now}"), format!("?operation_type=password_change&end_time={now}")]
        {
            let path = format!("/v1/{audience}/audit-logs");
            let body = person.get(&server, &format!("{path}{filter}&page_size=100")).await.body;
            let items = body["items"].as_array().unwrap();
            let fields = [fields, &REST].concat();
            let exported = both(&server, &person.token, &format!("{path}/export{filter}")).await;
            assert_eq!(exported, lines_of(items, &fields), "{path}{filter}");
            assert!(filter.contains("password") || !items.is_empty());
        }
    }
    for (person, path, field) in [
        (&admin, "/v1/admin/audit-logs/export?actor_id=x", "actor_id"),
        (&finance, "/v1/finance/audit-logs/export?finance_id=x", "finance_id"),
        (&finance, "/v1/finance/audit-logs/export?format=pdf", "format"),
    ] {
        let answer = person.get(&server, path).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), [field], "{path}");
    }
}
