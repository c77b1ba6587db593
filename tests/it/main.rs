//! Integration tests: the real router over TCP against a real PostgreSQL.

#![allow(clippy::unwrap_used, reason = "in a test, an unexpected error is a failure with a backtrace")]

mod analytics;
mod at_once;
mod audit;
mod authorization_log;
mod authorize;
mod back_office;
mod bad_input;
mod check_order;
mod cluster;
mod crash;
mod dashboards;
mod embedded;
mod envelope;
mod figures;
mod fixtures;
mod games;
mod harness;
mod limits;
mod migrations;
mod model;
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
mod statistics;
mod statistics_plans;
mod system;
mod tidy;
mod verify;
