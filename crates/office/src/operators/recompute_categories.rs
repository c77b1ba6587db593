//! The customer category that follows from a month's consumption (FR-006).
//!
//! An operator that registered within the month is judged by what it consumed in the rest of it. One that registered since
//! had no part in the month and keeps the category it was given; deactivated ones keep theirs.

use std::collections::HashMap;

use base::clock::UtcTime;
use base::ids::OperatorId;
use base::problem::{ErrorCode, Problem};
use jiff::tz::TimeZone;
use money::Fen;
use platform::messages;
use platform::settings::Settings;
use serde_json::json;
use sqlx::{Connection, PgConnection};

use super::{Category, change_category};
use crate::audit::{self, Act, Actor};
use crate::statistics::{Filter, Grouping, TimeRange, aggregate};

/// Sets the category of every operator that consumed more or less than its category in the month, each in a transaction
/// of its own, and returns how many have changed. Doing it again changes nothing more.
///
/// # Errors
/// The database's; what was changed before stays changed.
pub async fn recompute_categories(
    connection: &mut PgConnection,
    settings: &Settings,
    month: TimeRange,
    now: UtcTime,
) -> Result<usize, Problem> {
    let consumed = consumption(connection, month).await?;
    let mut changed = 0;
    for (operator_id, category) in judged(connection, month).await? {
        let consumed = consumed.get(&operator_id).copied().unwrap_or(Fen::ZERO);
        let due = category_of(consumed, settings);
        if due != category {
            let verdict = Verdict { operator_id, consumed, category: due };
            changed += usize::from(verdict.carry_out(connection, settings, month, now).await?);
        }
    }
    Ok(changed)
}

fn category_of(consumed: Fen, settings: &Settings) -> Category {
    if consumed >= settings.vip_tier_monthly_threshold {
        Category::Vip
    } else if consumed >= settings.standard_tier_monthly_threshold {
        Category::Normal
    } else {
        Category::Trial
    }
}

async fn consumption(
    connection: &mut PgConnection,
    month: TimeRange,
) -> Result<HashMap<OperatorId, Fen>, Problem> {
    let by_operator = Grouping { operator: true, ..Grouping::default() };
    let rows = aggregate(connection, &Filter::all(month), by_operator).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.operator_id?, row.figures.cost))).collect())
}

async fn judged(
    connection: &mut PgConnection,
    month: TimeRange,
) -> Result<Vec<(OperatorId, Category)>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT o.id AS "id: OperatorId", a.category
           FROM operators o JOIN operator_accounts a ON a.operator_id = o.id
           WHERE o.deactivated_at IS NULL AND o.created_at < $1
           ORDER BY o.id"#,
        month.end as _,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|row| Ok((row.id, Category::parse(&row.category)?))).collect()
}

/// What an operator's consumption makes it.
struct Verdict {
    operator_id: OperatorId,
    consumed: Fen,
    category: Category,
}

impl Verdict {
    /// False when there was nothing left to change: the operator was deactivated, or an administrator came first.
    async fn carry_out(
        &self,
        connection: &mut PgConnection,
        settings: &Settings,
        month: TimeRange,
        now: UtcTime,
    ) -> Result<bool, Problem> {
        let mut transaction = connection.begin().await?;
        let before = match change_category(&mut transaction, self.operator_id, self.category, now).await {
            Ok(before) if before != self.category => before,
            Ok(_) => return Ok(false),
            Err(problem) if problem.code() == ErrorCode::InvalidParams => return Ok(false),
            Err(problem) => return Err(problem),
        };
        let month = month_name(month, &settings.business_timezone);
        let content = self.content(before, settings, &month);
        messages::tell(&mut transaction, self.operator_id, "客户等级已调整", content, now).await?;
        let details = json!({"month": month, "consumption": self.consumed});
        let mut act = Act::new("operator_category_change", details).on_operator(self.operator_id);
        act.set_change(json!({"category": before}), json!({"category": self.category}));
        audit::succeeded(&mut transaction, &Actor::system(), &act, now).await?;
        transaction.commit().await?;
        Ok(true)
    }

    fn content(&self, before: Category, settings: &Settings, month: &str) -> String {
        format!(
            "您 {month} 的消费金额为 {} 元，客户等级由{}调整为{}，余额低于 {} 元时会提醒您。",
            self.consumed,
            name(before),
            name(self.category),
            settings.low_balance_threshold(self.category),
        )
    }
}

fn month_name(month: TimeRange, zone: &TimeZone) -> String {
    month.start.timestamp().to_zoned(zone.clone()).strftime("%Y-%m").to_string()
}

const fn name(category: Category) -> &'static str {
    match category {
        Category::Trial => "试用客户",
        Category::Normal => "普通客户",
        Category::Vip => "VIP 客户",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_reaches_a_threshold_is_above_it() {
        let settings = Settings::defaults();
        for (fen, category) in [
            (0, Category::Trial),
            (99_999, Category::Trial),
            (100_000, Category::Normal),
            (999_999, Category::Normal),
            (1_000_000, Category::Vip),
            (i64::MAX, Category::Vip),
        ] {
            assert_eq!(category_of(Fen::new(fen), &settings), category, "{fen}");
        }
    }
}
