//! The client's address: the socket's, or what a trusted proxy says.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use base::problem::Problem;
use ipnet::IpNet;

use crate::app::App;
use crate::http::rejection::Rejection;

/// The address requests are limited and logged by.
#[derive(Clone, Copy, Debug)]
pub struct ClientIp(pub IpAddr);

/// The right-most `X-Forwarded-For` entry that is not a trusted proxy, when the peer is one; else the peer.
#[must_use]
pub fn client_ip(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    let is_trusted = |ip: &IpAddr| trusted.iter().any(|net| net.contains(ip));
    if !is_trusted(&peer) {
        return peer;
    }
    let mut client = peer;
    let forwarded = headers.get_all("x-forwarded-for").iter().rev();
    let entries = forwarded.flat_map(|value| value.to_str().unwrap_or("").rsplit(','));
    for entry in entries {
        // A proxy that sends something unreadable ends the chain of what can be believed.
        let Ok(ip) = entry.trim().parse::<IpAddr>() else {
            return client;
        };
        client = ip.to_canonical();
        if !is_trusted(&client) {
            return client;
        }
    }
    client
}

impl FromRequestParts<App> for ClientIp {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let ConnectInfo(peer) = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .copied()
            .ok_or_else(|| Problem::internal("no peer address on the connection"))?;
        Ok(ClientIp(client_ip(peer.ip(), &parts.headers, &app.config().trusted_proxies)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        client_ip(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn forwarded_addresses_are_believed_only_from_trusted_proxies() {
        let proxy = &["10.0.0.0/8"][..];
        assert_eq!(resolve("203.0.113.9", &["198.51.100.1"], proxy), "203.0.113.9");
        assert_eq!(resolve("10.0.0.1", &[], proxy), "10.0.0.1");
        assert_eq!(resolve("10.0.0.1", &["198.51.100.1"], proxy), "198.51.100.1");
        assert_eq!(resolve("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"], proxy), "198.51.100.1");
        assert_eq!(resolve("10.0.0.1", &["1.1.1.1", "198.51.100.1"], proxy), "198.51.100.1");
        assert_eq!(resolve("10.0.0.1", &["1.1.1.1, nonsense"], proxy), "10.0.0.1");
        assert_eq!(resolve("::ffff:10.0.0.1", &["::ffff:1.2.3.4"], proxy), "1.2.3.4");
    }
}
