//! How many rows a statement changed.

use base::problem::Problem;
use sqlx::postgres::PgQueryResult;

/// # Errors
/// When the row, which is locked, was not the one row that changed.
pub fn expect_one(changed: &PgQueryResult) -> Result<(), Problem> {
    match changed.rows_affected() {
        1 => Ok(()),
        rows => Err(Problem::internal(format!("{rows} rows changed instead of one"))),
    }
}
