//! What P6 reads. The audience is the second part of the path.

/// With defaults, and with usual filters.
pub(crate) const ENDPOINTS: &[&str] = &[
    "/v1/operators/me",
    "/v1/operators/me/balance",
    "/v1/operators/me/limits",
    "/v1/operators/me/transactions",
    "/v1/operators/me/transactions?page=50&page_size=100",
    "/v1/operators/me/transactions?type=consumption",
    "/v1/operators/me/transactions?type=recharge",
    "/v1/operators/me/recharges",
    "/v1/operators/me/refunds",
    "/v1/operators/me/invoices",
    "/v1/operators/me/sites",
    "/v1/operators/me/authorized-apps",
    "/v1/operators/me/app-catalog",
    "/v1/operators/me/app-requests",
    "/v1/operators/me/usage-records",
    "/v1/operators/me/usage-records?page=50&page_size=100",
    "/v1/operators/me/usage-records?site_id={site}",
    "/v1/operators/me/usage-records?app_id={app}&start_time={year_ago}",
    "/v1/operators/me/statistics/consumption",
    "/v1/operators/me/statistics/consumption?site_id={site}",
    "/v1/operators/me/statistics/consumption?app_id={app}",
    "/v1/operators/me/statistics/consumption?site_id={site}&app_id={app}",
    "/v1/operators/me/statistics/consumption?dimension=month&start_time={year_ago}",
    "/v1/operators/me/statistics/by-app",
    "/v1/operators/me/statistics/by-app?start_time={year_ago}",
    "/v1/operators/me/statistics/by-site",
    "/v1/operators/me/statistics/by-site?start_time={year_ago}",
    "/v1/operators/me/statistics/player-distribution",
    "/v1/operators/me/statistics/player-distribution?start_time={year_ago}",
    "/v1/operators/me/messages",
    "/v1/admin/dashboard",
    "/v1/admin/operators",
    "/v1/admin/operators?keyword=seed_0005",
    "/v1/admin/operators?page=50",
    "/v1/admin/operators/{operator}",
    "/v1/admin/operators/{operator}/sites",
    "/v1/admin/applications",
    "/v1/admin/applications/{app}",
    "/v1/admin/applications/{app}/prices",
    "/v1/admin/app-requests",
    "/v1/admin/authorizations",
    "/v1/admin/authorizations?operator_id={operator}",
    "/v1/admin/announcements",
    "/v1/admin/settings",
    "/v1/admin/accounts",
    "/v1/admin/emails",
    "/v1/admin/jobs",
    "/v1/admin/audit-logs",
    "/v1/admin/authorization-logs",
    "/v1/admin/authorization-logs?operator_id={operator}",
    "/v1/admin/authorization-logs?result=refused",
    "/v1/admin/security-events",
    "/v1/finance/dashboard",
    "/v1/finance/dashboard/trends",
    "/v1/finance/top-customers",
    "/v1/finance/top-customers?start_time={year_ago}",
    "/v1/finance/customers/{operator}/details",
    "/v1/finance/customers",
    "/v1/finance/customers?keyword=seed_0005",
    "/v1/finance/transactions",
    "/v1/finance/transactions?page=50&page_size=100",
    "/v1/finance/transactions?type=consumption",
    "/v1/finance/transactions?operator_id={operator}",
    "/v1/finance/recharges",
    "/v1/finance/payment-incidents",
    "/v1/finance/reconciliation",
    "/v1/finance/reports",
    "/v1/finance/refunds",
    "/v1/finance/refunds?operator_id={operator}",
    "/v1/finance/invoices",
    "/v1/finance/invoices?operator_id={operator}",
    "/v1/finance/audit-logs",
    "/v1/analytics/overview",
    "/v1/analytics/overview?start_time={year_ago}",
    "/v1/analytics/overview?app_id={app}",
    "/v1/analytics/by-operator",
    "/v1/analytics/by-operator?start_time={year_ago}",
    "/v1/analytics/by-operator?app_id={app}",
    "/v1/analytics/by-site",
    "/v1/analytics/by-site?start_time={year_ago}",
    "/v1/analytics/by-site?operator_id={operator}",
    "/v1/analytics/by-app",
    "/v1/analytics/by-app?start_time={year_ago}",
    "/v1/analytics/by-app?site_id={site}",
    "/v1/analytics/trends",
    "/v1/analytics/trends?group_by=operator",
    "/v1/analytics/trends?group_by=app",
    "/v1/analytics/trends?group_by=app&dimension=month&start_time={year_ago}",
    "/v1/analytics/player-distribution",
    "/v1/analytics/player-distribution?start_time={year_ago}",
    "/v1/analytics/player-distribution?operator_id={operator}",
    "/v1/analytics/cross?rows=app&cols=player_count",
    "/v1/analytics/cross?rows=operator&cols=app",
    "/v1/analytics/cross?rows=operator&cols=week",
    "/v1/analytics/cross?rows=app&cols=month&start_time={year_ago}",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// What is not read, and why.
    const LEFT_OUT: &[(&str, &str)] = &[
        ("/health", "reads nothing that grows"),
        ("/health/live", "reads nothing that grows"),
        ("/health/ready", "reads nothing that grows"),
        ("/metrics", "for one scraper"),
        ("/v1/events", "a stream"),
        ("/v1/auth/game/config", "signed; reads one operator's grants"),
        ("/v1/admin/operators/{id}/api-key", "one row by its key"),
        ("/v1/admin/audit-logs/verification", "reads the whole log on purpose"),
        ("/v1/operators/me/transactions/export", "P7 reads files"),
        ("/v1/operators/me/usage-records/export", "P7 reads files"),
        ("/v1/operators/me/statistics/export", "P7 reads files"),
        ("/v1/finance/transactions/export", "P7 reads files"),
        ("/v1/finance/audit-logs/export", "P7 reads files"),
        ("/v1/admin/audit-logs/export", "P7 reads files"),
        ("/v1/analytics/export", "P7 reads files"),
        ("/v1/finance/reports/{id}", "P8 makes one"),
        ("/v1/finance/reports/{id}/download", "P8 makes one"),
        ("/v1/operators/me/recharges/{id}", "one row by its key"),
        ("/v1/operators/me/refunds/{id}", "one row by its key"),
        ("/v1/operators/me/invoices/{id}", "one row by its key"),
        ("/v1/operators/me/app-requests/{id}", "one row by its key"),
        ("/v1/operators/me/messages/{id}", "one row by its key"),
        ("/v1/finance/recharges/{id}", "one row by its key"),
        ("/v1/finance/reconciliation/{date}/{payment_method}", "the seed makes none"),
        ("/v1/finance/refunds/{id}", "the seed makes none"),
        ("/v1/finance/invoices/{id}/pdf", "the seed makes none"),
        ("/v1/operators/me/invoices/{id}/pdf", "the seed makes none"),
    ];

    fn is_same(template: &str, endpoint: &str) -> bool {
        let path = endpoint.split('?').next().unwrap_or_default();
        let parts = |text: &str| -> Vec<String> { text.split('/').map(str::to_owned).collect() };
        let (template, path) = (parts(template), parts(path));
        template.len() == path.len()
            && template.iter().zip(&path).all(|(one, other)| one == other || one.starts_with('{'))
    }

    #[test]
    fn every_reading_endpoint_is_read_or_left_out_for_a_reason() {
        let document = serde_json::to_value(api::router::openapi()).unwrap();
        for (path, operations) in document["paths"].as_object().unwrap() {
            if operations.get("get").is_none() {
                continue;
            }
            let is_read = ENDPOINTS.iter().any(|endpoint| is_same(path, endpoint));
            let is_left_out = LEFT_OUT.iter().any(|(left_out, _)| left_out == path);
            assert!(is_read || is_left_out, "{path} is missing in P6");
        }
    }
}
