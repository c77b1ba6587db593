//! What both providers remember.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value;

use crate::bills::Difference;
use crate::faults::Fault;
use crate::notifier::Delivery;
use crate::sandbox::{Channel, Sandbox};
use crate::store::{Changes, Record, StoreError};
use crate::table::Table;
use crate::{alipay, wechat};

pub(crate) const ORDER: &str = "order";
const REFUND: &str = "refund";
const FAULT: &str = "fault";
const NOTICE: &str = "notice";

/// A file that waits to be fetched.
pub(crate) struct Download {
    pub(crate) bytes: Vec<u8>,
    pub(crate) until: Timestamp,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) wechat_orders: Table<wechat::Order>,
    pub(crate) wechat_refunds: Table<wechat::Refund>,
    pub(crate) alipay_orders: Table<alipay::Order>,
    pub(crate) faults: HashMap<Channel, Table<Fault>>,
    pub(crate) deliveries: Table<Delivery>,
    /// Not stored: links are good for minutes, and for this process.
    pub(crate) downloads: HashMap<String, Download>,
    /// Not stored: for tests.
    pub(crate) differences: Vec<Difference>,
    /// Up to where the store's changes are known.
    seen: i64,
    /// Whether changes may or may not have been stored.
    is_unsure: bool,
}

impl State {
    pub(crate) fn has_changes(&self) -> bool {
        self.wechat_orders.has_changes()
            || self.wechat_refunds.has_changes()
            || self.alipay_orders.has_changes()
            || self.deliveries.has_changes()
            || self.faults.values().any(Table::has_changes)
    }

    /// What is to be stored.
    fn take_changes(&mut self) -> Result<Vec<Record>, serde_json::Error> {
        let mut records = Vec::new();
        let mut add = |channel, kind: &str, rows: Vec<(String, Option<Value>)>| {
            records.extend(rows.into_iter().map(|(number, content)| Record {
                channel,
                kind: kind.to_owned(),
                number,
                content,
            }));
        };
        add(Channel::Wechat, ORDER, self.wechat_orders.take_changes()?);
        add(Channel::Wechat, REFUND, self.wechat_refunds.take_changes()?);
        add(Channel::Alipay, ORDER, self.alipay_orders.take_changes()?);
        for (channel, fault) in &mut self.faults {
            add(*channel, FAULT, fault.take_changes()?);
        }
        // Whose a notice is, it says itself; a row of either channel would do.
        add(Channel::Wechat, NOTICE, self.deliveries.take_changes()?);
        Ok(records)
    }

    fn restore(&mut self, changes: Changes) -> Result<(), serde_json::Error> {
        for Record { channel, kind, number, content } in changes.records {
            match (channel, kind.as_str()) {
                (Channel::Wechat, ORDER) => self.wechat_orders.restore(number, content)?,
                (Channel::Wechat, REFUND) => self.wechat_refunds.restore(number, content)?,
                (Channel::Alipay, ORDER) => self.alipay_orders.restore(number, content)?,
                (_, FAULT) => self.faults.entry(channel).or_default().restore(number, content)?,
                (_, NOTICE) => self.deliveries.restore(number, content)?,
                // Of a later version.
                _ => {}
            }
        }
        self.seen = self.seen.max(changes.seen);
        Ok(())
    }

    /// Forgets what may differ from the store, to learn it again.
    fn forget(&mut self) {
        let downloads = std::mem::take(&mut self.downloads);
        let differences = std::mem::take(&mut self.differences);
        *self = State { downloads, differences, ..State::default() };
    }
}

impl Sandbox {
    /// Does something in a turn: on what all sandboxes of the store know, and stored before this returns. If it cannot
    /// be stored, it is as if it had not been done.
    pub(crate) async fn in_turn<T>(&self, act: impl FnOnce() -> T) -> Result<T, StoreError> {
        let _alone = self.0.turns.lock().await;
        let seen = {
            let mut state = self.state();
            if state.is_unsure {
                state.forget();
            }
            state.seen
        };
        let (turn, changes) = self.0.config.store.begin(seen).await?;
        self.state().restore(changes).map_err(StoreError::new)?;
        let done = act();
        let records = {
            let mut state = self.state();
            // Until the store has said so; it may fail, or nobody may wait for it.
            state.is_unsure = state.has_changes();
            state.take_changes().map_err(StoreError::new)?
        };
        let seen = turn.end(records).await?;
        let mut state = self.state();
        (state.is_unsure, state.seen) = (false, state.seen.max(seen));
        Ok(done)
    }
}
