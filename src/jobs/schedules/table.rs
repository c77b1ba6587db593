//! Everything that the clockwork does.

use super::{Rhythm, Schedule, categories, log_partitions, purge, reports, sweeps};
use crate::problem::Text;

/// One entry per schedule. What one needs beyond [`super::Tools`], its closure keeps.
#[must_use]
pub fn table() -> Vec<Schedule> {
    vec![
        Schedule::new(
            "reconcile_recharges",
            Rhythm::Minutes(5),
            Text::new(
                "向支付渠道核对未支付的充值订单，关闭已过期的订单",
                "Asks the payment providers about unpaid top-ups and closes those that have expired",
            ),
            sweeps::reconcile_recharges,
        ),
        Schedule::new(
            "grant_expiry_notices",
            Rhythm::Minutes(5),
            Text::new("通知运营商即将到期的应用授权", "Tells operators of grants that are about to expire"),
            sweeps::notice_expiring_grants,
        ),
        Schedule::new(
            "recompute_categories",
            Rhythm::monthly(2, 0),
            Text::new(
                "按上月消费重新评定客户等级",
                "Sets the customer categories by the consumption of the past month",
            ),
            categories::recompute,
        ),
        Schedule::new(
            "daily_report",
            Rhythm::daily(1, 0),
            Text::new("生成前一日的财务日报", "Makes the finance report of the day before"),
            reports::daily,
        ),
        Schedule::new(
            "weekly_report",
            Rhythm::weekly(1, 10),
            Text::new("生成上周的财务周报", "Makes the finance report of the past week"),
            reports::weekly,
        ),
        Schedule::new(
            "monthly_report",
            Rhythm::monthly(1, 20),
            Text::new("生成上月的财务月报", "Makes the finance report of the past month"),
            reports::monthly,
        ),
        Schedule::new(
            "log_partitions",
            Rhythm::daily(3, 30),
            Text::new(
                "预建日志分区，删除超过保留期的授权日志分区",
                "Creates log partitions ahead and drops those of the authorization log that are past their retention",
            ),
            log_partitions::keep,
        ),
        Schedule::new(
            "purge_expired",
            Rhythm::daily(4, 0),
            Text::new(
                "清理过期的登录令牌、幂等键、限流窗口、已发送邮件、报表与任务记录",
                "Removes expired tokens, idempotency keys and rate windows, and old sent e-mails, reports and runs",
            ),
            purge::purge,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_distinct() {
        let names: HashSet<&str> = table().iter().map(|schedule| schedule.name).collect();
        assert_eq!(names.len(), table().len());
    }
}
