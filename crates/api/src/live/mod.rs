//! News for open streams of events: what changed for an account reaches its streams on every instance.
//!
//! - Whatever changes the database tells of it by NOTIFY in its own transaction (triggers of migration `0015_live`).
//!   Only charges do not, because NOTIFY makes commits wait for one another: the writers hand the operators of a committed
//!   group to the [`Hub`], which tells the streams of this instance at once and the other instances a moment later.
//! - News says only what changed. It waits in the [`mailbox`] of each stream concerned, where more of the same adds
//!   nothing, so nothing is lost however slow the client is, and a thousand charges cost a stream one reading.
//! - The [`feed`] reads the values when it tells them, after it has looked again whether the account is still signed in.

pub mod event;
pub mod feed;
mod hub;
mod listener;
mod mailbox;
mod notification;
mod others;
mod read;

pub use event::LiveEvent;
pub use hub::{Hub, MAX_STREAMS_OF_ACCOUNT, NoMoreStreams, Subscription};
pub use listener::listen;
pub use others::tell_others;
