//! The sandbox as the two real clients see it, over loopback.

mod alipay_life;
mod faults;
mod keys;
mod notices;
mod orders;
mod pages;
mod wechat_life;
mod world;
