//! The providers as the platform reaches them. What each adapter owes it is tried beside the clients, in `pay-sandbox`.

mod health;
mod ids;
mod sandbox;
mod world;
