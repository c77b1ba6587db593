//! The pay page and its form.

use pay_sandbox::{Channel, Sandbox};

use crate::outcomes::Succeeded as _;
use crate::world::{alipay_order, start};

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn the_page_shows_the_order_and_its_form_pays() {
    let world = start().await;
    world.wechat().create_native_order(&world.wechat_order("T|00*1", 12_345)).await.done();
    let path = Sandbox::payment_path(Channel::Wechat, "T|00*1");
    assert_eq!(path, "/sandbox/pay/wechat/T%7C00*1");
    let (status, page) = world.get(&path).await;
    assert_eq!(status, 200);
    for part in ["¥123.45", "沙箱商户", "T|00*1", "订单未支付", "<svg", "action=\"T%7C00*1/pay\""] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("<script") && !page.contains("style="), "{page}");
    assert_eq!(world.post(&format!("{path}/pay"), FORM, "result=success").await.0, 303);
    let (_, page) = world.get(&path).await;
    assert!(page.contains("支付成功</dd>") && !page.contains("<form"), "{page}");
    assert_eq!(world.get("/sandbox/pay.css").await.0, 200);
}

#[tokio::test]
async fn what_an_order_says_of_itself_is_escaped() {
    let world = start().await;
    let order =
        alipay::Precreate::new(alipay::OutTradeNo::new("T_1").unwrap(), money::Fen::new(1), "<b>\"1\"");
    world.alipay().precreate(&order.unwrap(), world.clock.time()).await.done();
    let (_, page) = world.get(&Sandbox::payment_path(Channel::Alipay, "T_1")).await;
    assert!(page.contains("&lt;b&gt;&quot;1&quot;") && page.contains("等待付款"), "{page}");
}

#[tokio::test]
async fn a_payer_is_told_what_is_wrong() {
    let world = start().await;
    let json = "application/json";
    world.alipay().precreate(&alipay_order("T_1", 1), world.clock.time()).await.done();
    let path = format!("{}/pay", Sandbox::payment_path(Channel::Alipay, "T_1"));
    assert_eq!(world.post(&path, json, r#"{"result":"perhaps"}"#).await.0, 400);
    assert_eq!(world.post(&path, json, r#"{"result":"success"}"#).await.0, 200);
    let (status, text) = world.post(&path, json, r#"{"result":"success"}"#).await;
    assert!(status == 409 && text.contains("订单已支付"), "{text}");
    let nobody = format!("{}/pay", Sandbox::payment_path(Channel::Alipay, "T_2"));
    assert_eq!(world.post(&nobody, json, r#"{"result":"success"}"#).await.0, 404);
    assert_eq!(world.get("/sandbox/pay/paypal/T_2").await.0, 400);
}
