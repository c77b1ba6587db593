//! The platform as its clients see it: every route, what a request meets before and after its handler, the streams of
//! events and the web app's files.

pub mod app;
pub mod http;
pub mod live;
pub mod router;
pub mod routes;
pub mod web_app;
