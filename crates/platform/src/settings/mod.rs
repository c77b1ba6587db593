//! Business numbers: rows in `system_configs`, typed and validated, effective on every instance within seconds.

mod definitions;
mod store;
mod update;

pub use definitions::{DEFINITIONS, Definition, SettingError, ValueType, find};
pub use store::SettingsStore;
pub use update::{Changed, Setting, check, list, update};

use std::net::IpAddr;

use ipnet::IpNet;
use jiff::tz::TimeZone;
use money::Fen;
use serde_json::Value;

use base::category::Category;

/// One consistent reading of all settings.
#[derive(Clone, Debug)]
pub struct Settings {
    pub session_expire_days: i64,
    pub low_balance_threshold_normal: Fen,
    pub low_balance_threshold_vip: Fen,
    pub low_balance_threshold_trial: Fen,
    pub recharge_min: Fen,
    pub recharge_max: Fen,
    pub payment_order_expire_minutes: i64,
    pub payment_query_after_seconds: i64,
    pub payment_query_max_failures: i64,
    pub rate_limit_per_minute: i64,
    pub ip_rate_limit_per_minute: i64,
    pub web_rate_limit_per_minute: i64,
    pub login_attempts_per_minute: i64,
    pub concurrent_authorization_limit: i64,
    pub vip_tier_monthly_threshold: Fen,
    pub standard_tier_monthly_threshold: Fen,
    pub anomaly_ip_failures: i64,
    pub anomaly_ip_failures_window_seconds: i64,
    pub anomaly_ip_keys: i64,
    pub anomaly_ip_keys_window_seconds: i64,
    pub anomaly_trusted_ips: Vec<IpNet>,
    pub report_retention_days: i64,
    pub business_timezone: TimeZone,
    pub alert_email: String,
    pub authorization_log_retention_days: i64,
    pub sent_email_retention_days: i64,
    pub schedule_run_retention_days: i64,
    pub invoice_issuer_name: String,
    pub invoice_issuer_tax_id: String,
    pub invoice_issuer_address: String,
    pub invoice_issuer_phone: String,
    pub invoice_issuer_bank_account: String,
}

impl Settings {
    /// Reads every setting through `value_of`; a key without a value takes its default.
    ///
    /// # Errors
    /// The first key whose value its definition refuses.
    pub fn read(value_of: impl Fn(&str) -> Option<Value>) -> Result<Self, SettingError> {
        let reader = Reader { value_of };
        Ok(Settings {
            session_expire_days: reader.integer("session_expire_days")?,
            low_balance_threshold_normal: reader.money("low_balance_threshold_normal")?,
            low_balance_threshold_vip: reader.money("low_balance_threshold_vip")?,
            low_balance_threshold_trial: reader.money("low_balance_threshold_trial")?,
            recharge_min: reader.money("recharge_min")?,
            recharge_max: reader.money("recharge_max")?,
            payment_order_expire_minutes: reader.integer("payment_order_expire_minutes")?,
            payment_query_after_seconds: reader.integer("payment_query_after_seconds")?,
            payment_query_max_failures: reader.integer("payment_query_max_failures")?,
            rate_limit_per_minute: reader.integer("rate_limit_per_minute")?,
            ip_rate_limit_per_minute: reader.integer("ip_rate_limit_per_minute")?,
            web_rate_limit_per_minute: reader.integer("web_rate_limit_per_minute")?,
            login_attempts_per_minute: reader.integer("login_attempts_per_minute")?,
            concurrent_authorization_limit: reader.integer("concurrent_authorization_limit")?,
            vip_tier_monthly_threshold: reader.money("vip_tier_monthly_threshold")?,
            standard_tier_monthly_threshold: reader.money("standard_tier_monthly_threshold")?,
            anomaly_ip_failures: reader.integer("anomaly_ip_failures")?,
            anomaly_ip_failures_window_seconds: reader.integer("anomaly_ip_failures_window_seconds")?,
            anomaly_ip_keys: reader.integer("anomaly_ip_keys")?,
            anomaly_ip_keys_window_seconds: reader.integer("anomaly_ip_keys_window_seconds")?,
            anomaly_trusted_ips: networks(&reader.text("anomaly_trusted_ips")?)
                .ok_or(SettingError::Invalid("anomaly_trusted_ips"))?,
            report_retention_days: reader.integer("report_retention_days")?,
            business_timezone: TimeZone::get(&reader.text("business_timezone")?)
                .map_err(|_| SettingError::Invalid("business_timezone"))?,
            alert_email: reader.text("alert_email")?,
            authorization_log_retention_days: reader.integer("authorization_log_retention_days")?,
            sent_email_retention_days: reader.integer("sent_email_retention_days")?,
            schedule_run_retention_days: reader.integer("schedule_run_retention_days")?,
            invoice_issuer_name: reader.text("invoice_issuer_name")?,
            invoice_issuer_tax_id: reader.text("invoice_issuer_tax_id")?,
            invoice_issuer_address: reader.text("invoice_issuer_address")?,
            invoice_issuer_phone: reader.text("invoice_issuer_phone")?,
            invoice_issuer_bank_account: reader.text("invoice_issuer_bank_account")?,
        })
    }

    /// Below which balance an operator of the category is told that it is low.
    #[must_use]
    pub const fn low_balance_threshold(&self, category: Category) -> Fen {
        match category {
            Category::Trial => self.low_balance_threshold_trial,
            Category::Normal => self.low_balance_threshold_normal,
            Category::Vip => self.low_balance_threshold_vip,
        }
    }

    /// Every setting at its default.
    ///
    /// # Panics
    /// Never: a test reads the defaults.
    #[must_use]
    pub fn defaults() -> Self {
        Self::read(|_| None).expect("the defaults are valid")
    }
}

/// A comma-separated list of addresses and CIDRs.
fn networks(list: &str) -> Option<Vec<IpNet>> {
    list.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(network).collect()
}

fn network(entry: &str) -> Option<IpNet> {
    entry.parse::<IpNet>().ok().or_else(|| entry.parse::<IpAddr>().ok().map(IpNet::from))
}

struct Reader<F> {
    value_of: F,
}

impl<F: Fn(&str) -> Option<Value>> Reader<F> {
    fn value(&self, key: &'static str) -> Result<Value, SettingError> {
        let definition = find(key).ok_or(SettingError::Unknown)?;
        let value = (self.value_of)(key).unwrap_or_else(|| definition.default_value());
        definition.check(&value)?;
        Ok(value)
    }

    fn integer(&self, key: &'static str) -> Result<i64, SettingError> {
        self.value(key)?.as_i64().ok_or(SettingError::Invalid(key))
    }

    fn text(&self, key: &'static str) -> Result<String, SettingError> {
        self.value(key)?.as_str().map(str::to_owned).ok_or(SettingError::Invalid(key))
    }

    fn money(&self, key: &'static str) -> Result<Fen, SettingError> {
        self.text(key)?.parse().map_err(|_| SettingError::Invalid(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_defaults_are_those_of_the_contract() {
        let settings = Settings::defaults();
        assert_eq!(settings.rate_limit_per_minute, 10);
        assert_eq!(settings.recharge_max, Fen::new(1_000_000));
        for (category, fen) in
            [(Category::Trial, 5_000), (Category::Normal, 10_000), (Category::Vip, 100_000)]
        {
            assert_eq!(settings.low_balance_threshold(category), Fen::new(fen));
        }
        assert_eq!(settings.business_timezone.iana_name(), Some("Asia/Shanghai"));
    }

    #[test]
    fn values_of_the_wrong_type_or_out_of_range_are_refused() {
        let refused = [
            ("rate_limit_per_minute", json!("10")),
            ("rate_limit_per_minute", json!(0)),
            ("rate_limit_per_minute", json!(1.5)),
            ("recharge_min", json!(10)),
            ("recharge_min", json!("-1")),
            ("recharge_min", json!("0.00")),
            ("recharge_max", json!("0")),
            ("business_timezone", json!("Mars/Olympus")),
            ("business_timezone", json!("Etc/Unknown")),
            ("business_timezone", json!("+08:00")),
            ("anomaly_trusted_ips", json!("10.0.0.0/8, shop")),
            ("alert_email", json!("nobody")),
            ("authorization_log_retention_days", json!(30)),
            ("authorization_log_retention_days", json!(-31)),
            ("sent_email_retention_days", json!(36_501)),
            ("invoice_issuer_tax_id", json!("x".repeat(21))),
            ("invoice_issuer_address", json!("两行\n文字")),
        ];
        for (key, value) in refused {
            assert!(find(key).unwrap().check(&value).is_err(), "{key} = {value}");
        }
    }

    #[test]
    fn values_that_fit_are_taken() {
        let accepted = [
            ("rate_limit_per_minute", json!(100_000)),
            ("recharge_min", json!("0.01")),
            ("business_timezone", json!("Asia/Tokyo")),
            ("anomaly_trusted_ips", json!("10.0.0.0/8, 192.0.2.1,::1")),
            ("alert_email", json!("")),
            ("alert_email", json!("ops@example.com")),
            ("authorization_log_retention_days", json!(0)),
            ("authorization_log_retention_days", json!(31)),
            ("invoice_issuer_name", json!("")),
            ("invoice_issuer_name", json!("名".repeat(100))),
        ];
        for (key, value) in accepted {
            assert!(find(key).unwrap().check(&value).is_ok(), "{key} = {value}");
        }
    }

    #[test]
    fn values_are_kept_in_one_form() {
        for (key, sent, kept) in [
            ("recharge_min", json!("5"), json!("5.00")),
            ("low_balance_threshold_vip", json!("1000.5"), json!("1000.50")),
            ("business_timezone", json!("asia/shanghai"), json!("Asia/Shanghai")),
            ("rate_limit_per_minute", json!(20), json!(20)),
            ("alert_email", json!(""), json!("")),
        ] {
            assert_eq!(find(key).unwrap().normalized(&sent), kept, "{key}");
        }
    }
}
