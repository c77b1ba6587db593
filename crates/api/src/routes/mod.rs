//! HTTP in, answer out: one folder per audience, one file per verb or small resource.

pub mod admin;
pub mod analyst;
mod audit_export;
pub(crate) mod exports;
pub mod figures;
pub mod finance;
pub mod headset;
pub mod operator;
pub mod public;
pub mod sandbox;
pub mod system;
pub mod webhooks;
