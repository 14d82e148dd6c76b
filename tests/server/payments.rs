//! What the payment provider tells, over the wire as it tells it.

use aios_testkit::Script;
use aios_testkit::http::{Answer, Ask};
use aios_tests::{Served, World, options};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::{register, text};

/// What Stripe sends about a subscription, and its signature at this moment.
fn event(org: &str, status: &str, created: u64) -> (String, String) {
    let item = json!({ "price": { "id": "price_pro" }, "current_period_end": 1_900_000_000 });
    let object = json!({
        "customer": "cus_1",
        "status": status,
        "metadata": { "org_id": org },
        "items": { "data": [item] },
    });
    let kind = "customer.subscription.updated";
    let body = json!({ "type": kind, "created": created, "data": { "object": object } }).to_string();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let mut mac = Hmac::<Sha256>::new_from_slice(b"whsec_1").unwrap();
    mac.update(format!("{now}.{body}").as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    (body, format!("t={now},v1={hex}"))
}

async fn tell(served: &Served, body: &str, signature: &str) -> Answer {
    let ask = Ask::new(served.address, "POST", "/api/v1/billing/webhook");
    let ask = ask.body("application/json; charset=utf-8", body);
    match signature {
        "" => ask,
        signature => ask.header("stripe-signature", signature),
    }
    .send()
    .await
}

#[tokio::test]
async fn a_plan_is_what_the_payment_provider_last_said() {
    let world = World::new(env!("CARGO_BIN_EXE_aios-test-child"), Script::new())
        .with_env("STRIPE_SECRET_KEY", "sk_test_1")
        .with_env("STRIPE_WEBHOOK_SECRET", "whsec_1")
        .with_env("STRIPE_PRICE_PRO", "price_pro");
    let served = Served::over(world, options()).await;
    let ada = register(&served, "acme").await;
    let org = text(&served.ask_as(&ada, "GET", "/api/v1/auth/me", None).await.json(), "org_id");
    for (status, created, plan) in
        [("active", 20, "pro"), ("incomplete", 10, "pro"), ("canceled", 30, "free"), ("active", 29, "free")]
    {
        let (body, signature) = event(&org, status, created);
        let told = tell(&served, &body, &signature).await;
        assert_eq!((told.status, told.json()), (200, json!({})));
        let now = served.ask_as(&ada, "GET", "/api/v1/billing/status", None).await.json();
        assert_eq!(now["plan"], plan, "{status} {created}");
    }
    let (body, signature) = event(&org, "active", 40);
    let forged = body.replace("active", "trialing");
    tell(&served, &forged, &signature).await.problem(422, "invalid_request");
    tell(&served, &body, "").await.problem(422, "invalid_request");
    let (body, signature) = event("no-such-organisation", "active", 40);
    tell(&served, &body, &signature).await.problem(404, "not_found");
    served.stop().await.finish().await;
}

#[tokio::test]
async fn without_its_secret_nobody_is_believed() {
    let world = World::new(env!("CARGO_BIN_EXE_aios-test-child"), Script::new());
    let served = Served::over(world, options()).await;
    let (body, signature) = event("acme", "active", 1);
    let problem = tell(&served, &body, &signature).await.problem(503, "unavailable");
    assert!(problem.contains("STRIPE_SECRET_KEY"), "{problem}");
    served.stop().await.finish().await;
}
