#!/usr/bin/env python3
"""Writes the vectors of this folder: signatures by the openssl command, AES-256-GCM by the Python package
`cryptography`, so that nothing the crate computes is compared with its own computation. Run in this folder."""

import base64
import json
import pathlib
import subprocess

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

API_V3_KEY = b"0123456789abcdefTESTONLYtestonly"
TIMESTAMP = "1748736000"  # 2025-06-01T00:00:00Z
REQUEST_NONCE = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS"
ANSWER_NONCE = "c5ac7061fccab6bf3e254dcf98995b8c"


def sign(key, *lines):
    message = b"".join(line.encode() + b"\n" for line in lines)
    done = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=message, capture_output=True, check=True)
    return base64.b64encode(done.stdout).decode()


def write(name, text):
    pathlib.Path(name).write_bytes(text.encode())


def encrypt(plain, nonce, associated_data):
    sealed = AESGCM(API_V3_KEY).encrypt(nonce.encode(), plain.encode(), associated_data.encode())
    return {
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": nonce,
        "associated_data": associated_data,
        "ciphertext": base64.b64encode(sealed).decode(),
    }


def answer(name, body):
    write(name + ".json", body)
    for key in ("platform_key_1", "platform_key_2"):
        write(f"{name}.{key}.signature", sign(key + ".pem", TIMESTAMP, ANSWER_NONCE, body))


def notice(name, event_type, kind, plain):
    resource = encrypt(json.dumps(plain, ensure_ascii=False), "fdasflkja484", kind)
    answer(name, json.dumps({
        "id": "EV-2018022511223320873",
        "create_time": "2025-06-01T07:59:58+08:00",
        "resource_type": "encrypt-resource",
        "event_type": event_type,
        "summary": "测试",
        "resource": {"original_type": kind, **resource},
    }, ensure_ascii=False))


# Requests.
order = (
    '{"appid":"wxd678efh567hg6787","mchid":"1900007291","description":"充值 100 元","out_trade_no":"T2025|06-01*1",'
    '"time_expire":"2025-06-01T09:00:00+08:00","attach":"operator 1","notify_url":"https://pay.example.com/notices",'
    '"goods_tag":"SUMMER","support_fapiao":true,"amount":{"total":10000,"currency":"CNY"},'
    '"scene_info":{"payer_client_ip":"203.0.113.7"}}'
)
write("order.json", order)
write("order.signature", sign("merchant_key.pem", "POST", "/v3/pay/transactions/native", TIMESTAMP, REQUEST_NONCE, order))
query = "/v3/pay/transactions/out-trade-no/T2025%7C06-01*1?mchid=1900007291"
write("query.signature", sign("merchant_key.pem", "GET", query, TIMESTAMP, REQUEST_NONCE, ""))

# Notices.
paid = {
    "transaction_id": "1217752501201407033233368018",
    "amount": {"payer_total": 9900, "total": 10000, "currency": "CNY", "payer_currency": "CNY"},
    "mchid": "1900007291",
    "trade_state": "SUCCESS",
    "bank_type": "CMC",
    "success_time": "2025-06-01T07:59:56+08:00",
    "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
    "out_trade_no": "T2025060100001",
    "appid": "wxd678efh567hg6787",
    "trade_state_desc": "支付成功",
    "trade_type": "NATIVE",
    "attach": "operator 1",
}
refunded = {
    "mchid": "1900007291",
    "transaction_id": "1217752501201407033233368018",
    "out_trade_no": "T2025060100001",
    "refund_id": "50000000382019052709732678859",
    "out_refund_no": "R2025060100001",
    "refund_status": "SUCCESS",
    "success_time": "2025-06-01T07:59:57+08:00",
    "user_received_account": "招商银行信用卡0403",
    "amount": {"total": 10000, "refund": 2500, "payer_total": 9900, "payer_refund": 2475},
}
notice("payment_notice", "TRANSACTION.SUCCESS", "transaction", paid)
notice("refund_notice", "REFUND.SUCCESS", "refund", refunded)

# Certificates, in a rotation.
listed = []
for number, serial in ((1, "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"), (2, "0A3B5C7D9E0F1A2B3C4D5E6F708192A3B4C5D6E7")):
    pem = pathlib.Path(f"platform_certificate_{number}.pem").read_text()
    listed.append({
        "serial_no": serial,
        "effective_time": "2024-06-01T08:00:00+08:00",
        "expire_time": "2029-05-31T08:00:00+08:00",
        "encrypt_certificate": encrypt(pem, f"61f9c719728{number}", "certificate"),
    })
answer("certificates", json.dumps({"data": listed}))

# The table of AES-256-GCM: with and without associated data.
write("gcm.json", json.dumps([
    {"plain": "{}", **encrypt("{}", "0123456789ab", "transaction")},
    {"plain": "订单 42", **encrypt("订单 42", "ba9876543210", "")},
], ensure_ascii=False))
