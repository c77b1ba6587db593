//! Refusals and failures as clients see them.
//!
//! Which error type goes where: a domain function returns its own refusal type or [`Problem`], which is a plain value and
//! knows neither language nor HTTP. A handler returns `Result<_, Rejection>`, and the outermost layer of the API renders
//! it. Unexpected errors become `INTERNAL_ERROR` here, with their cause kept for one log line and never shown.

use std::any::Any;
use std::borrow::Cow;

use serde_json::{Value, json};

/// A text in both languages of the product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub zh: Cow<'static, str>,
    pub en: Cow<'static, str>,
}

impl Text {
    #[must_use]
    pub const fn new(zh: &'static str, en: &'static str) -> Self {
        Text { zh: Cow::Borrowed(zh), en: Cow::Borrowed(en) }
    }

    #[must_use]
    pub fn owned(zh: String, en: String) -> Self {
        Text { zh: Cow::Owned(zh), en: Cow::Owned(en) }
    }

    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// The language of an answer, from `Accept-Language`; Chinese unless English is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    Zh,
    En,
}

impl Language {
    /// The language with the greatest weight that the product speaks, the first of equal ones (RFC 9110, 12.5.4).
    #[must_use]
    pub fn from_accept_language(header: Option<&str>) -> Self {
        let mut preferred = (0.0, Self::default());
        for (weight, language) in header.unwrap_or("").split(',').filter_map(Self::from_range) {
            if weight > preferred.0 {
                preferred = (weight, language);
            }
        }
        preferred.1
    }

    /// A language range such as `zh-CN;q=0.8`, when the product speaks it.
    fn from_range(range: &str) -> Option<(f32, Self)> {
        let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
        let weight = weight.trim().strip_prefix("q=")?.parse().ok()?;
        match tag.trim().split('-').next()?.to_ascii_lowercase().as_str() {
            "zh" => Some((weight, Language::Zh)),
            "en" => Some((weight, Language::En)),
            _ => None,
        }
    }
}

macro_rules! error_codes {
    ($($variant:ident $code:literal $zh:literal $en:literal),+ $(,)?) => {
        /// The error codes of the contract. A code never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($variant),+ }

        impl ErrorCode {
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$variant),+];

            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(ErrorCode::$variant => $code),+ }
            }

            /// What the code means, when nothing more specific is known.
            #[must_use]
            pub const fn text(self) -> Text {
                match self { $(ErrorCode::$variant => Text::new($zh, $en)),+ }
            }
        }
    };
}

error_codes! {
    InvalidParams "INVALID_PARAMS" "请求参数有误" "The request is not valid",
    InvalidSignature "INVALID_SIGNATURE" "签名不正确" "The signature is wrong",
    TimestampExpired "TIMESTAMP_EXPIRED" "请求时间戳已过期，请校准设备时钟" "The timestamp is outside the allowed window; check the clock",
    InvalidSessionId "INVALID_SESSION_ID" "会话编号无效" "The session id is not valid",
    PlayerCountOutOfRange "PLAYER_COUNT_OUT_OF_RANGE" "玩家人数超出该应用允许的范围" "The number of players is outside the range of the application",
    UsernameExists "USERNAME_EXISTS" "用户名已存在" "The username is taken",
    Unauthorized "UNAUTHORIZED" "未登录或登录已失效" "Not signed in, or the session has ended",
    InvalidApiKey "INVALID_API_KEY" "API Key 无效" "The API key is not valid",
    InsufficientBalance "INSUFFICIENT_BALANCE" "余额不足，请充值" "The balance is not sufficient",
    PermissionDenied "PERMISSION_DENIED" "没有权限执行此操作" "You are not allowed to do this",
    AppNotAuthorized "APP_NOT_AUTHORIZED" "该应用未获授权" "The application is not granted",
    AccountDeactivated "ACCOUNT_DEACTIVATED" "账号已注销" "The account is deactivated",
    AccountLocked "ACCOUNT_LOCKED" "账号已锁定，请联系管理员" "The account is locked; contact an administrator",
    ResourceNotFound "RESOURCE_NOT_FOUND" "资源不存在" "There is no such resource",
    AppNotFound "APP_NOT_FOUND" "应用不存在" "There is no such application",
    OperatorNotFound "OPERATOR_NOT_FOUND" "运营商不存在" "There is no such operator",
    SiteNotFound "SITE_NOT_FOUND" "运营点不存在" "There is no such site",
    RefundNotFound "REFUND_NOT_FOUND" "退款申请不存在" "There is no such refund",
    InvoiceNotFound "INVOICE_NOT_FOUND" "发票申请不存在" "There is no such invoice",
    ReportNotReady "REPORT_NOT_READY" "报表尚未生成" "The report is not ready",
    MethodNotAllowed "METHOD_NOT_ALLOWED" "不支持该请求方法" "The method is not allowed here",
    SessionDuplicate "SESSION_DUPLICATE" "会话编号已用于其他内容" "The session id was used with other content",
    IdempotencyConflict "IDEMPOTENCY_CONFLICT" "幂等键已用于其他内容" "The idempotency key was used with other content",
    BalanceNotZero "BALANCE_NOT_ZERO" "账户仍有余额" "The account still has a balance",
    PayloadTooLarge "PAYLOAD_TOO_LARGE" "请求内容过大" "The request body is too large",
    UnsupportedMediaType "UNSUPPORTED_MEDIA_TYPE" "请求内容类型须为 application/json" "The content type must be application/json",
    RateLimitExceeded "RATE_LIMIT_EXCEEDED" "请求过于频繁，请稍后重试" "Too many requests; try again later",
    InternalError "INTERNAL_ERROR" "系统内部错误" "Something went wrong on our side",
    PaymentFailed "PAYMENT_FAILED" "支付渠道拒绝了请求" "The payment provider refused the request",
    ServiceUnavailable "SERVICE_UNAVAILABLE" "系统维护中，请稍后重试" "The service is under maintenance; try again later",
    PaymentUnavailable "PAYMENT_UNAVAILABLE" "支付渠道暂不可用，请稍后重试" "The payment provider is unavailable; try again later",
}

/// One invalid field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub text: Text,
}

/// A failure on its way to the client.
#[derive(Clone, Debug)]
pub struct Problem(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    code: ErrorCode,
    text: Option<Text>,
    details: Option<Value>,
    fields: Vec<FieldError>,
    retry_after_seconds: Option<u64>,
    cause: Option<String>,
}

impl Problem {
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Problem(Box::new(Inner {
            code,
            text: None,
            details: None,
            fields: Vec::new(),
            retry_after_seconds: None,
            cause: None,
        }))
    }

    /// `INVALID_PARAMS` that names one field.
    #[must_use]
    pub fn invalid_field(field: impl Into<String>, text: Text) -> Self {
        Self::invalid_fields(vec![FieldError { field: field.into(), text }])
    }

    /// `INVALID_PARAMS` that names every wrong field.
    #[must_use]
    pub fn invalid_fields(fields: Vec<FieldError>) -> Self {
        let mut problem = Self::new(ErrorCode::InvalidParams);
        problem.0.fields = fields;
        problem
    }

    /// `INVALID_PARAMS` that says why the state of things does not allow the request.
    #[must_use]
    pub fn not_allowed(zh: &'static str, en: &'static str) -> Self {
        Self::new(ErrorCode::InvalidParams).with_text(Text::new(zh, en))
    }

    /// `INTERNAL_ERROR`; the cause is for the log only.
    #[must_use]
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        let mut problem = Self::new(ErrorCode::InternalError);
        problem.0.cause = Some(format!("{cause:#}"));
        problem
    }

    /// `INTERNAL_ERROR` for what a panic left; its message is for the log only.
    #[must_use]
    pub fn panicked(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Self::internal(format!("panic: {}", text.unwrap_or("no message")))
    }

    /// `SERVICE_UNAVAILABLE`; the cause is for the log only.
    #[must_use]
    pub fn unavailable(cause: impl std::fmt::Display) -> Self {
        let mut problem = Self::new(ErrorCode::ServiceUnavailable);
        problem.0.cause = Some(format!("{cause:#}"));
        problem
    }

    /// `RATE_LIMIT_EXCEEDED` with its details and `Retry-After`.
    #[must_use]
    pub fn rate_limited(limit: i64, window_seconds: u64, retry_after_seconds: u64) -> Self {
        Self::new(ErrorCode::RateLimitExceeded)
            .with_details(json!({
                "limit": limit,
                "window_seconds": window_seconds,
                "retry_after": retry_after_seconds,
            }))
            .with_retry_after(retry_after_seconds)
    }

    #[must_use]
    pub fn with_text(mut self, text: Text) -> Self {
        self.0.text = Some(text);
        self
    }

    #[must_use]
    pub fn with_details(mut self, details: Value) -> Self {
        self.0.details = Some(details);
        self
    }

    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_seconds = Some(seconds);
        self
    }

    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// What happened, for the log line; never part of an answer.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// The same for whoever needs a text: of a refusal that says no more, its code.
    #[must_use]
    pub fn reason(&self) -> &str {
        self.cause().unwrap_or(self.code().as_str())
    }

    /// What the client is told, if it is more than what the code means.
    #[must_use]
    pub fn text(&self) -> Option<&Text> {
        self.0.text.as_ref()
    }

    /// More about it, apart from the fields.
    #[must_use]
    pub fn details(&self) -> Option<&Value> {
        self.0.details.as_ref()
    }

    #[must_use]
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.0.retry_after_seconds
    }
}

impl From<ErrorCode> for Problem {
    fn from(code: ErrorCode) -> Self {
        Problem::new(code)
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        if is_database_away(&error) { Problem::unavailable(error) } else { Problem::internal(error) }
    }
}

/// Whether the error says that the database cannot be worked with now, rather than that we asked for nonsense.
#[must_use]
pub fn is_database_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(db) => db.code().is_some_and(|code| is_transient_sqlstate(&code)),
        _ => false,
    }
}

/// Classes of SQLSTATE after which the same request may succeed: connection trouble (08), lack of resources (53),
/// lock timeout (55P03), shutdown or cancel (57), deadlock and serialization failure (40).
/// Source: PostgreSQL documentation, appendix A.
#[must_use]
pub fn is_transient_sqlstate(code: &str) -> bool {
    ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class)) || code == "55P03" || code == "25006"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_wanted_language_we_speak_wins() {
        let cases = [
            (None, Language::Zh),
            (Some("en-US,en;q=0.9,zh;q=0.8"), Language::En),
            (Some("fr, en;q=0.5"), Language::En),
            (Some("zh-CN"), Language::Zh),
            (Some("zh;q=0.5,en"), Language::En),
            (Some("en;q=0.1, zh-CN;q=0.9"), Language::Zh),
            (Some("en;q=0.5,zh;q=0.5"), Language::En),
            (Some("en;q=0"), Language::Zh),
            (Some("en;q=x"), Language::Zh),
            (Some("enm"), Language::Zh),
            (Some("fr"), Language::Zh),
            (Some("日本"), Language::Zh),
            (Some(""), Language::Zh),
        ];
        for (header, expected) in cases {
            assert_eq!(Language::from_accept_language(header), expected, "{header:?}");
        }
    }

    #[test]
    fn codes_are_upper_snake_case_and_distinct() {
        let mut seen = std::collections::HashSet::new();
        for code in ErrorCode::ALL {
            assert!(code.as_str().bytes().all(|b| b.is_ascii_uppercase() || b == b'_'));
            assert!(seen.insert(code.as_str()));
        }
    }
}
