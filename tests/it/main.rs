//! Integration tests: the real router over TCP against a real PostgreSQL.

#![allow(clippy::unwrap_used, reason = "in a test, an unexpected error is a failure with a backtrace")]

mod admin_operators;
mod app_decisions;
mod app_requests;
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
mod evidence;
mod fixtures;
mod harness;
mod limits;
mod migrations;
mod openapi;
mod operator_api;
mod operator_profile;
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
mod staff_accounts;
mod staff_powers;
mod system;
mod tidy;
mod verify;
