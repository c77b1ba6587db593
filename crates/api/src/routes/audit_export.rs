//! The audit log as a file, for the two audiences that read it.

use base::clock::UtcTime;
use base::paging::{Position, Seek};
use base::problem::{Problem, Text};
use office::audit::list::{self, AuditEntry, EntryFilter};
use office::exports::{Column, Export, PAGE_ROWS, Row, Selection, Setting, Table};
use sqlx::PgConnection;

/// How an audience sees the log.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) name: Text,
    pub(crate) columns: fn() -> Vec<Column>,
    pub(crate) cells: fn(AuditEntry) -> Row,
}

/// Entries, newest first.
pub(crate) struct AuditExport {
    view: View,
    times: (Option<UtcTime>, Option<UtcTime>),
    filter: EntryFilter,
    before: Option<Position>,
}

impl AuditExport {
    pub(crate) fn new(view: View, times: (Option<UtcTime>, Option<UtcTime>), filter: EntryFilter) -> Self {
        AuditExport { view, times, filter, before: None }
    }

    fn selection(&self, setting: &Setting) -> Selection {
        let mut selection = Selection::default().times(self.times.0, self.times.1, setting);
        if let Some(actor) = self.filter.actor {
            selection = selection.fact(Text::new("操作人编号", "Actor ID"), actor.to_string());
        }
        if let Some(operation) = &self.filter.operation_type {
            selection = selection.fact(Text::new("操作类型", "Operation"), operation.as_str());
        }
        selection
    }
}

/// Columns that every audience has behind those of the actor.
pub(crate) fn last_columns() -> Vec<Column> {
    vec![
        Column::id("对象编号", "Target ID"),
        Column::long("操作详情", "Details"),
        Column::text("结果", "Outcome"),
        Column::text("IP 地址", "IP address"),
        Column::text("客户端", "User agent"),
        Column::time("时间", "Time"),
    ]
}

/// What [`last_columns`] hold.
pub(crate) fn last_cells(entry: AuditEntry) -> Row {
    vec![
        entry.target_resource_id.into(),
        entry.operation_details.to_string().into(),
        entry.outcome.into(),
        entry.ip_address.map(|net| net.addr().to_string()).into(),
        entry.user_agent.into(),
        entry.created_at.into(),
    ]
}

impl Export for AuditExport {
    async fn open(&mut self, connection: &mut PgConnection, setting: &Setting) -> Result<Table, Problem> {
        Ok(Table {
            name: self.view.name.clone(),
            columns: (self.view.columns)(),
            selection: self.selection(setting),
            sums_by: None,
            total_rows: list::count_all(connection, &self.filter).await?,
        })
    }

    async fn next(&mut self, connection: &mut PgConnection) -> Result<Vec<Row>, Problem> {
        let seek = Seek::batch(PAGE_ROWS, self.before);
        let entries = list::page(connection, &self.filter, seek).await?;
        self.before = entries.last().map(AuditEntry::place);
        Ok(entries.into_iter().map(self.view.cells).collect())
    }
}
