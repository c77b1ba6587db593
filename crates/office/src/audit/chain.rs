//! The hash chain of the audit log: each row's hash covers the row before it.

use base::canonical::Encoder;
use base::clock::UtcTime;
use base::ids::AuditId;
use futures_util::TryStreamExt;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::ipnet::IpNet;
use uuid::Uuid;

/// The newest link.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) seq: i64,
    entry_hash: [u8; 32],
}

/// One row, without its hash.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) id: Uuid,
    pub(super) created_at: UtcTime,
    pub(super) actor_type: String,
    pub(super) actor_id: Option<Uuid>,
    pub(super) actor_name: String,
    pub(super) operation_type: String,
    pub(super) target_resource_type: Option<String>,
    pub(super) target_resource_id: Option<String>,
    pub(super) operation_details: Value,
    pub(super) outcome: String,
    pub(super) ip_address: Option<IpNet>,
    pub(super) user_agent: Option<String>,
    pub(super) seq: i64,
}

impl Link {
    fn hash(&self, previous: &[u8; 32]) -> [u8; 32] {
        Encoder::starting_with(previous)
            .integer(self.seq)
            .uuid(self.id)
            .integer(self.created_at.as_millis())
            .text(&self.actor_type)
            .optional_uuid(self.actor_id)
            .text(&self.actor_name)
            .text(&self.operation_type)
            .optional_text(self.target_resource_type.as_deref())
            .optional_text(self.target_resource_id.as_deref())
            .json(&self.operation_details)
            .text(&self.outcome)
            .optional_text(self.ip_address.map(|net| net.addr().to_string()).as_deref())
            .optional_text(self.user_agent.as_deref())
            .sha256()
    }
}

/// Where the chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("entry {seq} is missing or doubled")]
    Gap { seq: i64 },
    #[error("entry {seq} ({id}) was changed")]
    Changed { seq: i64, id: AuditId },
    #[error("the last entries are missing: the chain ends at {found}, it should reach {expected}")]
    Truncated { found: i64, expected: i64 },
}

fn to_hash(bytes: &[u8]) -> sqlx::Result<[u8; 32]> {
    bytes.try_into().map_err(|error: std::array::TryFromSliceError| sqlx::Error::Decode(error.into()))
}

/// Locks the newest link until the transaction ends.
pub(super) async fn lock_head(connection: &mut PgConnection) -> sqlx::Result<Head> {
    let row =
        sqlx::query!("SELECT seq, entry_hash FROM audit_chain FOR UPDATE").fetch_one(connection).await?;
    Ok(Head { seq: row.seq, entry_hash: to_hash(&row.entry_hash)? })
}

/// Writes the row and makes it the newest link.
pub(super) async fn write(connection: &mut PgConnection, head: &Head, link: &Link) -> sqlx::Result<()> {
    let hash = link.hash(&head.entry_hash);
    sqlx::query!(
        "INSERT INTO audit_log (id, created_at, actor_type, actor_id, actor_name, operation_type,
             target_resource_type, target_resource_id, operation_details, outcome, ip_address, user_agent, seq,
             entry_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        link.id,
        link.created_at as _,
        link.actor_type,
        link.actor_id,
        link.actor_name,
        link.operation_type,
        link.target_resource_type,
        link.target_resource_id,
        link.operation_details,
        link.outcome,
        link.ip_address as _,
        link.user_agent,
        link.seq,
        &hash[..],
    )
    .execute(&mut *connection)
    .await?;
    let moved = sqlx::query!(
        "UPDATE audit_chain SET seq = $1, entry_hash = $2 WHERE seq = $3",
        link.seq,
        &hash[..],
        head.seq,
    )
    .execute(connection)
    .await?;
    if moved.rows_affected() != 1 {
        return Err(sqlx::Error::RowNotFound);
    }
    Ok(())
}

/// Recomputes the whole chain. The inner result is the number of entries, or the first place that does not hold.
///
/// # Errors
/// The database's.
pub async fn verify(connection: &mut PgConnection) -> sqlx::Result<Result<i64, Broken>> {
    // The head first: entries that are appended meanwhile only make the chain longer.
    let head = sqlx::query!("SELECT seq, entry_hash FROM audit_chain").fetch_one(&mut *connection).await?;
    let mut rows = sqlx::query!(
        r#"SELECT id, created_at, actor_type, actor_id, actor_name, operation_type, target_resource_type,
                  target_resource_id, operation_details, outcome, ip_address as "ip_address: IpNet", user_agent, seq,
                  entry_hash
           FROM audit_log ORDER BY seq"#
    )
    .fetch(connection);
    let (mut seq, mut hash) = (0, [0; 32]);
    while let Some(row) = rows.try_next().await? {
        if row.seq != seq + 1 {
            return Ok(Err(Broken::Gap { seq: seq + 1 }));
        }
        seq = row.seq;
        let link = Link {
            id: row.id,
            created_at: row.created_at,
            actor_type: row.actor_type,
            actor_id: row.actor_id,
            actor_name: row.actor_name,
            operation_type: row.operation_type,
            target_resource_type: row.target_resource_type,
            target_resource_id: row.target_resource_id,
            operation_details: row.operation_details,
            outcome: row.outcome,
            ip_address: row.ip_address,
            user_agent: row.user_agent,
            seq,
        };
        hash = link.hash(&hash);
        let head_differs = seq == head.seq && hash[..] != head.entry_hash[..];
        if hash[..] != row.entry_hash[..] || head_differs {
            let id = AuditId::from_uuid(row.id);
            return Ok(Err(Broken::Changed { seq, id }));
        }
    }
    if seq < head.seq {
        return Ok(Err(Broken::Truncated { found: seq, expected: head.seq }));
    }
    Ok(Ok(seq))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn link() -> Link {
        Link {
            id: Uuid::from_u128(1),
            created_at: UtcTime::from_millis(1_700_000_000_000).unwrap(),
            actor_type: "admin".to_owned(),
            actor_id: Some(Uuid::from_u128(2)),
            actor_name: "管理员".to_owned(),
            operation_type: "operator_lock".to_owned(),
            target_resource_type: Some("operator".to_owned()),
            target_resource_id: Some("op_x".to_owned()),
            operation_details: json!({"reason": "test"}),
            outcome: "success".to_owned(),
            ip_address: Some("192.0.2.1/32".parse().unwrap()),
            user_agent: None,
            seq: 1,
        }
    }

    #[test]
    fn every_field_is_in_the_hash() {
        let changes: [fn(&mut Link); 13] = [
            |l| l.id = Uuid::from_u128(9),
            |l| l.created_at = UtcTime::from_millis(1_700_000_000_001).unwrap(),
            |l| l.actor_type = "finance".to_owned(),
            |l| l.actor_id = None,
            |l| l.actor_name.push('!'),
            |l| l.operation_type.push('!'),
            |l| l.target_resource_type = None,
            |l| l.target_resource_id = None,
            |l| l.operation_details = json!({"reason": "other"}),
            |l| l.outcome.push('!'),
            |l| l.ip_address = None,
            |l| l.user_agent = Some(String::new()),
            |l| l.seq = 2,
        ];
        let original = link().hash(&[0; 32]);
        assert_ne!(original, link().hash(&[1; 32]));
        for (index, change) in changes.into_iter().enumerate() {
            let mut changed = link();
            change(&mut changed);
            assert_ne!(original, changed.hash(&[0; 32]), "field {index}");
        }
    }
}
