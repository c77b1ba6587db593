//! What each setting is: type, range, default, category and description.

use jiff::tz::TimeZone;
use money::Fen;
use serde_json::Value;

use super::networks;

/// How a value travels: integers as JSON numbers, decimals and strings as JSON strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    Integer,
    Decimal,
    Text,
}

impl ValueType {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            ValueType::Integer => "integer",
            ValueType::Decimal => "decimal",
            ValueType::Text => "string",
        }
    }
}

/// Which values are allowed, beyond the type.
#[derive(Clone, Copy, Debug)]
enum Allowed {
    Integers(i64, i64),
    /// Days for which something is kept; zero keeps it for ever.
    Retention(i64, i64),
    Amounts,
    PositiveAmounts,
    Timezones,
    Networks,
    EmailOrEmpty,
    /// One line of at most so many characters, or none.
    Line(usize),
}

/// One setting of the product.
#[derive(Debug)]
pub struct Definition {
    pub key: &'static str,
    pub category: &'static str,
    pub description: &'static str,
    default: &'static str,
    allowed: Allowed,
}

/// Why a setting cannot take a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    #[error("there is no such setting")]
    Unknown,
    #[error("setting {0} must be {expected}", expected = expectation(.0))]
    Invalid(&'static str),
}

fn expectation(key: &str) -> String {
    find(key).map_or_else(String::new, |definition| definition.expectation().1)
}

macro_rules! define {
    ($($category:literal { $($key:literal $default:literal $allowed:expr, $description:literal;)+ })+) => {
        &[$($(Definition { key: $key, category: $category, description: $description, default: $default, allowed: $allowed },)+)+]
    };
}

use Allowed::{Amounts, EmailOrEmpty, Integers, Line, Networks, PositiveAmounts, Retention, Timezones};

/// Every setting, in the order it is shown.
pub static DEFINITIONS: &[Definition] = define! {
    "account" {
        "session_expire_days" "30" Integers(1, 365), "登录有效期（天）";
        "login_attempts_per_minute" "10" Integers(1, 1_000_000_000), "每个账号和每个 IP 每分钟登录尝试次数上限";
    }
    "balance" {
        "low_balance_threshold_normal" "100.00" Amounts, "普通客户低余额提醒阈值（元）";
        "low_balance_threshold_vip" "1000.00" Amounts, "VIP 客户低余额提醒阈值（元）";
        "low_balance_threshold_trial" "50.00" Amounts, "试用客户低余额提醒阈值（元）";
    }
    "payment" {
        "recharge_min" "10.00" PositiveAmounts, "单笔充值下限（元）";
        "recharge_max" "10000.00" PositiveAmounts, "单笔充值上限（元）";
        "payment_order_expire_minutes" "15" Integers(1, 120), "充值订单有效期（分钟）";
        "payment_query_after_seconds" "300" Integers(1, 86_400), "订单待支付多久后主动查询（秒）";
        "payment_query_max_failures" "3" Integers(1, 100), "主动查询连续失败多少次后标记异常";
    }
    "rate_limit" {
        "rate_limit_per_minute" "10" Integers(1, 1_000_000_000), "每个运营商每分钟授权请求上限";
        "ip_rate_limit_per_minute" "100" Integers(1, 1_000_000_000), "每个 IP 每分钟头显与未登录请求上限";
        "web_rate_limit_per_minute" "600" Integers(1, 1_000_000_000), "每个登录账号每分钟请求上限";
        "concurrent_authorization_limit" "10" Integers(1, 1_000), "每个运营商同时处理的授权请求数";
    }
    "category" {
        "vip_tier_monthly_threshold" "10000.00" Amounts, "月消费达到该金额评为 VIP（元）";
        "standard_tier_monthly_threshold" "1000.00" Amounts, "月消费达到该金额评为普通客户（元）";
    }
    "security" {
        "anomaly_ip_failures" "20" Integers(1, 1_000_000_000), "同一 IP 失败次数超过该值即锁定相关账号";
        "anomaly_ip_failures_window_seconds" "300" Integers(1, 86_400), "失败次数统计窗口（秒）";
        "anomaly_ip_keys" "5" Integers(1, 1_000_000_000), "同一 IP 使用的不同 API Key 数超过该值即锁定相关账号";
        "anomaly_ip_keys_window_seconds" "60" Integers(1, 86_400), "API Key 数统计窗口（秒）";
        "anomaly_trusted_ips" "" Networks, "不参与多 Key 检测的地址或网段，逗号分隔";
        "alert_email" "" EmailOrEmpty, "安全与财务告警邮箱";
    }
    "invoice" {
        "invoice_issuer_name" "" Line(100), "开票单位名称";
        "invoice_issuer_tax_id" "" Line(20), "开票单位税号";
        "invoice_issuer_address" "" Line(100), "开票单位地址";
        "invoice_issuer_phone" "" Line(30), "开票单位电话";
        "invoice_issuer_bank_account" "" Line(100), "开票单位开户行及账号";
    }
    "retention" {
        "authorization_log_retention_days" "0" Retention(31, 36_500), "授权日志保留天数，按月整体删除（0 为永久保留）";
        "sent_email_retention_days" "180" Retention(1, 36_500), "已发送邮件保留天数（0 为永久保留）";
        "schedule_run_retention_days" "90" Retention(1, 36_500), "定时任务执行记录保留天数（0 为永久保留）";
        "report_retention_days" "365" Integers(1, 3_650), "报表保留天数，超过后删除";
    }
    "general" {
        "business_timezone" "Asia/Shanghai" Timezones, "业务时区（日、周、月按此划分）";
    }
};

/// The definition of a key.
#[must_use]
pub fn find(key: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| definition.key == key)
}

impl Definition {
    #[must_use]
    pub const fn value_type(&self) -> ValueType {
        match self.allowed {
            Integers(..) | Retention(..) => ValueType::Integer,
            Amounts | PositiveAmounts => ValueType::Decimal,
            Timezones | Networks | EmailOrEmpty | Line(_) => ValueType::Text,
        }
    }

    /// The default as it travels.
    #[must_use]
    pub fn default_value(&self) -> Value {
        match (self.value_type(), self.default.parse::<i64>()) {
            (ValueType::Integer, Ok(number)) => Value::from(number),
            _ => Value::from(self.default),
        }
    }

    /// # Errors
    /// [`SettingError::Invalid`] when the value has the wrong type or is out of range.
    pub fn check(&self, value: &Value) -> Result<(), SettingError> {
        let fits = match self.allowed {
            Integers(min, max) => value.as_i64().is_some_and(|number| (min..=max).contains(&number)),
            Retention(min, max) => {
                value.as_i64().is_some_and(|days| days == 0 || (min..=max).contains(&days))
            }
            Amounts => amount(value).is_some(),
            PositiveAmounts => amount(value).is_some_and(|fen| !fen.is_zero()),
            Timezones => timezone_name(value).is_some(),
            Networks => value.as_str().is_some_and(|list| networks(list).is_some()),
            EmailOrEmpty => {
                value.as_str().is_some_and(|text| text.is_empty() || base::validate::is_email(text))
            }
            Line(max) => value
                .as_str()
                .is_some_and(|text| text.chars().count() <= max && !text.chars().any(char::is_control)),
        };
        if fits { Ok(()) } else { Err(SettingError::Invalid(self.key)) }
    }

    /// A value that fits, in the form in which it is kept and shown: amounts with two decimals, time zones by their own
    /// spelling.
    #[must_use]
    pub fn normalized(&self, value: &Value) -> Value {
        let normalized = match self.allowed {
            Amounts | PositiveAmounts => amount(value).map(|fen| fen.to_string()),
            Timezones => timezone_name(value),
            Integers(..) | Retention(..) | Networks | EmailOrEmpty | Line(_) => None,
        };
        normalized.map_or_else(|| value.clone(), Value::from)
    }

    /// What a value must be, in Chinese and English.
    #[must_use]
    pub fn expectation(&self) -> (String, String) {
        let (zh, en) = match self.allowed {
            Integers(min, max) => {
                return (
                    format!("须为 {min} 到 {max} 的整数"),
                    format!("must be an integer from {min} to {max}"),
                );
            }
            Retention(min, max) => {
                return (
                    format!("须为 0 或 {min} 到 {max} 的整数"),
                    format!("must be 0 or an integer from {min} to {max}"),
                );
            }
            Line(max) => {
                return (
                    format!("须为不超过 {max} 个字符的单行文本"),
                    format!("must be one line of at most {max} characters"),
                );
            }
            Amounts => ("须为金额字符串，例如 \"100.00\"", "must be an amount such as \"100.00\""),
            PositiveAmounts => (
                "须为大于 0 的金额字符串，例如 \"100.00\"",
                "must be an amount above zero such as \"100.00\"",
            ),
            Timezones => ("须为 IANA 时区名称", "must be the name of an IANA time zone"),
            Networks => ("须为逗号分隔的地址或网段", "must be a comma-separated list of addresses or CIDRs"),
            EmailOrEmpty => ("须为邮箱地址或留空", "must be an e-mail address or empty"),
        };
        (zh.to_owned(), en.to_owned())
    }
}

fn amount(value: &Value) -> Option<Fen> {
    value.as_str()?.parse().ok()
}

/// The zone that stands for not knowing one is a zone to the library, but none that has days.
fn timezone_name(value: &Value) -> Option<String> {
    let timezone = TimeZone::get(value.as_str()?).ok().filter(|timezone| !timezone.is_unknown())?;
    timezone.iana_name().map(str::to_owned)
}
