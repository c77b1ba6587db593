//! The database: the private server, migrations, the pool, and whether it can be reached.

pub mod migrate;
mod pool;

pub use pool::{Database, SESSION_SETUP};
