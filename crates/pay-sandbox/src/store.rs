//! Where the sandbox keeps what it knows, so that a restart forgets nothing and several sandboxes can be one.
//!
//! A sandbox works on what it remembers. Before it answers it takes a turn: it waits until no other sandbox on the store
//! has one, learns what the others have changed, does what was asked, and has its own changes stored.

use std::future::Future;
use std::pin::Pin;

use serde_json::Value;

use crate::sandbox::Channel;

/// What a store gives for later.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Why the store cannot be used now.
#[derive(Debug, thiserror::Error)]
#[error("the store of the sandbox: {0}")]
pub struct StoreError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl StoreError {
    /// Wraps whatever the store met.
    pub fn new(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        StoreError(cause.into())
    }
}

/// A row: an order, a refund, a fault, or a notice that waits to be taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Whose it is.
    pub channel: Channel,
    /// What it is.
    pub kind: String,
    /// Its number among those.
    pub number: String,
    /// What is known of it. Nothing: it is gone.
    pub content: Option<Value>,
}

/// What others have changed.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The rows, in the order of their changes.
    pub records: Vec<Record>,
    /// Up to where this goes: to be given for the next turn.
    pub seen: i64,
}

/// Rows that outlive the process.
pub trait Store: Send + Sync {
    /// Waits for a turn; nobody else has one meanwhile. With it comes what has changed after `seen`, which is 0 for
    /// everything.
    fn begin(&self, seen: i64) -> StoreFuture<'_, (Box<dyn Turn>, Changes)>;
}

/// A turn. Dropped, it changes nothing.
pub trait Turn: Send {
    /// Stores these rows, all or none, and ends the turn. Gives the `seen` of a sandbox that knows them.
    fn end(self: Box<Self>, records: Vec<Record>) -> StoreFuture<'static, i64>;
}

/// Keeps nothing: what the sandbox remembers is all there is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory;

impl Store for Memory {
    fn begin(&self, _seen: i64) -> StoreFuture<'_, (Box<dyn Turn>, Changes)> {
        Box::pin(async { Ok((Box::new(Memory) as Box<dyn Turn>, Changes::default())) })
    }
}

impl Turn for Memory {
    fn end(self: Box<Self>, _records: Vec<Record>) -> StoreFuture<'static, i64> {
        Box::pin(async { Ok(0) })
    }
}
