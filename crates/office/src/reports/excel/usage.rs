//! What was played: over time, by application, by site, and with how many players.

use rust_xlsxwriter::{ChartType, Workbook};

use super::WorkbookError;
use super::sheet::{Cell, Column, Sheet, Styles};
use crate::reports::contents::Usage;
use crate::reports::labels;
use crate::statistics::{Figures, Point};

pub(super) fn add(workbook: &mut Workbook, styles: &Styles, usage: &Usage) -> Result<(), WorkbookError> {
    add_days(workbook, styles, &usage.days, usage.total)?;
    add_apps(workbook, styles, usage)?;
    add_sites(workbook, styles, usage)?;
    add_bands(workbook, styles, usage)
}

fn add_days(
    workbook: &mut Workbook,
    styles: &Styles,
    days: &[Point],
    total: Figures,
) -> Result<(), WorkbookError> {
    let columns = [
        Column("日期", 14.0),
        Column("场次", 12.0),
        Column("人次", 12.0),
        Column("场均人数", 12.0),
        Column("消费金额", 16.0),
    ];
    let mut sheet = Sheet::begin(workbook, styles, "使用统计（按日）", &columns)?;
    for day in days {
        sheet.row([Cell::Date(day.date)].into_iter().chain(cells(day.figures)))?;
    }
    let count = sheet.rows();
    sheet.total([Cell::Text("合计".to_owned())].into_iter().chain(cells(total)))?;
    sheet.chart(ChartType::Line, "每日场次与人次", &[1, 2], count, 0)
}

fn add_apps(workbook: &mut Workbook, styles: &Styles, usage: &Usage) -> Result<(), WorkbookError> {
    let columns = [
        Column("排名", 8.0),
        Column("应用编号", 32.0),
        Column("应用", 24.0),
        Column("场次", 12.0),
        Column("人次", 12.0),
        Column("场均人数", 12.0),
        Column("消费金额", 16.0),
        Column("占比", 10.0),
    ];
    let mut sheet = Sheet::begin(workbook, styles, "使用统计（按应用）", &columns)?;
    for (rank, app) in (1..).zip(&usage.apps) {
        let names =
            [Cell::Count(rank), Cell::Text(app.label.key.clone()), Cell::Text(app.label.name.clone())];
        let share = [Cell::Percentage(app.percentage)];
        sheet.row(names.into_iter().chain(cells(app.figures)).chain(share))?;
    }
    let bars = sheet.rows().min(10);
    sheet.chart(ChartType::Bar, "消费金额前 10 个应用（元）", &[6], bars, 2)
}

fn add_sites(workbook: &mut Workbook, styles: &Styles, usage: &Usage) -> Result<(), WorkbookError> {
    let columns = [
        Column("排名", 8.0),
        Column("运营点", 26.0),
        Column("客户", 30.0),
        Column("场次", 12.0),
        Column("人次", 12.0),
        Column("场均人数", 12.0),
        Column("消费金额", 16.0),
        Column("占比", 10.0),
    ];
    let mut sheet = Sheet::begin(workbook, styles, "使用统计（按运营点）", &columns)?;
    for (rank, site) in (1..).zip(&usage.sites) {
        let names =
            [Cell::Count(rank), Cell::Text(site.site_name.clone()), Cell::Text(site.operator_name.clone())];
        let share = [Cell::Percentage(site.percentage)];
        sheet.row(names.into_iter().chain(cells(site.figures)).chain(share))?;
    }
    Ok(())
}

fn add_bands(workbook: &mut Workbook, styles: &Styles, usage: &Usage) -> Result<(), WorkbookError> {
    let columns = [Column("每场人数", 16.0), Column("场次", 12.0), Column("占比", 10.0)];
    let mut sheet = Sheet::begin(workbook, styles, "使用统计（人数分布）", &columns)?;
    for band in usage.bands {
        sheet.row([
            Cell::Text(labels::band(band.band).to_owned()),
            Cell::Count(band.sessions),
            Cell::Percentage(band.percentage),
        ])?;
    }
    let count = sheet.rows();
    sheet.total([Cell::Text("合计".to_owned()), Cell::Count(usage.total.sessions), Cell::Empty])?;
    sheet.chart(ChartType::Column, "每场人数分布（场次）", &[1], count, 0)
}

/// Sessions, players, players of a session, cost.
fn cells(figures: Figures) -> [Cell; 4] {
    [
        Cell::Count(figures.sessions),
        Cell::Count(figures.players),
        Cell::Number(figures.average_players()),
        Cell::Amount(figures.cost),
    ]
}
