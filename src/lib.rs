//! coinslot: real-time game authorization and prepaid billing for mixed-reality venues.
//!
//! This crate is the command and the composition of the platform; the platform itself stands in the crates below it.
//! `docs/ARCHITECTURE.md` is the map.

pub mod args;
pub mod demo;
pub mod schedules;
pub mod seed;
pub mod serve;
pub mod start;
