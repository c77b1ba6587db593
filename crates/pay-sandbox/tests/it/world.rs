//! A sandbox on a port of its own, a merchant who takes notices, both clients, and a clock that tests move.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use money::Fen;
use pay_sandbox::{AlipaySigner, Config, Keys, Sandbox, Schedules};
use secrecy::SecretString;
use tokio::sync::{Mutex as AsyncMutex, mpsc};

/// 08:00 in Beijing.
const START: i64 = 1_780_272_000;

static KEYS: LazyLock<Keys> =
    LazyLock::new(|| Keys::generate(Timestamp::from_second(START).unwrap()).unwrap());

#[derive(Clone)]
pub(crate) struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// Ahead of [`START`] by so much.
    pub(crate) fn ahead(seconds: i64) -> Self {
        TestClock(Arc::new(AtomicI64::new(START + seconds)))
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn time(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

impl pay_protocol::Clock for TestClock {
    fn now(&self) -> Timestamp {
        self.time()
    }
}

/// A notice as it came.
pub(crate) struct Notice {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

#[derive(Clone)]
struct Merchant {
    notices: mpsc::UnboundedSender<Notice>,
    /// What to answer first, before everything is taken.
    refusals: Arc<Mutex<VecDeque<StatusCode>>>,
}

pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) address: String,
    pub(crate) clock: TestClock,
    pub(crate) keys: Keys,
    config: Config,
    merchant: Merchant,
    merchant_address: String,
    notices: AsyncMutex<mpsc::UnboundedReceiver<Notice>>,
}

pub(crate) async fn start() -> World {
    start_with(|_| {}).await
}

pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> World {
    let clock = TestClock::ahead(0);
    let mut config = Config::new(KEYS.clone(), Arc::new(clock.clone()));
    config.schedules = Schedules::real();
    change(&mut config);
    let sandbox = Sandbox::new(config.clone()).unwrap();
    tokio::spawn(sandbox.clone().deliver_notices());
    let (sender, receiver) = mpsc::unbounded_channel();
    let merchant = Merchant { notices: sender, refusals: Arc::default() };
    let site = Router::new().route("/wechat", post(take)).route("/alipay", post(take));
    let merchant_address = serve(site.with_state(merchant.clone())).await;
    let address = serve(sandbox.router()).await;
    let (keys, notices) = (config.keys.clone(), AsyncMutex::new(receiver));
    World { sandbox, address, clock, keys, config, merchant, merchant_address, notices }
}

async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

async fn take(State(merchant): State<Merchant>, headers: HeaderMap, body: Bytes) -> Response {
    let refusal = merchant.refusals.lock().unwrap().pop_front();
    merchant.notices.send(Notice { headers, body }).unwrap();
    match refusal {
        Some(status) => status.into_response(),
        None => "success".into_response(),
    }
}

impl World {
    /// The next notice.
    pub(crate) async fn notice(&self) -> Notice {
        let mut notices = self.notices.lock().await;
        let come = tokio::time::timeout(Duration::from_secs(30), notices.recv()).await;
        come.expect("a notice").unwrap()
    }

    /// Refuses the next notices with these.
    pub(crate) fn refuse(&self, statuses: impl IntoIterator<Item = StatusCode>) {
        self.merchant.refusals.lock().unwrap().extend(statuses);
    }

    pub(crate) fn public_key(&self) -> wechat_pay::PlatformKeys {
        let pem = self.keys.public_key_pem().unwrap();
        wechat_pay::PlatformKeys::new().with_public_key(self.keys.public_key_id(), &pem).unwrap()
    }

    pub(crate) fn wechat(&self) -> wechat_pay::Client {
        self.wechat_with(self.public_key(), Duration::from_secs(20), &self.keys)
    }

    pub(crate) fn wechat_with(
        &self,
        platform_keys: wechat_pay::PlatformKeys,
        limit: Duration,
        keys: &Keys,
    ) -> wechat_pay::Client {
        let pem = SecretString::from(keys.merchant_private_pem().unwrap());
        let merchant = wechat_pay::Merchant {
            mchid: wechat_pay::MerchantId::parse(&self.config.mchid).unwrap(),
            appid: wechat_pay::AppId::parse(&self.config.appid).unwrap(),
            key: wechat_pay::MerchantKey::from_pem(&pem, self.keys.merchant_serial()).unwrap(),
            api_v3_key: wechat_pay::ApiV3Key::from_text(&SecretString::from(self.keys.api_v3_key())).unwrap(),
        };
        let hosts = wechat_pay::Hosts::new(&self.address, None).unwrap();
        let time_limits = wechat_pay::TimeLimits { call: limit, ..wechat_pay::TimeLimits::default() };
        let user_agent = "pay-sandbox-tests/1".to_owned();
        let config = wechat_pay::Config { merchant, platform_keys, hosts, time_limits, user_agent };
        wechat_pay::Client::new(config, self.clock.clone(), wechat_pay::RandomNonces).unwrap()
    }

    pub(crate) fn alipay(&self) -> alipay::Client {
        self.alipay_with(Duration::from_secs(20), &self.keys)
    }

    pub(crate) fn alipay_with(&self, limit: Duration, keys: &Keys) -> alipay::Client {
        let mut settings = alipay::Settings::new(format!("{}/gateway.do", self.address));
        settings.notify_url = Some(format!("{}/alipay", self.merchant_address));
        settings.seller_id = Some(self.config.seller_id.clone());
        settings.timeout = limit;
        let private = pay_protocol::PrivateKey::parse(&keys.app_private_pem().unwrap()).unwrap();
        let credentials = match self.config.alipay_signer {
            AlipaySigner::PublicKey => {
                let public = pay_protocol::PublicKey::parse(&self.keys.alipay_public_pem().unwrap()).unwrap();
                alipay::Credentials::with_key(&self.config.app_id, private, public)
            }
            AlipaySigner::Certificate => {
                let (app, alipay, root) = (
                    self.keys.app_certificate_pem(),
                    self.keys.alipay_certificate_pem(),
                    self.keys.alipay_root_pem(),
                );
                let certificates = alipay::Certificates::parse(app, &alipay, root).unwrap();
                alipay::Credentials::with_certificates(&self.config.app_id, private, certificates)
            }
        };
        alipay::Client::new(credentials, settings).unwrap()
    }

    pub(crate) fn wechat_order(&self, number: &str, fen: i64) -> wechat_pay::NativeOrder {
        wechat_pay::NativeOrder::new(wechat_no(number), "充值", Fen::new(fen), self.wechat_notify_url())
            .unwrap()
    }

    pub(crate) fn wechat_notify_url(&self) -> wechat_pay::NotifyUrl {
        wechat_pay::NotifyUrl::parse_local(&format!("{}/wechat", self.merchant_address)).unwrap()
    }

    /// Posts to the console. The status and the text of the answer.
    pub(crate) async fn post(&self, path: &str, kind: &str, body: &str) -> (u16, String) {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        let url = format!("{}{path}", self.address);
        let response =
            client.post(url).header("content-type", kind).body(body.to_owned()).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let response = client.get(format!("{}{path}", self.address)).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }
}

pub(crate) fn wechat_no(number: &str) -> wechat_pay::OutTradeNo {
    wechat_pay::OutTradeNo::parse(number).unwrap()
}

pub(crate) fn alipay_ref(number: &str) -> alipay::TradeRef {
    alipay::TradeRef::OutTradeNo(alipay::OutTradeNo::new(number).unwrap())
}

pub(crate) fn alipay_order(number: &str, fen: i64) -> alipay::Precreate {
    alipay::Precreate::new(alipay::OutTradeNo::new(number).unwrap(), Fen::new(fen), "充值").unwrap()
}
