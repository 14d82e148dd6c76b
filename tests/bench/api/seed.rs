//! An organisation with many stored runs and as many keys as a person may have.

use std::path::Path;

use aios_core::{RunStore, Scope};
use aios_protocol::{AgentName, KeyCreated, Registered, RunStatus};
use aios_store::SqliteStore;
use aios_testkit::store_suite::{at, run};
use serde_json::{Value, json};

use super::client::{Client, request};
use super::served::Served;

/// Besides the one that comes with the account.
const KEYS: usize = 48;

pub(super) struct Account {
    scope: Scope,
    pub(super) keys: Vec<String>,
}

impl Account {
    pub(super) async fn register(served: &Served) -> Self {
        let mut client = Client::connect(served.address).await;
        let mut create = async |key: &str, path: &str, body: Value| {
            let request = request(served.address, key, "POST", path, Some(body));
            serde_json::from_slice::<Value>(client.ask(&request).await).unwrap()
        };
        let person = json!({ "email": "ada@example.org", "password": "a long password" });
        let account = create(&served.key, "/api/v1/auth/register", person).await;
        let account: Registered = serde_json::from_value(account).unwrap();
        let mut keys = Vec::new();
        for number in 0..KEYS {
            let name = json!({ "name": format!("client {number}") });
            let key = create(account.api_key.expose(), "/api/v1/auth/keys", name).await;
            let key: KeyCreated = serde_json::from_value(key).unwrap();
            keys.push(key.api_key.expose().to_owned());
        }
        Self { scope: Scope { org: account.org_id, user: account.user_id }, keys }
    }
}

/// Stores finished runs of four agents each, while no server is at work.
pub(super) async fn store(home: &Path, account: &Account, count: usize) {
    let store = SqliteStore::open(&home.join("aios.db")).unwrap();
    for number in 0..count {
        let mut run = run(&format!("Build a calculator, number {number}, with tests"));
        (run.status, run.failure, run.ended_at) = (RunStatus::Completed, None, Some(at(90)));
        let node = run.nodes[0].clone();
        run.nodes = ["planner", "backend", "frontend", "qa"]
            .map(|agent| aios_protocol::NodeView { agent: AgentName::new(agent).unwrap(), ..node.clone() })
            .into();
        store.create(&account.scope, &run).await.unwrap();
    }
}
