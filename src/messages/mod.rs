//! Messages to operators, each written in the transaction of its cause.

mod announce;
mod inbox;
mod low_balance;
mod pipelined;
mod send;

pub use announce::{Announcement, NewAnnouncement, Sent, announce, announcements};
pub use inbox::{Counts, Message, counts, find, mark_all_read, mark_read, page};
pub use low_balance::low_balance_letter;
pub use pipelined::{INSERT_MESSAGES, MessageWriter};
pub use send::{Letter, MessageKind, NewMessage, send, send_each};
