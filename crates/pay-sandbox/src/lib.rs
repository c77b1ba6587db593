//! A local gateway that stands in for WeChat Pay APIv3 (Native) and for Alipay (gateway v2, precreate).
//!
//! It speaks the *providers'* side: it checks the signature of every request, signs what it answers, encrypts notices and
//! sends them until somebody takes them. A client cannot tell it from the real thing but by its address. It knows nothing
//! of what is sold, and no real money is near it. On top of the protocols:
//!
//! - a payer to play: a page for every order ([`Sandbox::payment_path`]), and `POST {that}/pay` with `{"result": …}`;
//! - faults to set: `POST /sandbox/faults` with `{"channel": …, "fault": …}`, or [`Sandbox::set_fault`];
//! - for tests, notices that are not genuine ([`Sandbox::letter`]) and bills that are wrong ([`Sandbox::plant`]).
//!
//! [`Sandbox::gateway`] is for the clients (the Alipay gateway is `/gateway.do`, WeChat's paths begin with `/v3/`),
//! [`Sandbox::console`] for people; each can be served or mounted where it is needed. [`Sandbox::deliver_notices`] is the
//! task that sends notices: without it none are sent.
//!
//! Orders, refunds, faults and notices not yet taken are in memory, and in a [`Store`] if the caller has one: then what is
//! asked of the gateway or the console is stored before it is answered, a restart forgets nothing, and several sandboxes
//! on one store are one. What is done by a method ([`Sandbox::pay`], say) is stored soon after. Keys are the caller's to
//! keep ([`Keys::to_pem`]). Numbers that the sandbox gives are random, so none comes twice.
//!
//! Not simulated: fapiao, coupons, encrypted fields, rate limits, the order's other optional
//! fields (they are accepted, compared, and otherwise ignored), and notices to `https` addresses.

#![warn(missing_docs)]

mod alipay;
mod bills;
mod certificate;
mod config;
mod crypto;
mod faults;
mod forgery;
mod keys;
mod notifier;
mod page;
mod past;
mod payer;
mod sandbox;
mod state;
mod store;
mod table;
mod times;
mod wechat;
mod yuan;

pub use bills::{Difference, DifferenceKind};
pub use config::{AlipaySigner, Config, Schedules, WechatSigner};
pub use faults::Fault;
pub use forgery::{Forgery, Letter};
pub use keys::{KeyError, Keys};
pub use past::PastPayment;
pub use pay_protocol::Clock;
pub use payer::{PayError, PaymentResult, Played};
pub use sandbox::{Channel, Sandbox, SetupError};
pub use store::{Changes, Memory, Record, Store, StoreError, StoreFuture, Turn};
