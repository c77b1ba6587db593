//! What the exports of several audiences share: columns, filters in words, and the description of the answers.

use std::collections::BTreeMap;

use base::calendar::CalendarUnit;
use base::ids::{AppId, OperatorId, SiteId};
use base::problem::{Language, Problem, Text};
use office::exports::{Cell, Column, Format, Row, Selection, Setting};
use office::sites;
use office::statistics::{self, Dimension, Figures, Filter, TimeRange};
use sqlx::PgConnection;
use utoipa::IntoResponses;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{ContentBuilder, RefOr, Response, ResponseBuilder};

/// What is said of every export.
pub(crate) struct FileAnswer;

impl IntoResponses for FileAnswer {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let file = || {
            let schema = ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
            ContentBuilder::new().schema(Some(schema)).build()
        };
        let header = |kind: Type, meaning: &str| {
            let schema = ObjectBuilder::new().schema_type(kind);
            HeaderBuilder::new().schema(Some(schema)).description(Some(meaning)).build()
        };
        let of_file = ResponseBuilder::new()
            .description(
                "The file. The first row holds titles in the language of `Accept-Language`, the columns follow the \
                 fields of the list; times are those of the business time zone. XLSX has a `Content-Length` and a second \
                 sheet with filters and sums; CSV is UTF-8 with a byte order mark and comes as it is read: a connection \
                 that breaks off means that rows are missing.",
            )
            .content("text/csv", file())
            .content(Format::Xlsx.content_type(), file())
            .header("X-Total-Rows", header(Type::Integer, "Rows below the titles."))
            .header("Content-Disposition", header(Type::String, "The file's name, which tells its filters."));
        let failure = |text: &str| RefOr::T(Response::new(text));
        BTreeMap::from([
            ("200".to_owned(), of_file.build().into()),
            ("400".to_owned(), failure("A parameter is not valid, or there are too many rows for XLSX")),
            ("401".to_owned(), failure("Not signed in")),
            (
                "429".to_owned(),
                failure("Two files of the account are being made or fetched, or too many of others"),
            ),
        ])
    }
}

/// How the dimensions that have names are called.
pub(crate) const OPERATOR: Text = Text::new("运营商", "Operator");
pub(crate) const SITE: Text = Text::new("运营点", "Site");
pub(crate) const APP: Text = Text::new("应用", "Application");

/// The filters of an operator, whose sites are its own: the name of another's is not told.
pub(crate) async fn select_of_operator(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    (site_id, app_id): (Option<SiteId>, Option<AppId>),
    selection: Selection,
    language: Language,
) -> sqlx::Result<Selection> {
    let mut chosen_sites = Vec::new();
    if let Some(site_id) = site_id {
        let of_operator = sites::list(connection, operator_id, true).await?;
        let name = of_operator.into_iter().find(|site| site.id == site_id).map(|site| site.name);
        chosen_sites.push((site_id.to_string(), name));
    }
    let mut apps = Vec::new();
    if let Some(app_id) = app_id {
        apps.push((app_id.to_string(), statistics::application_name(connection, app_id).await?));
    }
    Ok(selection.things(&SITE, &chosen_sites, language).things(&APP, &apps, language))
}

/// The filters of an analysis.
pub(crate) async fn select_of_analysis(
    connection: &mut PgConnection,
    filter: &Filter,
    mut selection: Selection,
    language: Language,
) -> sqlx::Result<Selection> {
    for (label, dimension) in
        [(OPERATOR, Dimension::Operator), (SITE, Dimension::Site), (APP, Dimension::App)]
    {
        let things = statistics::named(connection, filter, dimension).await?;
        selection = selection.things(&label, &things, language);
    }
    Ok(selection)
}

/// The time of figures, which has always both ends.
pub(crate) fn select_range(range: TimeRange, setting: &Setting) -> Selection {
    Selection::default().times(Some(range.start), Some(range.end), setting)
}

/// A parameter that must be given.
pub(crate) fn required<T>(field: &str, value: Option<T>) -> Result<T, Problem> {
    value.ok_or_else(|| Problem::invalid_field(field, Text::new("必填", "is required")))
}

/// Days, weeks or months.
pub(crate) fn period_word(period: CalendarUnit) -> Text {
    match period {
        CalendarUnit::Day => Text::new("按日", "by day"),
        CalendarUnit::Week => Text::new("按周", "by week"),
        CalendarUnit::Month => Text::new("按月", "by month"),
    }
}

/// Columns of figures, as [`figure_cells`] fills them.
pub(crate) fn figure_columns(with_average: bool) -> Vec<Column> {
    let mut columns =
        vec![Column::number("场次", "Sessions").summed(), Column::number("玩家人次", "Players").summed()];
    if with_average {
        columns.push(Column::decimal("场均玩家", "Players per session"));
    }
    columns.push(Column::money("消费金额（元）", "Cost (CNY)").summed());
    columns
}

pub(crate) fn figure_cells(figures: &Figures, with_average: bool) -> Row {
    let mut cells = vec![Cell::from(figures.sessions), Cell::from(figures.players)];
    if with_average {
        cells.push(figures.average_players().into());
    }
    cells.push(figures.cost.into());
    cells
}
