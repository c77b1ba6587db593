//! Reports of the finance staff: daily, weekly, monthly or over days of one's choice, as PDF and Excel.
//!
//! A report is a row and a job in the transaction of the request ([`request()`]). The job reads everything in one snapshot
//! ([`contents`]), so that the figures of a report belong together; it sets the document and puts the file under its name
//! only when it is whole ([`files`]). A job that was cut off simply runs again. The figures come from `statistics` and
//! `refunds`, as those of the dashboards do.
//!
//! Files lie in `reports` below the data directory; the row keeps size and SHA-256. Instances on one database share that
//! directory, or a report that is asked for where its file is not is made again ([`remake`]).

mod contents;
mod excel;
mod files;
mod find;
mod job;
mod labels;
mod pdf;
mod period;
mod progress;
mod purge;
mod request;
#[cfg(test)]
mod sample;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use files::{Directory, Opened};
pub use find::{Report, find, list};
pub use job::{KIND, Production};
pub use period::Period;
pub use purge::purge_expired;
pub use request::{NewReport, estimated_seconds, remake, request, request_automatic};

/// How long the time is that a report is about.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type, strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum ReportType {
    /// One day.
    Daily,
    /// Monday to Sunday.
    Weekly,
    /// The first to the last of a month.
    Monthly,
    /// Up to 366 days.
    Custom,
}

/// What kind of file a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum ReportFormat {
    Pdf,
    /// A workbook of Office Open XML.
    Excel,
}

/// How far a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum ReportStatus {
    Generating,
    Completed,
    Failed,
}

/// A part of a report. Parts stand in this order.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    IncomeSummary,
    TopCustomers,
    UsageStatistics,
    RefundSummary,
}

impl ReportFormat {
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Excel => "xlsx",
        }
    }

    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Excel => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl Section {
    pub const ALL: [Section; 4] =
        [Self::IncomeSummary, Self::TopCustomers, Self::UsageStatistics, Self::RefundSummary];

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}
