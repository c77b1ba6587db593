//! An address that broke a rule, and how it is told of.

use platform::settings::Settings;
use serde_json::{Value, json};
use sqlx::types::ipnet::IpNet;
use uuid::Uuid;

use super::Rule;

/// What a look found at one address.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) rule: Rule,
    pub(super) network: IpNet,
    /// Failures, or keys.
    pub(super) count: i64,
    /// Ids of the operators concerned.
    pub(super) concerned: Vec<Uuid>,
}

impl Finding {
    /// An address as such, a network with its length.
    pub(super) fn address(&self) -> String {
        match self.network {
            IpNet::V4(net) => net.addr().to_string(),
            IpNet::V6(net) => net.to_string(),
        }
    }

    pub(super) fn evidence(&self, settings: &Settings) -> Value {
        let count = match self.rule {
            Rule::Failures => "failures",
            Rule::ManyKeys => "keys",
        };
        json!({
            "address": self.address(),
            count: self.count,
            "limit": self.rule.limit(settings),
            "window_seconds": self.rule.window_seconds(settings),
        })
    }

    /// Shown to administrators as the reason of a lock.
    pub(super) fn reason(&self, settings: &Settings) -> String {
        let (kind, address, count) = (self.rule.event().into_str(), self.address(), self.count);
        let seconds = self.rule.window_seconds(settings);
        match self.rule {
            Rule::Failures => format!("{kind}：{address} 在 {seconds} 秒内鉴权失败 {count} 次"),
            Rule::ManyKeys => format!("{kind}：{address} 在 {seconds} 秒内使用了 {count} 个不同的 API Key"),
        }
    }
}
