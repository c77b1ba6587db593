//! What was played: over time, by application, by site, and with how many players.

use base::problem::Problem;
use documents::{Chart, Document, Series, Table, mm};

use super::{AMBER, BLUE, CHART_HEIGHT, figure, middle, note, text};
use crate::reports::contents::{MOST_APPS, MOST_SITES, Usage};
use crate::reports::labels::{self, NOTHING, Spans, axis_count, spans};
use crate::statistics::{Figures, Point};

pub(super) fn add(document: &mut Document, usage: &Usage) -> Result<(), Problem> {
    let spans = spans(&usage.days, |point| point.date);
    let parts = spans.values.iter().map(|days| Figures::sum(days.iter().map(|point| point.figures)));
    let parts: Vec<Figures> = parts.collect::<Result<_, Problem>>()?;
    if parts.len() > 1 {
        document.line_chart(&over_time(&spans, &parts), CHART_HEIGHT);
        document.space(mm(3.0));
    }
    document.rank_chart(&by_players(usage));
    if usage.total.sessions == 0 {
        return Ok(());
    }
    document.subheading("按应用");
    add_apps(document, usage);
    document.subheading("按运营点");
    add_sites(document, usage);
    if spans.are_months {
        document.subheading("按月");
        document.table(&over_time_table("月份", spans.names.into_iter().zip(parts), usage.total));
    }
    if usage.days.len() > 1 {
        document.subheading("按日");
        document.table(&by_day(&usage.days, usage.total));
    }
    Ok(())
}

fn over_time(spans: &Spans<'_, Point>, parts: &[Figures]) -> Chart {
    let series = |name: &str, color, value: fn(&Figures) -> i64| Series {
        name: name.to_owned(),
        color,
        values: parts.iter().map(value).collect(),
    };
    Chart {
        title: if spans.are_months { "每月场次与人次" } else { "每日场次与人次" }.to_owned(),
        categories: spans.names.clone(),
        series: vec![
            series("场次", BLUE, |figures| figures.sessions),
            series("人次", AMBER, |figures| figures.players),
        ],
        label: axis_count,
        nothing: NOTHING.to_owned(),
    }
}

fn by_players(usage: &Usage) -> Chart {
    let share = |index: usize| usage.bands.get(index).map(|band| band.percentage.fixed());
    let names = usage.bands.iter().enumerate();
    let named = names
        .map(|(index, band)| format!("{}　{}%", labels::band(band.band), share(index).unwrap_or_default()));
    Chart {
        title: "每场人数分布（场次）".to_owned(),
        categories: named.collect(),
        series: vec![Series {
            name: "场次".to_owned(),
            color: BLUE,
            values: usage.bands.iter().map(|band| band.sessions).collect(),
        }],
        label: labels::count,
        nothing: NOTHING.to_owned(),
    }
}

fn add_apps(document: &mut Document, usage: &Usage) {
    let mut table = Table::ruled([
        middle("排名", 0.5),
        text("应用", 3.0),
        figure("场次", 1.0),
        figure("人次", 1.0),
        figure("场均人数", 0.9),
        figure("消费金额", 1.5),
        figure("占比", 0.9),
    ]);
    for (rank, app) in (1..).zip(&usage.apps) {
        let [sessions, players, average, cost] = cells(app.figures);
        let share = format!("{}%", app.percentage.fixed());
        table.row([rank.to_string(), app.label.name.clone(), sessions, players, average, cost, share]);
    }
    document.table(&table);
    if usage.counts.2 > MOST_APPS {
        note(document, &format!("共 {} 个应用，列出消费最高的 {MOST_APPS} 个。", usage.counts.2));
    }
}

fn add_sites(document: &mut Document, usage: &Usage) {
    let mut table = Table::ruled([
        middle("排名", 0.5),
        text("运营点", 2.2),
        text("客户", 2.2),
        figure("场次", 0.9),
        figure("人次", 0.9),
        figure("消费金额", 1.4),
        figure("占比", 0.9),
    ]);
    for (rank, site) in (1..).zip(&usage.sites) {
        let [sessions, players, _, cost] = cells(site.figures);
        let (name, owner) = (site.site_name.clone(), site.operator_name.clone());
        let share = format!("{}%", site.percentage.fixed());
        table.row([rank.to_string(), name, owner, sessions, players, cost, share]);
    }
    document.table(&table);
    if usage.counts.1 > MOST_SITES {
        note(document, &format!("共 {} 个运营点，列出消费最高的 {MOST_SITES} 个。", usage.counts.1));
    }
}

fn by_day(days: &[Point], total: Figures) -> Table {
    over_time_table("日期", days.iter().map(|point| (point.date.to_string(), point.figures)), total)
}

fn over_time_table(first: &str, rows: impl Iterator<Item = (String, Figures)>, total: Figures) -> Table {
    let mut table = Table::ruled([
        text(first, 1.5),
        figure("场次", 1.0),
        figure("人次", 1.0),
        figure("场均人数", 1.0),
        figure("消费金额", 1.5),
    ]);
    for (name, figures) in rows {
        table.row([name].into_iter().chain(cells(figures)));
    }
    table.total(["合计".to_owned()].into_iter().chain(cells(total)));
    table
}

/// Sessions, players, players of a session, cost.
fn cells(figures: Figures) -> [String; 4] {
    [
        labels::count(figures.sessions),
        labels::count(figures.players),
        figures.average_players().fixed(),
        figures.cost.grouped(),
    ]
}
