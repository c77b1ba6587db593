//! Invoice numbers: `INV`, the year in the business time zone, and a number of at least six digits that begins with 1
//! every year, such as `INV2026000001`. The year always has four digits, so numbers are unique however many there are.

use jiff::civil::Date;
use sqlx::PgConnection;

/// Takes the next number. The year's row stays locked until the transaction ends, so the next one waits for what
/// becomes of this one, and a number that is rolled back is given again: no gaps.
///
/// # Errors
/// The database's.
pub(super) async fn take(connection: &mut PgConnection, issued_on: Date) -> sqlx::Result<String> {
    let year = issued_on.year();
    let number = sqlx::query_scalar!(
        "INSERT INTO invoice_numbers AS n (year, last_number) VALUES ($1, 1)
         ON CONFLICT (year) DO UPDATE SET last_number = n.last_number + 1
         RETURNING last_number",
        i32::from(year),
    )
    .fetch_one(connection)
    .await?;
    Ok(format!("INV{year:04}{number:06}"))
}
