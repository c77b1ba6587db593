//! Everything that the clockwork does.

use base::clock::UtcTime;
use base::problem::Text;
use platform::jobs::Failure;
use platform::jobs::schedules::{Rhythm, Schedule};

use super::{Tools, categories, log_partitions, purge, reports, sweeps};

/// One entry per schedule.
#[must_use]
pub fn table(tools: &Tools) -> Vec<Schedule> {
    vec![
        schedule(
            tools,
            "reconcile_recharges",
            Rhythm::Minutes(5),
            Text::new(
                "向支付渠道核对未支付的充值订单，关闭已过期的订单",
                "Asks the payment providers about unpaid top-ups and closes those that have expired",
            ),
            sweeps::reconcile_recharges,
        ),
        schedule(
            tools,
            "grant_expiry_notices",
            Rhythm::Minutes(5),
            Text::new("通知运营商即将到期的应用授权", "Tells operators of grants that are about to expire"),
            sweeps::notice_expiring_grants,
        ),
        schedule(
            tools,
            "recompute_categories",
            Rhythm::monthly(2, 0),
            Text::new(
                "按上月消费重新评定客户等级",
                "Sets the customer categories by the consumption of the past month",
            ),
            categories::recompute,
        ),
        schedule(
            tools,
            "daily_report",
            Rhythm::daily(1, 0),
            Text::new("生成前一日的财务日报", "Makes the finance report of the day before"),
            reports::daily,
        ),
        schedule(
            tools,
            "weekly_report",
            Rhythm::weekly(1, 10),
            Text::new("生成上周的财务周报", "Makes the finance report of the past week"),
            reports::weekly,
        ),
        schedule(
            tools,
            "monthly_report",
            Rhythm::monthly(1, 20),
            Text::new("生成上月的财务月报", "Makes the finance report of the past month"),
            reports::monthly,
        ),
        schedule(
            tools,
            "log_partitions",
            Rhythm::daily(3, 30),
            Text::new(
                "预建日志分区，删除超过保留期的授权日志分区",
                "Creates log partitions ahead and drops those of the authorization log that are past their retention",
            ),
            log_partitions::keep,
        ),
        schedule(
            tools,
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

fn schedule<F>(
    tools: &Tools,
    name: &'static str,
    rhythm: Rhythm,
    description: Text,
    work: fn(Tools, UtcTime) -> F,
) -> Schedule
where
    F: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let tools = tools.clone();
    Schedule::new(name, rhythm, description, move |slot| work(tools.clone(), slot))
}
