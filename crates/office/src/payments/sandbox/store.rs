//! The sandbox's rows in the database: what was answered survives a crash, and all instances have the same providers.

use pay_sandbox::{Changes, Channel, Record, Store, StoreError, StoreFuture, Turn};
use serde_json::Value;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

/// Whoever has a turn holds this lock until its end, so changes are numbered in the order in which they are committed.
const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtext('coinslot payment sandbox'))";

/// The table `sandbox_records`.
#[derive(Debug)]
pub(super) struct Records(pub(super) PgPool);

struct DatabaseTurn {
    transaction: Transaction<'static, Postgres>,
    seen: i64,
}

impl Store for Records {
    fn begin(&self, seen: i64) -> StoreFuture<'_, (Box<dyn Turn>, Changes)> {
        Box::pin(async move {
            let mut transaction = self.0.begin().await.map_err(StoreError::new)?;
            sqlx::query(LOCK).execute(&mut *transaction).await.map_err(StoreError::new)?;
            let changes = changes(&mut transaction, seen).await.map_err(StoreError::new)?;
            let seen = changes.seen;
            Ok((Box::new(DatabaseTurn { transaction, seen }) as Box<dyn Turn>, changes))
        })
    }
}

impl Turn for DatabaseTurn {
    fn end(self: Box<Self>, records: Vec<Record>) -> StoreFuture<'static, i64> {
        Box::pin(async move {
            let DatabaseTurn { mut transaction, mut seen } = *self;
            for record in records {
                seen = save(&mut transaction, record).await.map_err(StoreError::new)?;
            }
            transaction.commit().await.map_err(StoreError::new)?;
            Ok(seen)
        })
    }
}

/// Rows that are gone concern only those who have known them.
async fn changes(transaction: &mut Transaction<'static, Postgres>, seen: i64) -> sqlx::Result<Changes> {
    let rows = sqlx::query!(
        r#"SELECT channel, kind, number, content AS "content: Value", changed FROM sandbox_records
        WHERE changed > $1 AND (content IS NOT NULL OR $1 > 0) ORDER BY changed"#,
        seen
    )
    .fetch_all(&mut **transaction)
    .await?;
    let seen = rows.last().map_or(seen, |row| row.changed);
    let records = rows.into_iter().map(|row| Record {
        channel: if row.channel == Channel::Alipay.name() { Channel::Alipay } else { Channel::Wechat },
        kind: row.kind,
        number: row.number,
        content: row.content,
    });
    Ok(Changes { records: records.collect(), seen })
}

/// Writes a row and says which change that is.
async fn save(connection: &mut PgConnection, record: Record) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        "INSERT INTO sandbox_records (channel, kind, number, content, changed)
        VALUES ($1, $2, $3, $4, nextval('sandbox_changes'))
        ON CONFLICT (channel, kind, number)
        DO UPDATE SET content = excluded.content, changed = excluded.changed
        RETURNING changed",
        record.channel.name(),
        record.kind,
        record.number,
        record.content,
    )
    .fetch_one(connection)
    .await
}

/// Adds new rows in the caller's transaction, which has the turn from now until its end.
pub(super) async fn add(connection: &mut PgConnection, records: &[Record]) -> sqlx::Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    sqlx::query(LOCK).execute(&mut *connection).await?;
    let channels: Vec<&str> = records.iter().map(|record| record.channel.name()).collect();
    let kinds: Vec<&str> = records.iter().map(|record| record.kind.as_str()).collect();
    let numbers: Vec<&str> = records.iter().map(|record| record.number.as_str()).collect();
    let contents: Vec<Option<&Value>> = records.iter().map(|record| record.content.as_ref()).collect();
    sqlx::query!(
        "INSERT INTO sandbox_records (channel, kind, number, content, changed)
        SELECT r.*, nextval('sandbox_changes')
        FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[]) AS r",
        &channels as _,
        &kinds as _,
        &numbers as _,
        &contents as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
