//! HTTP in, answer out: one folder per audience, one file per verb or small resource.

pub mod admin;
pub mod analyst;
pub mod figures;
pub mod finance;
pub mod headset;
pub mod operator;
pub mod public;
pub mod sandbox;
pub mod system;
pub mod webhooks;
