//! Messages to operators, each written in the transaction of its cause.

mod pipelined;
mod send;

pub use pipelined::{INSERT_MESSAGES, MessageWriter};
pub use send::{Letter, MessageKind, NewMessage, send, send_each, tell};
