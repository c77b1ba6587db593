//! The sandbox: a gateway in this process that stands in for both providers and speaks their protocols. The adapters
//! cannot tell it from the real ones, and no money moves.

pub mod keys;
mod past;
mod store;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use pay_sandbox::{Channel, Keys, Sandbox};
use tokio::net::TcpListener;
use url::Url;

pub(super) use self::past::remember;
use self::store::Records;
use super::providers::{PaymentMethod, Providers};
use crate::clock::Clock;
use crate::config::{AlipayConfig, AlipayTrust, Config, WechatConfig, WechatTrust, notify_url};
use crate::db::Database;
use crate::problem::Problem;
use crate::security::crypt::Cipher;

/// What the sandbox calls the server: a name that stays when the port changes, because an order that is repeated after a
/// restart must have the same values. It is resolved by the sandbox itself and by nobody else.
const SERVER: &str = "coinslot.invalid";

impl From<PaymentMethod> for Channel {
    fn from(method: PaymentMethod) -> Self {
        match method {
            PaymentMethod::Wechat => Channel::Wechat,
            PaymentMethod::Alipay => Channel::Alipay,
        }
    }
}

/// Binds the gateway and sets up the clients that talk to it.
pub(super) async fn start(
    config: &Config,
    clock: &Clock,
    database: &Database,
    cipher: &Cipher,
) -> Result<(Providers, Vec<BoxFuture<'static, ()>>), Problem> {
    let keys = keys::load(&mut *database.acquire().await?, cipher, clock.now()).await?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(Problem::internal)?;
    let address = listener.local_addr().map_err(Problem::internal)?;
    let mut setup = pay_sandbox::Config::new(keys, Arc::new(clock.clone()));
    setup.failure_ends_order = true;
    setup.store = Arc::new(Records(database.pool().clone()));
    let server = config.listen.map(loopback);
    setup.hosts.extend(server.map(|server| (SERVER.to_owned(), server)));
    let (wechat, alipay) = clients(&setup, address)?;
    let providers = Providers::live(Some(&wechat), Some(&alipay), clock).map_err(Problem::internal)?;
    let sandbox = Sandbox::new(setup).map_err(Problem::internal)?;
    let base = match (&config.public_url, server) {
        (Some(url), _) => url.clone(),
        (None, Some(server)) => url(&format!("http://{server}/"))?,
        (None, None) => url(&format!("http://{address}/"))?,
    };
    let deliver = Box::pin(sandbox.clone().deliver_notices());
    let gateway = Box::pin(serve(listener, sandbox.clone()));
    Ok((providers.with_sandbox(sandbox, base), vec![gateway, deliver]))
}

/// The configuration of a merchant of the sandbox, as one of the real providers would have it.
fn clients(
    setup: &pay_sandbox::Config,
    address: SocketAddr,
) -> Result<(WechatConfig, AlipayConfig), Problem> {
    let (keys, host) = (&setup.keys, format!("http://{address}"));
    let server = url(&format!("http://{SERVER}"))?;
    let text = |pem: Result<String, pay_sandbox::KeyError>| pem.map_err(Problem::internal);
    let public_key = (keys.public_key_id().to_owned(), text(Keys::public_key_pem(keys))?);
    let wechat = WechatConfig {
        mchid: setup.mchid.clone(),
        appid: setup.appid.clone(),
        serial_number: keys.merchant_serial().to_owned(),
        private_key: text(keys.merchant_private_pem())?.into(),
        api_v3_key: keys.api_v3_key().into(),
        trust: WechatTrust { public_key: Some(public_key), certificate: None },
        host: host.clone(),
        backup_host: None,
        notify_url: notify_url(&server, "wechat"),
    };
    let alipay = AlipayConfig {
        app_id: setup.app_id.clone(),
        seller_id: setup.seller_id.clone(),
        private_key: text(keys.app_private_pem())?.into(),
        trust: AlipayTrust::PublicKey(text(keys.alipay_public_pem())?),
        gateway: format!("{host}/gateway.do"),
        notify_url: notify_url(&server, "alipay"),
    };
    Ok((wechat, alipay))
}

async fn serve(listener: TcpListener, sandbox: Sandbox) {
    if let Err(error) = axum::serve(listener, sandbox.gateway()).await {
        tracing::error!(%error, "the payment sandbox has ended");
    }
}

/// Where this instance reaches itself.
fn loopback(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

fn url(text: &str) -> Result<Url, Problem> {
    text.parse().map_err(Problem::internal)
}
