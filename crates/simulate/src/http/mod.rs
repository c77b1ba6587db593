//! A lean HTTP/1.1 client for those who measure the platform.
//!
//! It sends a request as one buffer and parses only what is needed, because it shares its machine with the server
//! and the database that are measured.

mod chunks;
mod connection;
mod request;
mod response;
mod target;

pub(crate) use self::request::put;
pub use self::{
    connection::{Connection, TransportError},
    request::Request,
    response::{Head, Unreadable},
    target::Target,
};
