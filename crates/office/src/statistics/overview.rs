//! The platform as a whole.

use base::problem::Problem;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Figures;
use super::usage::{Filter, Grouping, aggregate};

/// Who is there now, and what was played in the range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overview {
    /// Without the deactivated.
    pub operators: i64,
    /// Without the deleted and those of deactivated operators.
    pub sites: i64,
    pub figures: Figures,
}

/// Operators and sites are counted as far as the filter names operators or sites; time and application say nothing about
/// them.
///
/// # Errors
/// As [`aggregate`].
pub async fn overview(connection: &mut PgConnection, filter: &Filter) -> Result<Overview, Problem> {
    let rows = aggregate(connection, filter, Grouping::default()).await?;
    let operators: Vec<Uuid> = filter.operators.iter().map(|id| id.uuid()).collect();
    let sites: Vec<Uuid> = filter.sites.iter().map(|id| id.uuid()).collect();
    let counts = sqlx::query!(
        r#"WITH chosen AS (
               SELECT o.id AS operator_id, s.id AS site_id, s.deleted_at
               FROM operators o LEFT JOIN sites s ON s.operator_id = o.id
               WHERE o.deactivated_at IS NULL
                 AND (cardinality($1::uuid[]) = 0 OR o.id = ANY($1))
                 AND (cardinality($2::uuid[]) = 0 OR s.id = ANY($2)))
           SELECT count(DISTINCT operator_id) AS "operators!",
                  count(site_id) FILTER (WHERE deleted_at IS NULL) AS "sites!"
           FROM chosen"#,
        &operators,
        &sites,
    )
    .fetch_one(connection)
    .await?;
    Ok(Overview {
        operators: counts.operators,
        sites: counts.sites,
        figures: Figures::sum(rows.iter().map(|row| row.figures))?,
    })
}
