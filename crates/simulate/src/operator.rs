//! Who plays: an API key and what its operator may start.

use std::time::Duration;

use serde::Deserialize;
use uuid::Uuid;

use super::SimulateError;
use super::credentials::Credentials;
use super::fen::parse_fen;
use super::http::{Connection, Target};
use super::request::write_config_request;
use super::type_id::parse_type_id;

/// Asking again after 429 is bounded, so that a mistaken limit cannot hang the simulator.
const CONFIG_TRIES: u32 = 3;
const RETRY_AFTER_MAX_S: u64 = 60;

#[derive(Debug)]
pub(super) struct Operator {
    pub(super) credentials: Credentials,
    pub(super) id: String,
    pub(super) uuid: Uuid,
    pub(super) balance_before_fen: i64,
    pub(super) sites: Vec<String>,
    pub(super) apps: Vec<App>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct App {
    pub(super) id: String,
    pub(super) unit_price_fen: i64,
    pub(super) min_players: u8,
    pub(super) max_players: u8,
}

impl Operator {
    /// Learns from the server what the key may do. `key_number` counts from 1 and stands for the
    /// key in errors.
    pub(super) async fn load(
        target: &Target,
        connection: &mut Connection,
        credentials: Credentials,
        key_number: usize,
    ) -> Result<Self, SimulateError> {
        let refuse = |reason: String| SimulateError::Config { key_number, reason };
        let config = fetch_config(target, connection, &credentials).await.map_err(refuse)?;
        if config.sites.is_empty() || config.applications.is_empty() {
            return Err(SimulateError::NothingToPlay { operator_id: config.operator_id });
        }
        let malformed = |what: &str| refuse(format!("malformed {what}"));
        Ok(Self {
            uuid: parse_type_id("op", &config.operator_id).ok_or_else(|| malformed("operator_id"))?,
            balance_before_fen: parse_fen(&config.balance).ok_or_else(|| malformed("balance"))?,
            apps: config
                .applications
                .into_iter()
                .map(ConfigApp::into_app)
                .collect::<Option<_>>()
                .ok_or_else(|| malformed("application"))?,
            sites: config.sites.into_iter().map(|site| site.site_id).collect(),
            id: config.operator_id,
            credentials,
        })
    }

    /// The balance now, in fen.
    pub(super) async fn fetch_balance(
        &self,
        target: &Target,
        connection: &mut Connection,
    ) -> Result<i64, String> {
        let config = fetch_config(target, connection, &self.credentials).await?;
        parse_fen(&config.balance).ok_or_else(|| "malformed balance".to_owned())
    }
}

#[derive(Deserialize)]
struct ConfigAnswer {
    data: Config,
}

#[derive(Deserialize)]
struct Config {
    operator_id: String,
    balance: String,
    sites: Vec<ConfigSite>,
    applications: Vec<ConfigApp>,
}

#[derive(Deserialize)]
struct ConfigSite {
    site_id: String,
}

#[derive(Deserialize)]
struct ConfigApp {
    app_id: String,
    unit_price: String,
    min_players: u8,
    max_players: u8,
}

impl ConfigApp {
    fn into_app(self) -> Option<App> {
        if self.min_players > self.max_players {
            return None;
        }
        Some(App {
            unit_price_fen: parse_fen(&self.unit_price)?,
            id: self.app_id,
            min_players: self.min_players,
            max_players: self.max_players,
        })
    }
}

async fn fetch_config(
    target: &Target,
    connection: &mut Connection,
    credentials: &Credentials,
) -> Result<Config, String> {
    let mut request = Vec::new();
    for _ in 0..CONFIG_TRIES {
        if !connection.is_reusable() {
            *connection = Connection::open(target).await.map_err(|error| error.to_string())?;
        }
        write_config_request(&mut request, credentials, &target.host);
        let (head, body) = connection.exchange(&request).await.map_err(|error| error.to_string())?;
        match head.status {
            200 => {
                let answer: ConfigAnswer = serde_json::from_slice(body).map_err(|error| error.to_string())?;
                return Ok(answer.data);
            }
            429 => {
                let wait_s = head.retry_after_s.unwrap_or(1).min(RETRY_AFTER_MAX_S);
                tokio::time::sleep(Duration::from_secs(wait_s)).await;
            }
            status => return Err(format!("status {status}: {}", String::from_utf8_lossy(body))),
        }
    }
    Err("the server's rate limit refused it three times".to_owned())
}
