//! Sums of the columns that are added up.

use std::collections::BTreeMap;

use base::problem::Problem;
use money::Fen;

use super::column::ColumnKind;
use super::{Cell, Row, Table};

/// Adds up rows as they pass.
#[derive(Debug)]
pub(super) struct Totals {
    summed: Vec<usize>,
    by: Option<usize>,
    /// By the text that keeps sums apart (empty when nothing does), one sum for each summed column.
    sums: BTreeMap<String, Vec<i64>>,
}

impl Totals {
    pub(super) fn new(table: &Table) -> Self {
        let columns = table.columns.iter().enumerate();
        let summed = columns.filter(|(_, column)| column.is_summed).map(|(index, _)| index).collect();
        let mut sums = BTreeMap::new();
        if table.sums_by.is_none() {
            sums.insert(String::new(), Vec::new());
        }
        Totals { summed, by: table.sums_by, sums }
    }

    /// # Errors
    /// `INTERNAL_ERROR` when a sum leaves the range of 64 bits, rather than a wrong sum.
    pub(super) fn add(&mut self, row: &Row) -> Result<(), Problem> {
        let group = match self.by.and_then(|column| row.get(column)) {
            Some(Cell::Text(group)) => group.as_str(),
            _ => "",
        };
        if !self.sums.contains_key(group) {
            self.sums.insert(group.to_owned(), Vec::new());
        }
        let Some(sums) = self.sums.get_mut(group) else { return Ok(()) };
        sums.resize(self.summed.len(), 0);
        for (sum, column) in sums.iter_mut().zip(&self.summed) {
            let added = match row.get(*column) {
                Some(Cell::Money(amount)) => amount.get(),
                Some(Cell::Number(number)) => *number,
                _ => 0,
            };
            let added = sum.checked_add(added);
            *sum =
                added.ok_or_else(|| Problem::internal("a sum of an export leaves the range of 64 bits"))?;
        }
        Ok(())
    }

    /// `(column, group, sum)` of each sum, as cells of the column's kind.
    pub(super) fn cells(&self, table: &Table) -> Vec<(usize, &str, Cell)> {
        let mut cells = Vec::new();
        for (group, sums) in &self.sums {
            for (place, column) in self.summed.iter().enumerate() {
                let sum = sums.get(place).copied().unwrap_or_default();
                let is_money =
                    table.columns.get(*column).is_some_and(|column| column.kind == ColumnKind::Money);
                let cell = if is_money { Cell::Money(Fen::new(sum)) } else { Cell::Number(sum) };
                cells.push((*column, group.as_str(), cell));
            }
        }
        cells
    }
}
