//! What a file tells besides its rows.

use base::clock::UtcTime;
use base::problem::{Language, Text};
use jiff::tz::TimeZone;
use serde::Deserialize;
use utoipa::ToSchema;

use super::cell::escaped;
use super::column::ColumnKind;
use super::{Column, Selection};

/// Which kind of file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Csv,
    #[default]
    Xlsx,
}

impl Format {
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// For whom and when a file is made.
#[derive(Clone, Debug)]
pub struct Setting {
    pub language: Language,
    /// The business time zone.
    pub timezone: TimeZone,
    pub made_at: UtcTime,
    /// Names the request in the log.
    pub trace_id: String,
}

impl Setting {
    /// The name of the time zone, for people.
    #[must_use]
    pub fn timezone_name(&self) -> &str {
        self.timezone.iana_name().unwrap_or("UTC")
    }
}

/// A table whose rows are still to be read.
#[derive(Clone, Debug)]
pub struct Table {
    /// What the rows are; also the name of the sheet and the beginning of the name of the file.
    pub name: Text,
    pub columns: Vec<Column>,
    /// What the rows were chosen by.
    pub selection: Selection,
    /// The column whose values keep sums apart: amounts that come in and go out make no sum together.
    pub sums_by: Option<usize>,
    pub total_rows: i64,
}

impl Table {
    /// The header row. Times say which time zone is theirs, because a CSV file has no other place for it. Titles may be
    /// names that somebody chose, so they are escaped as cells are.
    #[must_use]
    pub fn header(&self, setting: &Setting) -> Vec<String> {
        let titles = self.columns.iter().map(|column| {
            let title = column.title.in_language(setting.language);
            match (column.kind, setting.language) {
                (ColumnKind::Time, Language::Zh) => {
                    format!("{title}（{}）", setting.timezone_name())
                }
                (ColumnKind::Time, Language::En) => {
                    format!("{title} ({})", setting.timezone_name())
                }
                _ => escaped(title).into_owned(),
            }
        });
        titles.collect()
    }
}
