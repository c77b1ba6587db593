//! Rows by number, which remember what of them has to be stored.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Rows of one kind. Whoever takes a row to change it has it stored.
pub(crate) struct Table<T> {
    rows: BTreeMap<String, T>,
    changed: BTreeSet<String>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table { rows: BTreeMap::new(), changed: BTreeSet::new() }
    }
}

impl<T> Table<T> {
    pub(crate) fn get(&self, number: &str) -> Option<&T> {
        self.rows.get(number)
    }

    pub(crate) fn get_mut(&mut self, number: &str) -> Option<&mut T> {
        let row = self.rows.get_mut(number)?;
        self.changed.insert(number.to_owned());
        Some(row)
    }

    pub(crate) fn insert(&mut self, number: String, row: T) {
        self.changed.insert(number.clone());
        self.rows.insert(number, row);
    }

    pub(crate) fn remove(&mut self, number: &str) {
        if self.rows.remove(number).is_some() {
            self.changed.insert(number.to_owned());
        }
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.rows.values()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &T)> {
        self.rows.iter()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(crate) fn has_changes(&self) -> bool {
        !self.changed.is_empty()
    }
}

impl<T: Serialize + DeserializeOwned> Table<T> {
    /// The rows that have changed since this was last asked; nothing where a row was removed.
    pub(crate) fn take_changes(&mut self) -> Result<Vec<(String, Option<Value>)>, serde_json::Error> {
        let changed = std::mem::take(&mut self.changed);
        let content = |number: &str| self.rows.get(number).map(serde_json::to_value).transpose();
        changed.into_iter().map(|number| Ok((number.clone(), content(&number)?))).collect()
    }

    /// Puts a row in its place as it was stored.
    pub(crate) fn restore(
        &mut self,
        number: String,
        content: Option<Value>,
    ) -> Result<(), serde_json::Error> {
        match content {
            Some(content) => {
                self.rows.insert(number, serde_json::from_value(content)?);
            }
            None => {
                self.rows.remove(&number);
            }
        }
        Ok(())
    }
}
