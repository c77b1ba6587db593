//! What `coinslot serve` can be told: flags, then environment.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use office::payments::config::PaymentArgs;
use platform::config::{DatabaseArgs, SmtpArgs};
use secrecy::SecretString;
use url::Url;

/// What an operator of the platform can set when starting it.
#[derive(Debug, Clone, clap::Args)]
pub struct ServeArgs {
    /// Address to listen on.
    #[arg(long, env = "COINSLOT_LISTEN", default_value = "127.0.0.1:8000")]
    pub listen: SocketAddr,
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// The address people reach the platform at, when it differs from the one it listens on.
    #[arg(long, env = "COINSLOT_PUBLIC_URL")]
    pub public_url: Option<Url>,
    /// Signs access tokens (HS256): at least 32 bytes.
    #[arg(long, env = "JWT_SECRET", hide_env_values = true)]
    pub jwt_secret: Option<SecretString>,
    /// Addresses or CIDRs, comma-separated, whose X-Forwarded-For is believed.
    #[arg(long, env = "COINSLOT_TRUSTED_PROXIES", value_delimiter = ',', value_parser = parse_network)]
    pub trusted_proxies: Vec<IpNet>,
    #[command(flatten)]
    pub smtp: SmtpArgs,
    #[command(flatten)]
    pub payment: PaymentArgs,
    /// Which log lines are written, in the syntax of RUST_LOG.
    #[arg(long, env = "RUST_LOG", default_value = platform::telemetry::DEFAULT_FILTER)]
    pub log_filter: String,
    /// Adds the demo data of the documentation, once.
    #[arg(long)]
    pub demo: bool,
}

fn parse_network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| format!("COINSLOT_TRUSTED_PROXIES: {text:?} is neither an address nor a CIDR"))
}
