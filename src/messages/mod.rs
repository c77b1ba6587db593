//! Messages to operators, each written in the transaction of its cause.

mod send;

pub use send::{MessageKind, NewMessage, send};
