//! Analyses as tables: columns and rows.

use base::problem::{Language, Text};
use office::exports::{Cell, Column, Row};
use office::statistics::{self, BandShare, Dimension, GroupBy, Label, Measure, Ranked, Series};

use crate::routes::exports::{APP, OPERATOR, SITE, figure_cells, figure_columns};

/// A table with all its rows.
pub(super) struct Sheet {
    pub(super) name: Text,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
}

/// Id and name of whatever a dimension groups by; one column where the two are the same.
fn label_columns(dimension: Dimension) -> Vec<Column> {
    match dimension {
        Dimension::Operator => vec![Column::id("运营商编号", "Operator ID"), named(&OPERATOR)],
        Dimension::Site => vec![Column::id("运营点编号", "Site ID"), named(&SITE)],
        Dimension::App => vec![Column::id("应用编号", "Application ID"), named(&APP)],
        Dimension::PlayerCount => vec![Column::number("玩家人数", "Players")],
        Dimension::Day => vec![Column::date("日期", "Date")],
        Dimension::Week => vec![Column::date("周（周一）", "Week (Monday)")],
        Dimension::Month => vec![Column::date("月（首日）", "Month (first day)")],
    }
}

fn named(title: &Text) -> Column {
    Column::text("", "").titled(title.clone())
}

fn label_cells(dimension: Dimension, label: Label) -> Row {
    match dimension {
        Dimension::Operator | Dimension::Site | Dimension::App => {
            vec![label.key.into(), label.name.into()]
        }
        Dimension::PlayerCount => vec![label.key.parse().map_or(Cell::Text(label.key), Cell::Number)],
        Dimension::Day | Dimension::Week | Dimension::Month => {
            vec![label.key.parse().map_or(Cell::Text(label.key), Cell::Date)]
        }
    }
}

pub(super) fn ranking_sheet(dimension: Dimension, places: Vec<Ranked>) -> Sheet {
    let name = match dimension {
        Dimension::Operator => Text::new("运营商排行", "By operator"),
        Dimension::Site => Text::new("运营点排行", "By site"),
        _ => Text::new("应用排行", "By application"),
    };
    let mut columns = label_columns(dimension);
    columns.extend(figure_columns(true));
    columns.push(Column::decimal("占比（%）", "Share (%)"));
    let rows = places.into_iter().map(|place| {
        let mut row = label_cells(dimension, place.label);
        row.extend(figure_cells(&place.figures, true));
        row.push(place.percentage.into());
        row
    });
    Sheet { name, columns, rows: rows.collect() }
}

/// Long form, a row for each point: spreadsheets make charts and pivot tables of that.
pub(super) fn trends_sheet(group_by: GroupBy, series: Vec<Series>, language: Language) -> Sheet {
    let mut columns = match group_by {
        GroupBy::Operator => label_columns(Dimension::Operator),
        GroupBy::Site => label_columns(Dimension::Site),
        GroupBy::App => label_columns(Dimension::App),
        GroupBy::None => vec![Column::text("系列编号", "Series"), Column::text("系列", "Name")],
    };
    columns.push(Column::date("日期", "Date"));
    columns.extend(figure_columns(false));
    let rows = series.into_iter().flat_map(|series| {
        let name = series_name(&series.label, language);
        let label = vec![Cell::Text(series.label.key), Cell::Text(name)];
        series.points.into_iter().map(move |point| {
            let mut row = label.clone();
            row.push(point.date.into());
            row.extend(figure_cells(&point.figures, false));
            row
        })
    });
    Sheet { name: Text::new("趋势分析", "Trends"), rows: rows.collect(), columns }
}

/// Series that are no single group have a name in the reader's language.
fn series_name(label: &Label, language: Language) -> String {
    let known = match label.key.as_str() {
        "all" => Text::new("全部", "All"),
        "others" => Text::new("其他", "Others"),
        _ => return label.name.clone(),
    };
    known.in_language(language).to_owned()
}

pub(super) fn distribution_sheet(shares: [BandShare; 5]) -> Sheet {
    let columns = vec![
        Column::text("玩家人数", "Players"),
        Column::number("场次", "Sessions").summed(),
        Column::decimal("占比（%）", "Share (%)"),
    ];
    let rows = shares
        .into_iter()
        .map(|share| vec![share.band.into_str().into(), share.sessions.into(), share.percentage.into()]);
    Sheet { name: Text::new("玩家人数分布", "Player distribution"), columns, rows: rows.collect() }
}

/// A column for each group of `cols`, named as the group; where names may occur twice, with the id.
pub(super) fn cross_sheet(
    (rows, cols): (Dimension, Dimension),
    measure: Measure,
    table: statistics::Table,
) -> Sheet {
    let mut columns = label_columns(rows);
    columns.extend(table.cols.into_iter().map(|label| {
        let column = match measure {
            Measure::Cost => Column::money("", ""),
            Measure::Sessions | Measure::Players => Column::number("", ""),
        };
        let title = match cols {
            Dimension::Operator | Dimension::Site | Dimension::App => {
                format!("{} ({})", label.name, label.key)
            }
            _ => label.name,
        };
        column.titled(Text::owned(title.clone(), title)).summed()
    }));
    let filled = table.rows.into_iter().zip(table.cells).map(|(label, cells)| {
        let values = cells.into_iter().map(|cell| match cell {
            statistics::Cell::Count(count) => Cell::Number(count),
            statistics::Cell::Cost(cost) => Cell::Money(cost),
        });
        label_cells(rows, label).into_iter().chain(values).collect()
    });
    Sheet { name: Text::new("交叉分析", "Cross table"), rows: filled.collect(), columns }
}
