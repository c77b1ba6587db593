//! How things are called in reports. Reports are Chinese business documents.

use base::clock::UtcTime;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::contents::Cover;
use super::{Period, Report, ReportType};
use crate::refunds::{PayoutStatus, RefundLine, RefundSummary, Tally};
use crate::review::{ReviewStatus, SYSTEM};
use crate::statistics::Band;

pub(super) const NOTHING: &str = "本期没有数据";

/// Figures of so many days or fewer are charted by day, those of more by month.
const MOST_DAYS_IN_A_CHART: usize = 92;

impl ReportType {
    /// The name of the document.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Daily => "财务日报",
            Self::Weekly => "财务周报",
            Self::Monthly => "财务月报",
            Self::Custom => "财务报表",
        }
    }
}

impl Report {
    /// The name of the file in Chinese, and in plain ASCII for those who cannot read it.
    #[must_use]
    pub fn file_names(&self) -> (String, String) {
        let (start, end) = (self.start_date, self.end_date);
        let days = if start == end { start.to_string() } else { format!("{start}_{end}") };
        let extension = self.format.extension();
        (
            format!("{}_{days}.{extension}", self.report_type.title()),
            format!("{}-report_{days}.{extension}", self.report_type.into_str()),
        )
    }
}

impl Cover {
    pub(super) fn created_by(&self) -> &str {
        if self.created_by == SYSTEM { "系统自动生成" } else { &self.created_by }
    }

    pub(super) fn read_at(&self) -> String {
        time(self.read_at, &self.timezone)
    }
}

/// `2026年10月1日 至 2026年10月31日（共 31 天）`.
pub(super) fn period(period: Period) -> String {
    match period.days() {
        1 => date(period.start),
        days => format!("{} 至 {}（共 {days} 天）", date(period.start), date(period.end)),
    }
}

fn date(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// `2026-10-01 09:30` in the business time zone.
pub(super) fn time(at: UtcTime, timezone: &TimeZone) -> String {
    at.timestamp().to_zoned(timezone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

pub(super) fn category(category: &str) -> &str {
    match category {
        "trial" => "试用",
        "normal" => "普通",
        "vip" => "VIP",
        other => other,
    }
}

pub(super) const fn band(band: Band) -> &'static str {
    match band {
        Band::One => "1 人",
        Band::Two => "2 人",
        Band::ThreeToFour => "3–4 人",
        Band::FiveToEight => "5–8 人",
        Band::NineAndMore => "9 人及以上",
    }
}

/// How far a refund is, its payout included.
pub(super) const fn refund_status(refund: &RefundLine) -> &'static str {
    match (refund.status, refund.payout_status) {
        (ReviewStatus::Pending, _) => "待审核",
        (ReviewStatus::Rejected, _) => "已驳回",
        (ReviewStatus::Approved, Some(PayoutStatus::Completed)) => "已打款",
        (ReviewStatus::Approved, Some(PayoutStatus::Failed)) => "打款失败",
        (ReviewStatus::Approved, Some(PayoutStatus::Processing) | None) => "打款中",
    }
}

/// What happened to refunds, each by its own date.
pub(super) const fn refund_tallies(summary: &RefundSummary) -> [(&'static str, Tally); 6] {
    [
        ("期间内申请", summary.requested),
        ("期间内审核通过", summary.approved),
        ("期间内驳回", summary.rejected),
        ("期间内打款：微信原路退回", summary.paid_by_wechat),
        ("期间内打款：支付宝原路退回", summary.paid_by_alipay),
        ("期间内打款：人工转账", summary.paid_by_hand),
    ]
}

/// Says so when not all refunds are listed.
pub(super) fn left_out(summary: &RefundSummary) -> Option<String> {
    let (all, listed) = (summary.refunds_count, summary.refunds.len());
    let is_cut = i64::try_from(listed).is_ok_and(|listed| listed < all);
    is_cut.then(|| format!("共 {all} 笔，列出最早的 {listed} 笔；其余可在退款列表中查询。"))
}

/// A round amount in fen beside an axis: `500`, `1.5万`, `2亿`.
pub(super) fn axis_amount(fen: i64) -> String {
    let (magnitude, sign) = (fen.unsigned_abs(), if fen < 0 { "-" } else { "" });
    let (unit, name) = match magnitude {
        10_000_000_000.. => (10_000_000_000, "亿"),
        1_000_000.. => (1_000_000, "万"),
        _ => (100, ""),
    };
    let decimals = format!("{:02}", magnitude % unit * 100 / unit);
    let text = format!("{sign}{}.{decimals}", magnitude / unit);
    // The point keeps the zeros before it.
    format!("{}{name}", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A round number beside an axis, as [`axis_amount`].
pub(super) fn axis_count(count: i64) -> String {
    axis_amount(count.saturating_mul(100))
}

/// `12,345`.
pub(super) fn count(count: i64) -> String {
    let amount = money::Fen::new(count.saturating_mul(100)).grouped();
    amount.trim_end_matches(".00").to_owned()
}

/// Values that belong together in a chart, and what they are called below it.
pub(super) struct Spans<'a, T> {
    pub(super) names: Vec<String>,
    pub(super) values: Vec<&'a [T]>,
    pub(super) are_months: bool,
}

/// Cuts days into what a chart shows: days, or months where there are many days.
pub(super) fn spans<T>(days: &[T], date_of: impl Fn(&T) -> Date) -> Spans<'_, T> {
    let are_months = days.len() > MOST_DAYS_IN_A_CHART;
    let together =
        |one: &T, next: &T| are_months && date_of(one).first_of_month() == date_of(next).first_of_month();
    let values: Vec<&[T]> = days.chunk_by(together).collect();
    let names = values.iter().filter_map(|span| span.first()).map(|first| {
        let date = date_of(first);
        if are_months {
            format!("{}年{}月", date.year(), date.month())
        } else {
            format!("{}/{}", date.month(), date.day())
        }
    });
    Spans { names: names.collect(), are_months, values }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_beside_an_axis_are_short() {
        for (fen, expected) in [
            (0, "0"),
            (50, "0.5"),
            (50_000, "500"),
            (999_900, "9999"),
            (1_000_000, "1万"),
            (1_500_000, "1.5万"),
            (-200_000_000, "-200万"),
            (12_500_000_000, "1.25亿"),
        ] {
            assert_eq!(axis_amount(fen), expected);
        }
        assert_eq!((axis_count(20_000), axis_count(50)), ("2万".to_owned(), "50".to_owned()));
    }

    #[test]
    fn counts_are_grouped_and_keep_their_zeros() {
        let shown = [0, 7, 100, 12_300, 1_000_000].map(count);
        assert_eq!(shown, ["0", "7", "100", "12,300", "1,000,000"]);
    }

    #[test]
    fn many_days_are_charted_by_month() {
        let days = |count: i32| -> Vec<Date> {
            let first = Date::constant(2025, 1, 1);
            (0..count).map(|day| first.checked_add(jiff::Span::new().days(day)).unwrap()).collect()
        };
        let dates = days(92);
        assert_eq!(spans(&dates, |date| *date).names.len(), 92);
        let dates = days(93);
        let months = spans(&dates, |date| *date);
        assert_eq!(months.names, ["2025年1月", "2025年2月", "2025年3月", "2025年4月"]);
        assert_eq!(months.values.iter().map(|span| span.len()).collect::<Vec<_>>(), [31, 28, 31, 3]);
    }
}
