//! The database: the private server, migrations, the pool, and whether it can be reached.

pub mod copy;
pub mod embedded;
pub mod migrate;
pub mod partitions;
mod pool;
mod rows;

pub use pool::{Database, SESSION_SETUP, begin_planned, begin_snapshot};
pub use rows::expect_one;
