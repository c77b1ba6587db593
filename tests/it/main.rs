//! Integration tests: the real router over TCP against a real PostgreSQL.

mod fixtures;
mod harness;
mod openapi;
mod operator_api;
mod paging;
mod seeding;
mod sites;
mod system;
