//! What an act leaves behind: the shape of its answer, its row in the audit log, and callers that wait for a lock.

use std::time::Duration;

use serde_json::Value;

use crate::harness::Server;
use crate::people::Person;

/// The names in an object, sorted.
#[track_caller]
pub(crate) fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// A row of the audit log.
#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Audited {
    pub(crate) actor_name: String,
    pub(crate) outcome: String,
    pub(crate) target_resource_id: Option<String>,
    pub(crate) operation_details: Value,
}

impl Person {
    /// Somebody who holds this token.
    pub(crate) fn with(token: &str) -> Self {
        Person { token: token.to_owned(), data: Value::Null }
    }
}

impl Server {
    /// The rows of one operation, in order.
    pub(crate) async fn audited(&self, operation: &str) -> Vec<Audited> {
        sqlx::query_as(
            "SELECT actor_name, outcome, target_resource_id, operation_details
             FROM audit_log WHERE operation_type = $1 ORDER BY seq",
        )
        .bind(operation)
        .fetch_all(&mut self.owner().await)
        .await
        .unwrap()
    }

    /// The whole audit log as text, to look for what must not be in it.
    pub(crate) async fn audit_text(&self) -> String {
        let rows: Vec<String> = sqlx::query_scalar("SELECT to_jsonb(audit_log)::text FROM audit_log")
            .fetch_all(&mut self.owner().await)
            .await
            .unwrap();
        rows.join("\n")
    }

    /// Takes single permissions from a staff account, or gives them.
    pub(crate) async fn override_permissions(&self, username: &str, overrides: Value) {
        let sql = "UPDATE staff_accounts SET permission_overrides = $2 WHERE username = $1";
        self.change(sqlx::query(sql).bind(username).bind(overrides)).await;
    }

    /// Waits until so many connections to this database wait for a lock.
    pub(crate) async fn until_waiting(&self, connections: i64) {
        let mut owner = self.owner().await;
        let wait = async {
            while waiting(&mut owner).await < connections {
                tokio::task::yield_now().await;
            }
        };
        // A test of a lock that nobody takes must fail, not hang.
        tokio::time::timeout(Duration::from_secs(20), wait).await.unwrap();
    }
}

async fn waiting(owner: &mut sqlx::PgConnection) -> i64 {
    sqlx::query_scalar(
        "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'",
    )
    .fetch_one(owner)
    .await
    .unwrap()
}
