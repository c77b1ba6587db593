//! What the business is worth, read from the database when a collector asks.

use std::fmt::Write;
use std::time::{Duration, Instant};

use base::ids::OperatorId;
use base::problem::Problem;
use money::Fen;
use platform::db::Database;
use platform::metrics::describe;
use sqlx::PgConnection;
use tokio::sync::Mutex;

/// The database is read at most this often, however many collectors ask.
const KEEP_FOR: Duration = Duration::from_secs(5);
/// A scrape does not wait longer for the database; the series are absent from its answer then.
const READ_TIMEOUT: Duration = Duration::from_secs(3);

const BALANCE: &str = "mr_operator_balance_yuan";
const REVENUE: &str = "mr_revenue_total_yuan";

/// The series and when they were read. The lock is held while they are read: collectors that ask at once share them.
#[derive(Debug, Default)]
pub struct BusinessMetrics(Mutex<Option<(Instant, String)>>);

impl BusinessMetrics {
    /// The series in the text format. Amounts are written as decimals, so that no float ever holds money.
    pub async fn render(&self, database: &Database) -> String {
        let mut kept = self.0.lock().await;
        if let Some((read_at, text)) = kept.as_ref()
            && read_at.elapsed() < KEEP_FOR
        {
            return text.clone();
        }
        let read = tokio::time::timeout(READ_TIMEOUT, read(database)).await;
        let text = match read.map_err(Problem::unavailable) {
            Ok(Ok(text)) => text,
            Ok(Err(problem)) | Err(problem) => {
                tracing::warn!(cause = problem.cause(), "business metrics not read");
                *kept = None;
                return describe(BALANCE) + &describe(REVENUE);
            }
        };
        *kept = Some((Instant::now(), text.clone()));
        text
    }
}

async fn read(database: &Database) -> Result<String, Problem> {
    let mut connection = database.acquire().await?;
    let mut text = describe(BALANCE);
    write_balances(&mut connection, &mut text).await?;
    text.push_str(&describe(REVENUE));
    write_revenue(&mut connection, &mut text).await?;
    Ok(text)
}

async fn write_balances(connection: &mut PgConnection, text: &mut String) -> sqlx::Result<()> {
    let rows = sqlx::query!(
        r#"SELECT o.id AS "id: OperatorId", a.category, a.balance_fen AS "balance: Fen"
           FROM operators o JOIN operator_accounts a ON a.operator_id = o.id
           WHERE o.deactivated_at IS NULL ORDER BY o.id"#
    )
    .fetch_all(connection)
    .await?;
    for row in rows {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{BALANCE}{{operator_id=\"{}\",tier=\"{}\"}} {}",
            row.id, row.category, row.balance
        );
    }
    Ok(())
}

async fn write_revenue(connection: &mut PgConnection, text: &mut String) -> sqlx::Result<()> {
    let rows = sqlx::query!(
        r#"SELECT 'authorization' AS "source!", coalesce(sum(total_consumed_fen), 0)::bigint AS "sum!: Fen"
           FROM operator_accounts
           UNION ALL
           SELECT method, coalesce((SELECT sum(amount_fen) FROM ledger_movements
                                    WHERE kind = 'recharge' AND payment_method = method), 0)::bigint
           FROM unnest(ARRAY['wechat', 'alipay']) AS method"#
    )
    .fetch_all(connection)
    .await?;
    for row in rows {
        let _ = writeln!(text, "{REVENUE}{{source=\"{}\"}} {}", row.source, row.sum);
    }
    Ok(())
}
