//! Stripe's wire, played on loopback.

use std::collections::BTreeMap;

use aios_core::{Order, PaymentError, Payments};
use aios_net::{Stripe, StripeSettings};
use aios_protocol::{OrgId, Timestamp};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A request as Stripe sees it.
struct Asked {
    line: String,
    headers: BTreeMap<String, String>,
    body: String,
}

/// Answers one request after the other, each on its own connection; nothing means to hang up. Gives what was asked.
async fn stripe(answers: Vec<Option<(u16, &'static str)>>) -> (Stripe, JoinHandle<Vec<Asked>>) {
    // A second test in this process finds the provider installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let play = async move {
        let mut all = Vec::new();
        for answer in answers {
            let (socket, _) = listener.accept().await.unwrap();
            let mut socket = BufReader::new(socket);
            all.push(read(&mut socket).await);
            if let Some((status, body)) = answer {
                let length = body.len();
                let head =
                    format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
                socket.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
            }
        }
        all
    };
    (Stripe::new(settings(&base)), tokio::spawn(play))
}

async fn read(socket: &mut BufReader<tokio::net::TcpStream>) -> Asked {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        socket.read_line(&mut line).await.unwrap();
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let headers: BTreeMap<String, String> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    socket.read_exact(&mut body).await.unwrap();
    Asked { line: lines[0].clone(), headers, body: String::from_utf8(body).unwrap() }
}

fn settings(base: &str) -> StripeSettings {
    let read = |name: &str| {
        Some(match name {
            "STRIPE_SECRET_KEY" => "sk_test_1".to_owned(),
            "STRIPE_WEBHOOK_SECRET" => "whsec_1".to_owned(),
            "STRIPE_PRICE_PRO" => "price_pro".to_owned(),
            "STRIPE_API_BASE" => base.to_owned(),
            _ => return None,
        })
    };
    StripeSettings::collect(read).unwrap().unwrap()
}

fn order(plan: &str) -> Order {
    Order {
        org: OrgId::new("acme").unwrap(),
        plan: plan.into(),
        email: "ada+x@example.com".into(),
        customer: None,
        success_url: "https://app.test/done?a=1&b=2".into(),
        cancel_url: "https://app.test/ü".into(),
    }
}

const PAGE: &str = r#"{"id": "cs_1", "url": "https://checkout.stripe.com/c/pay/cs_1"}"#;

#[tokio::test]
async fn a_checkout_is_asked_for_as_stripe_documents_it() {
    let (payments, server) = stripe(vec![Some((200, PAGE))]).await;
    let url = payments.checkout_url(&order("pro")).await.unwrap();
    assert_eq!(url, "https://checkout.stripe.com/c/pay/cs_1");
    let asked = server.await.unwrap().remove(0);
    assert_eq!(asked.line, "POST /v1/checkout/sessions HTTP/1.1");
    let header = |name: &str| asked.headers[name].as_str();
    assert_eq!(header("authorization"), "Bearer sk_test_1");
    assert_eq!(header("stripe-version"), "2025-03-31.basil");
    assert_eq!(header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(header("idempotency-key").len(), 32);
    let fields: Vec<&str> = asked.body.split('&').collect();
    assert_eq!(
        fields,
        [
            "mode=subscription",
            "line_items%5B0%5D%5Bprice%5D=price_pro",
            "line_items%5B0%5D%5Bquantity%5D=1",
            "client_reference_id=acme",
            "subscription_data%5Bmetadata%5D%5Borg_id%5D=acme",
            "success_url=https%3A%2F%2Fapp.test%2Fdone%3Fa%3D1%26b%3D2",
            "cancel_url=https%3A%2F%2Fapp.test%2F%C3%BC",
            "customer_email=ada%2Bx%40example.com",
        ]
    );
}

#[tokio::test]
async fn a_customer_is_not_made_twice_and_has_a_portal() {
    let (payments, server) = stripe(vec![Some((200, PAGE)), Some((200, PAGE))]).await;
    payments.checkout_url(&Order { customer: Some("cus_1".into()), ..order("pro") }).await.unwrap();
    payments.portal_url("cus_1", "https://app.test/").await.unwrap();
    let asked = server.await.unwrap();
    assert!(asked[0].body.ends_with("&customer=cus_1"), "{}", asked[0].body);
    assert_eq!(asked[1].line, "POST /v1/billing_portal/sessions HTTP/1.1");
    assert_eq!(asked[1].body, "customer=cus_1&return_url=https%3A%2F%2Fapp.test%2F");
    assert_ne!(asked[0].headers["idempotency-key"], asked[1].headers["idempotency-key"]);
}

#[tokio::test]
async fn what_fails_on_the_way_is_asked_again_under_the_same_key() {
    let (payments, server) = stripe(vec![None, Some((503, "")), Some((200, PAGE))]).await;
    payments.checkout_url(&order("pro")).await.unwrap();
    let keys: Vec<_> =
        server.await.unwrap().into_iter().map(|mut asked| asked.headers.remove("idempotency-key")).collect();
    assert!(keys.len() == 3 && keys.iter().all(|key| *key == keys[0] && key.is_some()), "{keys:?}");
}

#[tokio::test]
async fn a_refusal_is_told_and_not_repeated() {
    let refusal = r#"{"error": {"type": "invalid_request_error", "message": "No such price: 'price_pro'"}}"#;
    let (payments, server) = stripe(vec![Some((400, refusal))]).await;
    let error = payments.checkout_url(&order("pro")).await.unwrap_err();
    assert_eq!(error.to_string(), "the payment provider refused (400): No such price: 'price_pro'");
    server.await.unwrap();
    let error = payments.checkout_url(&order("enterprise")).await.unwrap_err();
    assert!(matches!(error, PaymentError::NotConfigured { setting: "STRIPE_PRICE_ENTERPRISE" }), "{error}");
}

const NOW: i64 = 1_790_000_000;

fn signed(body: &str, secret: &str, at: i64) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{at}.{body}").as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={at},v1={},v1={hex}", "00".repeat(32))
}

fn event(kind: &str, object: &str) -> String {
    format!(r#"{{"id": "evt_1", "type": "{kind}", "created": {NOW}, "data": {{"object": {object}}}}}"#)
}

fn read_event(body: &str, signature: &str) -> String {
    let payments = Stripe::new(settings("https://api.stripe.com"));
    let now = Timestamp::from_micros(NOW * 1_000_000);
    match payments.read_event(body.as_bytes(), signature, now) {
        Ok(None) => "nothing".into(),
        Ok(Some((org, paid))) => {
            let end = paid.current_period_end.map(|end| end.as_micros() / 1_000_000);
            format!("{org} {} {} {} {end:?}", paid.plan, paid.status, paid.customer)
        }
        Err(error) => error.to_string(),
    }
}

#[test]
fn subscriptions_are_read_from_events() {
    let check = |kind: &str, object: &str, expect: &str| {
        let body = event(kind, object);
        let said = read_event(&body, &signed(&body, "whsec_1", NOW));
        assert!(said.starts_with(expect), "{object}: {said}");
    };
    let (updated, deleted) = ("customer.subscription.updated", "customer.subscription.deleted");
    let item = r#""items": {"data": [{"price": {"id": "price_pro"}, "current_period_end": 1790000099}]}"#;
    let old = r#""items": {"data": [{"price": {"id": "price_pro"}}]}, "current_period_end": 1790000088"#;
    let ours = r#""customer": "cus_1", "metadata": {"org_id": "acme"}"#;
    check(
        updated,
        &format!(r#"{{{ours}, "status": "active", {item}}}"#),
        "acme pro active cus_1 Some(1790000099)",
    );
    check(
        updated,
        &format!(r#"{{{ours}, "status": "active", {old}}}"#),
        "acme pro active cus_1 Some(1790000088)",
    );
    check(deleted, &format!(r#"{{{ours}, "status": "canceled", {item}}}"#), "acme pro canceled");
    check(updated, &format!(r#"{{"customer": "cus_2", "status": "active", {item}}}"#), "nothing");
    check("invoice.paid", "{}", "nothing");
    check(updated, "{}", "the payment provider's event could not be read: missing field");
    let strange = item.replace("price_pro", "price_x");
    check(
        updated,
        &format!(r#"{{{ours}, "status": "active", {strange}}}"#),
        "the payment provider's event could not be read: no plan has the price price_x",
    );
}

#[test]
fn what_stripe_did_not_sign_is_refused() {
    let body = event("invoice.paid", "{}");
    let check = |signature: &str, expect: &str| {
        let said = read_event(&body, signature);
        assert!(said.contains(expect), "{signature}: {said}");
    };
    check(&signed(&body, "whsec_1", NOW - 300), "nothing");
    check(&signed(&body, "whsec_1", NOW - 301), "five minutes");
    check(&signed(&body, "whsec_1", NOW + 301), "five minutes");
    check(&signed(&body, "whsec_2", NOW), "not made with our secret");
    check(&signed("{}", "whsec_1", NOW), "not made with our secret");
    check(&format!("t={NOW}"), "not made with our secret");
    check(&format!("t={NOW},v1=zz,v1=abc,v1=é"), "not made with our secret");
    check("", "no time");
    check("t=soon,v1=00", "no time");
    check(&format!("t={},v1=00", i64::MIN), "five minutes");
}
