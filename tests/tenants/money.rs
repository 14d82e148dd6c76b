//! Budgets, and what was used of them.

use aios_protocol::{
    Api, AuthMe, BillingCheckout, BillingPlans, BillingStatus, BillingUsage, ErrorCode, RunStatus,
};
use aios_testkit::{Script, turn};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::guests::{HERE, backend, own_key, owner, run, start, world};

#[tokio::test]
async fn a_months_budget_is_passed_by_one_call_at_most() {
    // Twelve million tokens: 30 dollars, of 25 that the plan has.
    let dear =
        turn().call("write_file", json!({ "path": "a.py", "content": "x = 1\n" })).usage(12_000_000, 0, 9);
    let mut world = world(Script::new().agent("backend", [dear]));
    let ada = owner(&mut world, "ada@example.com").await;
    ada.credential_add(own_key()).await.unwrap();
    let usage = ada.billing_usage(BillingUsage {}).await.unwrap();
    assert_eq!((usage.runs, usage.budget_usd, usage.remaining_usd), (0, Some(25.0), Some(25.0)));

    let failed = run(&ada, backend()).await;
    assert_eq!(failed.status, RunStatus::Failed);
    assert_eq!(failed.failure.map(|failure| failure.code), Some(ErrorCode::CostLimit));
    let usage = ada.billing_usage(BillingUsage {}).await.unwrap();
    assert_eq!((usage.runs, usage.tokens.input, usage.remaining_usd), (1, 12_000_000, Some(0.0)));
    assert!(usage.cost_usd > 30.0 && usage.period_start < usage.period_end, "{usage:?}");
    let problem = start(&ada, backend()).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::CostLimit, "{problem}");
    world.finish().await;
}

#[tokio::test]
async fn plans_are_public_and_paying_needs_to_be_set_up() {
    let mut world = world(Script::new());
    let plans = world.app().await.anonymous(HERE).billing_plans(BillingPlans {}).await.unwrap().plans;
    assert_eq!(plans.iter().map(|plan| plan.id.as_str()).collect::<Vec<_>>(), ["free", "pro", "enterprise"]);
    let ada = owner(&mut world, "ada@example.com").await;
    let status = ada.billing_status(BillingStatus {}).await.unwrap();
    assert_eq!(
        (status.plan.as_str(), status.status.as_str(), status.payments_configured),
        ("free", "active", false)
    );
    let checkout = BillingCheckout { plan: "pro".into(), success_url: None, cancel_url: None };
    let problem = ada.billing_checkout(checkout.clone()).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::Unavailable);
    assert!(problem.message.contains("STRIPE_SECRET_KEY"), "{problem}");
    world.finish().await;
}

#[tokio::test]
async fn a_checkout_needs_a_plan_a_price_and_a_way_back() {
    let mut world = world(Script::new())
        .with_env("STRIPE_SECRET_KEY", "sk_test_1")
        .with_env("STRIPE_API_BASE", "http://127.0.0.1:9");
    let ada = owner(&mut world, "ada@example.com").await;
    let check = async |plan: &str, url: Option<&str>, code: ErrorCode, expect: &str| {
        let url = url.map(str::to_owned);
        let request = BillingCheckout { plan: plan.into(), success_url: url.clone(), cancel_url: url };
        let problem = ada.billing_checkout(request).await.unwrap_err();
        assert_eq!(problem.code, code, "{problem}");
        assert!(problem.message.contains(expect), "{problem}");
    };
    let back = Some("https://app.test/");
    check("free", back, ErrorCode::InvalidRequest, "no plan \"free\" to be bought").await;
    check("platinum", back, ErrorCode::InvalidRequest, "no plan \"platinum\"").await;
    check("pro", None, ErrorCode::InvalidRequest, "success_url is missing").await;
    check("pro", Some("javascript:alert(1)"), ErrorCode::InvalidRequest, "no http or https address").await;
    check("pro", back, ErrorCode::Unavailable, "STRIPE_PRICE_PRO").await;
    world.finish().await;
}

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

#[tokio::test]
async fn a_plan_is_what_the_payment_provider_last_said() {
    let mut world = world(Script::new())
        .with_env("STRIPE_SECRET_KEY", "sk_test_1")
        .with_env("STRIPE_WEBHOOK_SECRET", "whsec_1")
        .with_env("STRIPE_PRICE_PRO", "price_pro");
    let ada = owner(&mut world, "ada@example.com").await;
    let org = ada.auth_me(AuthMe {}).await.unwrap().org_id;
    let app = world.app().await;
    for (status, created, plan) in
        [("active", 20, "pro"), ("incomplete", 10, "pro"), ("canceled", 30, "free"), ("active", 29, "free")]
    {
        let (body, signature) = event(org.as_str(), status, created);
        app.payment_event(body.as_bytes(), &signature).await.unwrap();
        assert_eq!(ada.billing_status(BillingStatus {}).await.unwrap().plan, plan, "{status} {created}");
    }
    let (body, signature) = event(org.as_str(), "active", 40);
    let forged = app.payment_event(body.replace("active", "trialing").as_bytes(), &signature).await;
    assert_eq!(forged.unwrap_err().code, ErrorCode::InvalidRequest);
    let (body, signature) = event("no-such-organisation", "active", 40);
    let problem = app.payment_event(body.as_bytes(), &signature).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::NotFound);
    world.finish().await;
}
