//! Budgets, and what was used of them.

use aios_protocol::{
    Api, BillingCheckout, BillingPlans, BillingStatus, BillingUsage, ErrorCode, PolicySpec, RunStart,
    RunStatus,
};
use aios_testkit::{Script, turn};
use serde_json::json;

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

    let generous = PolicySpec { max_cost_usd: Some(100.0), ..PolicySpec::default() };
    let failed = run(&ada, RunStart { policy: Some(generous), ..backend() }).await;
    assert_eq!(failed.status, RunStatus::Failed);
    let failure = failed.failure.unwrap();
    assert_eq!(
        (failure.code, failure.message.as_str()),
        (ErrorCode::CostLimit, "the month's budget is used up")
    );
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
