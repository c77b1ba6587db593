//! What both adapters owe the platform, tried on the sandbox: the same tests for WeChat Pay and Alipay.

mod bills;
mod faults;
mod health;
mod notifications;
mod orders;
mod refunds;
mod sandbox;
mod world;
