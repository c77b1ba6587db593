//! The ledger of all operators, one operator after the other.
//!
//! Whoever reads all of it has no use for the order of [`super::list_all`], which finds the newest entries of all
//! operators anew for every page: operator by operator each entry is read once.

use std::collections::VecDeque;

use base::ids::OperatorId;
use base::paging::Seek;
use sqlx::PgConnection;
use uuid::Uuid;

use super::list_all::{self, AllFilter, OperatorEntry};

/// Where the reader stands.
#[derive(Debug)]
pub struct ByOperator {
    filter: AllFilter,
    operators: VecDeque<OperatorId>,
    before: Option<Uuid>,
}

impl ByOperator {
    /// Finds the operators that have entries, unless the filter names one.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(connection: &mut PgConnection, filter: AllFilter) -> sqlx::Result<Self> {
        let operators = match filter.operator_id {
            Some(operator_id) => vec![operator_id],
            None => {
                sqlx::query_scalar!(
                    r#"SELECT id AS "id: OperatorId" FROM operators o
                       WHERE EXISTS (SELECT FROM ledger_entries e
                                     WHERE e.operator_id = o.id AND e.id >= $1 AND e.id < $2)
                       ORDER BY id"#,
                    filter.range.from,
                    filter.range.until,
                )
                .fetch_all(connection)
                .await?
            }
        };
        Ok(ByOperator { filter, operators: operators.into(), before: None })
    }

    /// The next entries, at least `rows` of them unless that is all; each operator's newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn next(
        &mut self,
        connection: &mut PgConnection,
        rows: i64,
    ) -> sqlx::Result<Vec<OperatorEntry>> {
        let enough = usize::try_from(rows).unwrap_or(usize::MAX);
        let mut entries = Vec::new();
        while let Some(operator_id) = self.operators.front().copied()
            && entries.len() < enough
        {
            let filter = AllFilter { operator_id: Some(operator_id), ..self.filter };
            let page = list_all::page(connection, &filter, Seek::batch(rows, self.before)).await?;
            self.before = page.last().map(|row| row.entry.id.uuid());
            if page.is_empty() {
                self.operators.pop_front();
            }
            entries.extend(page);
        }
        Ok(entries)
    }
}
