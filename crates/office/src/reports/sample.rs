//! Contents to set in tests: figures that look like those of a small platform.

use base::clock::UtcTime;
use base::ids::OperatorId;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use money::Fen;

use super::contents::{Contents, Cover, Income, Usage};
use super::{Period, ReportType};
use crate::refunds::{PayoutStatus, RefundLine, RefundSummary, Tally};
use crate::review::ReviewStatus;
use crate::statistics::{
    Band, BandShare, Channels, DayOfIncome, Figures, Hundredths, Key, Label, Money, Point, Ranked,
    TopCustomer, TopCustomers, TopSite,
};

pub(super) const LONG_NAME: &str = "北京朝阳混合现实互动娱乐科技发展有限公司第一分公司（国贸中心旗舰体验店）";

fn at(days: i64) -> UtcTime {
    UtcTime::from_millis(1_759_280_000_000 + days * 86_400_000).unwrap()
}

pub(super) fn cover(report_type: ReportType, days: i32) -> Cover {
    let start = date(2025, 10, 1);
    Cover {
        report_id: "rpt_01h455vb4pex5vsknk084sn02q".to_owned(),
        report_type,
        period: Period { start, end: start.checked_add((days - 1).days()).unwrap() },
        company: "北京某某混合现实科技有限公司".to_owned(),
        created_by: "finance".to_owned(),
        read_at: at(60),
        timezone: TimeZone::get("Asia/Shanghai").unwrap(),
    }
}

/// A number that looks like chance and is always the same.
fn noise(seed: i64) -> i64 {
    (seed.wrapping_mul(7_919) ^ seed.wrapping_mul(104_729) >> 3).rem_euclid(1_000)
}

fn day(start: Date, index: i32) -> (DayOfIncome, Point) {
    let date = start.checked_add(index.days()).unwrap();
    let seed = i64::from(index) + 3;
    let weekend = if i64::from(date.weekday().to_monday_zero_offset()) >= 5 { 2 } else { 1 };
    let sessions = (60 + noise(seed) / 10) * weekend;
    let players = sessions * 4 + noise(seed + 1) / 20;
    let (wechat, alipay) = (Fen::new(noise(seed + 2) * 2_000), Fen::new(noise(seed + 3) * 1_200));
    let refund = if index % 9 == 4 { Fen::new(noise(seed + 4) * 3_500) } else { Fen::ZERO };
    let recharge = wechat.checked_add(alipay).unwrap();
    let consumption = Fen::new(players * 1_000);
    let income = DayOfIncome {
        date,
        money: Money { recharge, consumption, refund },
        recharged: Channels { wechat, alipay, other: Fen::ZERO },
    };
    (income, Point { date, figures: Figures { sessions, players, cost: consumption } })
}

/// Everything that a report can tell, over so many days.
pub(super) fn contents(days: i32) -> Contents {
    let (income, points): (Vec<DayOfIncome>, Vec<Point>) =
        (0..days).map(|index| day(date(2025, 10, 1), index)).unzip();
    let total = Figures::sum(points.iter().map(|point| point.figures)).unwrap();
    Contents {
        income: Some(Income::of(income).unwrap()),
        customers: Some(customers(total)),
        usage: Some(usage(points, total)),
        refunds: Some(refunds()),
    }
}

/// What is told of a time in which nothing happened.
pub(super) fn nothing(days: i32) -> Contents {
    let mut contents = contents(days);
    let days = contents.income.take().unwrap().days;
    let zero =
        |day: DayOfIncome| DayOfIncome { money: Money::default(), recharged: Channels::default(), ..day };
    contents.income = Some(Income::of(days.into_iter().map(zero).collect()).unwrap());
    contents.customers = Some(TopCustomers { customers: Vec::new(), total_consumption: Fen::ZERO });
    let usage = contents.usage.as_mut().unwrap();
    usage.days.iter_mut().for_each(|point| point.figures = Figures::default());
    usage.bands = Band::ALL.map(|band| BandShare { band, sessions: 0, percentage: Hundredths::default() });
    (usage.total, usage.counts) = (Figures::default(), (0, 0, 0));
    usage.apps.clear();
    usage.sites.clear();
    let none = Tally::default();
    contents.refunds = Some(RefundSummary {
        requested: none,
        approved: none,
        rejected: none,
        paid_by_wechat: none,
        paid_by_alipay: none,
        paid_by_hand: none,
        refunds: Vec::new(),
        refunds_count: 0,
    });
    contents
}

/// Shares of a whole that become smaller and add up to less than it.
fn parts(total: Figures, count: i64) -> Vec<Figures> {
    let part = |index: i64| {
        let of = |value: i64| value * 2 / ((index + 2) * (index + 3));
        Figures {
            sessions: of(total.sessions),
            players: of(total.players),
            cost: Fen::new(of(total.cost.get())),
        }
    };
    (0..count).map(part).collect()
}

fn share(part: Figures, total: Figures) -> Hundredths {
    Hundredths::percentage(part.cost.get(), total.cost.get())
}

fn customers(total: Figures) -> TopCustomers {
    let customer = |(index, part): (usize, Figures)| TopCustomer {
        operator_id: OperatorId::generate(at(0)),
        operator_name: if index == 2 {
            LONG_NAME.to_owned()
        } else {
            format!("第{}号互动娱乐有限公司", index + 1)
        },
        category: ["vip", "normal", "trial"][index % 3].to_owned(),
        total_consumption: part.cost,
        percentage: share(part, total),
        total_sessions: part.sessions,
    };
    TopCustomers {
        customers: parts(total, 24).into_iter().enumerate().map(customer).collect(),
        total_consumption: total.cost,
    }
}

fn usage(days: Vec<Point>, total: Figures) -> Usage {
    let bands = Band::ALL.map(|band| {
        let sessions =
            total.sessions * [1, 2, 4, 3, 0][Band::ALL.iter().position(|other| *other == band).unwrap()] / 10;
        BandShare { band, sessions, percentage: Hundredths::percentage(sessions, total.sessions) }
    });
    let app = |(index, part): (usize, Figures)| Ranked {
        key: Key::PlayerCount(0),
        label: Label {
            key: format!("app_{index}"),
            name: ["太空探险", "星际战争", "深海迷踪", "古墓奇谭"][index].to_owned(),
        },
        figures: part,
        percentage: share(part, total),
    };
    let site = |(index, part): (usize, Figures)| TopSite {
        site_name: if index == 1 {
            "上海徐汇滨江沉浸式体验中心二层东区".to_owned()
        } else {
            format!("北京朝阳{}店", index + 1)
        },
        operator_name: if index == 1 {
            LONG_NAME.to_owned()
        } else {
            format!("第{}号互动娱乐有限公司", index + 1)
        },
        figures: part,
        percentage: share(part, total),
    };
    Usage {
        days,
        total,
        bands,
        apps: parts(total, 4).into_iter().enumerate().map(app).collect(),
        sites: parts(total, 30).into_iter().enumerate().map(site).collect(),
        counts: (24, 63, 4),
    }
}

fn refunds() -> RefundSummary {
    let tally = |count, fen| Tally { count, amount: Fen::new(fen) };
    let line = |index: i64, status, payout_status| RefundLine {
        created_at: at(index),
        operator_name: if index == 1 {
            LONG_NAME.to_owned()
        } else {
            format!("第{index}号互动娱乐有限公司")
        },
        requested: Fen::new(1_234_500 + index * 777),
        actual: (status == ReviewStatus::Approved).then_some(Fen::new(1_204_500 + index * 777)),
        status,
        payout_status,
        reviewed_by: (status != ReviewStatus::Pending).then(|| "finance".to_owned()),
        reviewed_at: (status != ReviewStatus::Pending).then(|| at(index + 1)),
    };
    RefundSummary {
        requested: tally(4, 4_938_000),
        approved: tally(2, 2_411_331),
        rejected: tally(1, 1_235_277),
        paid_by_wechat: tally(1, 1_000_000),
        paid_by_alipay: tally(0, 0),
        paid_by_hand: tally(1, 205_277),
        refunds: vec![
            line(1, ReviewStatus::Approved, Some(PayoutStatus::Completed)),
            line(2, ReviewStatus::Approved, Some(PayoutStatus::Processing)),
            line(3, ReviewStatus::Rejected, None),
            line(4, ReviewStatus::Pending, None),
        ],
        refunds_count: 4,
    }
}
