//! What every request meets before and after its handler: the outermost layer, extractors, paging.

pub mod accept;
pub mod address_limit;
pub mod answer;
pub mod caller;
pub mod client_ip;
pub mod cursor;
pub mod envelope;
pub mod export;
pub mod extract;
pub mod guard_headers;
pub mod idempotency;
pub mod origin;
pub mod page;
pub mod range;
pub mod reason;
pub mod rejection;
pub mod unfinished;
pub mod unread;
