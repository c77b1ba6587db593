//! What carries any product: the database and the private PostgreSQL, settings, jobs and schedules, outgoing e-mails and
//! messages, logs, metrics, secrets, tokens, passwords and limits.

pub mod config;
pub mod db;
pub mod email;
pub mod jobs;
pub mod messages;
pub mod metrics;
pub mod rounds;
pub mod security;
pub mod settings;
pub mod telemetry;
