use std::net::SocketAddr;

use url::Url;

use crate::SimulateError;

/// A server instance to send requests to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// As it was given.
    pub url: String,
    /// The value of the `Host` header.
    pub host: String,
    pub address: SocketAddr,
}

impl Target {
    /// Reads `http://host[:port]` and looks the host up, once, so that no look-up is measured.
    ///
    /// # Errors
    /// [`SimulateError::Url`] or [`SimulateError::HttpsUnsupported`].
    pub async fn resolve(url: &str) -> Result<Self, SimulateError> {
        let (host, port) = parse_origin(url)?;
        let refuse = |reason: String| SimulateError::Url { url: url.to_owned(), reason };
        // `lookup_host` wants an IPv6 address in its brackets, as the URL has it.
        let mut addresses = tokio::net::lookup_host(format!("{host}:{port}"))
            .await
            .map_err(|error| refuse(error.to_string()))?;
        let address = addresses.next().ok_or_else(|| refuse("the host has no address".to_owned()))?;
        Ok(Self { url: url.to_owned(), host: format!("{host}:{port}"), address })
    }
}

fn parse_origin(url: &str) -> Result<(String, u16), SimulateError> {
    let refuse = |reason: &str| SimulateError::Url { url: url.to_owned(), reason: reason.to_owned() };
    let parsed = Url::parse(url).map_err(|error| refuse(&error.to_string()))?;
    match parsed.scheme() {
        "http" => {}
        "https" => return Err(SimulateError::HttpsUnsupported { url: url.to_owned() }),
        _ => return Err(refuse("it must begin with http://")),
    }
    if parsed.path() != "/" || parsed.query().is_some() {
        return Err(refuse("it must not have a path, because the path is signed as the server sees it"));
    }
    let host = parsed.host_str().ok_or_else(|| refuse("it has no host"))?;
    Ok((host.to_owned(), parsed.port().unwrap_or(80)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_is_read_with_and_without_a_port() {
        assert_eq!(parse_origin("http://127.0.0.1:8000").unwrap(), ("127.0.0.1".to_owned(), 8000));
        assert_eq!(parse_origin("http://venue.example/").unwrap(), ("venue.example".to_owned(), 80));
        assert_eq!(parse_origin("http://[::1]:8000").unwrap(), ("[::1]".to_owned(), 8000));
    }

    #[test]
    fn https_is_refused_by_name() {
        let error = parse_origin("https://venue.example").unwrap_err();
        assert!(matches!(error, SimulateError::HttpsUnsupported { .. }));
        assert!(error.to_string().contains("only plain http://"));
    }

    #[test]
    fn paths_and_other_schemes_are_refused() {
        for url in
            ["venue.example", "ftp://venue.example", "http://venue.example/api", "http://venue.example/?a=1"]
        {
            assert!(matches!(parse_origin(url), Err(SimulateError::Url { .. })), "{url}");
        }
    }
}
