//! Integration tests: the real router over TCP against a real PostgreSQL.

#![allow(clippy::unwrap_used, reason = "in a test, an unexpected error is a failure with a backtrace")]

mod at_once;
mod audit;
mod authorization_log;
mod authorize;
mod back_office;
mod bad_input;
mod check_order;
mod cluster;
mod crash;
mod embedded;
mod envelope;
mod event_stream;
mod fixtures;
mod harness;
mod limits;
mod live;
mod live_ends;
mod migrations;
mod openapi;
mod operator_api;
mod paging;
mod people;
mod plans;
mod process;
mod quotes;
mod replay;
mod requests;
mod scratch;
mod seeding;
mod session_ends;
mod sign_in;
mod signing;
mod sites;
mod system;
mod tidy;
mod verify;
