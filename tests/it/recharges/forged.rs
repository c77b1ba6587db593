//! What others tell in a provider's name: refused, counted, and kept as a sample.

use futures_util::future::join_all;
use office::payments::providers::PaymentMethod;
use pay_sandbox::Forgery;

use super::shop::{Sent, Shop, seconds};

#[tokio::test]
async fn what_is_forged_or_changed_is_refused_and_counted_and_credits_nothing() {
    for method in PaymentMethod::ALL {
        let shop = Shop::open(method).await;
        let order = shop.order().await;
        let sent = shop.unsent(order);
        let mut forged = vec![Sent { body: b"{}".to_vec(), ..sent.clone() }];
        for forgery in
            [Forgery::SignTest, Forgery::WrongSignature, Forgery::UnknownKey, Forgery::TamperedAmount]
        {
            forged.push(shop.letter(order, Some(forgery)));
        }
        if method == PaymentMethod::Wechat {
            forged.push(shop.letter(order, Some(Forgery::Stale)));
            for header in
                ["wechatpay-signature", "wechatpay-serial", "wechatpay-nonce", "wechatpay-timestamp"]
            {
                let mut without = sent.clone();
                without.headers.remove(header).unwrap();
                forged.push(without);
            }
        }
        for sent in &forged {
            let answer = shop.notify(&shop.server, sent).await;
            match method {
                PaymentMethod::Wechat => {
                    assert_eq!((answer.status.as_u16(), &answer.body["code"]), (401, &"FAIL".into()));
                }
                PaymentMethod::Alipay => {
                    assert_eq!((answer.status.as_u16(), &answer.body), (200, &"failure".into()));
                }
            }
        }
        assert_eq!(shop.counted("bad_signature").await, forged.len() as u64);
        assert_eq!(shop.row(order).await.status, "pending");
        shop.expect_credited(0).await;
        let refused = shop.verdicts().await.iter().filter(|verdict| *verdict == "not_genuine").count();
        assert_eq!(refused, forged.len());
        // The genuine one still does.
        assert!(shop.is_taken(&shop.notify(&shop.server, &sent).await));
        shop.expect_credited(1).await;
    }
}

#[tokio::test]
async fn what_was_signed_too_long_ago_is_refused() {
    let mut shop = Shop::open(PaymentMethod::Wechat).await;
    let order = shop.order().await;
    let sent = shop.unsent(order);
    shop.advance(seconds(301)).await;
    assert_eq!(shop.notify(&shop.server, &sent).await.status.as_u16(), 401);
    assert_eq!(shop.counted("bad_signature").await, 1);
    shop.expect_credited(0).await;
}

#[tokio::test]
async fn what_is_for_another_merchant_is_kept_and_not_taken() {
    for method in PaymentMethod::ALL {
        let shop = Shop::open(method).await;
        let order = shop.order().await;
        shop.unsent(order);
        let answer = shop.notify(&shop.server, &shop.letter(order, Some(Forgery::OtherMerchant))).await;
        match method {
            PaymentMethod::Wechat => assert_eq!(answer.status.as_u16(), 400),
            PaymentMethod::Alipay => assert_eq!(answer.body, "failure"),
        }
        assert_eq!((shop.verdicts().await, shop.counted("not_ours").await), (vec!["not_ours".to_owned()], 1));
        shop.expect_credited(0).await;
    }
}

#[tokio::test]
async fn a_forger_cannot_fill_the_disk() {
    let shop = Shop::open(PaymentMethod::Alipay).await;
    let large = Sent { headers: reqwest::header::HeaderMap::new(), body: vec![b'x'; 60_000] };
    for _ in 0..13 {
        join_all((0..16).map(|_| shop.notify(&shop.server, &large))).await;
    }
    assert_eq!(shop.counted("bad_signature").await, 208);
    let (kept, longest): (i64, i32) =
        sqlx::query_as("SELECT count(*), max(length(body)) FROM payment_notifications")
            .fetch_one(&mut shop.server.owner().await)
            .await
            .unwrap();
    // Those that come at one moment do not see one another.
    assert!((200..=208).contains(&kept), "{kept}");
    assert_eq!(longest, 4_096);
    let answer = shop.notify(&shop.server, &Sent { body: vec![b'x'; 65_537], ..large }).await;
    assert_eq!(answer.body, "failure");
    assert_eq!(shop.counted("too_large").await, 1);
}
