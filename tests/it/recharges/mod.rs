//! The money coming in: orders, notifications, questions, bills and decisions, through the real adapters and the sandbox
//! that stands in for the providers.

mod bills;
mod books;
mod create;
mod ends;
mod finance;
mod forged;
mod notifications;
mod once;
mod queries;
mod shop;
mod walks;
