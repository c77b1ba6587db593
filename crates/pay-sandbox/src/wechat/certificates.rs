//! `GET /v3/certificates`.

use serde_json::json;

use super::{Answer, Refusal, Reply};
use crate::config::WechatSigner;
use crate::crypto::encrypt;
use crate::sandbox::Sandbox;
use crate::times;

/// The platform's certificate; merchants who have only the public key are told that there is none.
pub(crate) fn list(sandbox: &Sandbox) -> Answer {
    let config = sandbox.config();
    if config.wechat_signer == WechatSigner::PublicKey {
        return Err(Refusal(
            404,
            "RESOURCE_NOT_EXISTS",
            "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥",
        ));
    }
    let keys = &config.keys;
    let encrypted = encrypt(keys.api_v3_key(), keys.certificate_pem(), "certificate");
    let encrypted = encrypted.ok_or(Refusal(500, "SYSTEM_ERROR", "系统异常"))?;
    let (from, until) = keys.certificate_life();
    Ok(Reply::Json(json!({ "data": [{
        "serial_no": keys.certificate_serial(),
        "effective_time": times::rfc3339(from),
        "expire_time": times::rfc3339(until),
        "encrypt_certificate": encrypted,
    }] })))
}
