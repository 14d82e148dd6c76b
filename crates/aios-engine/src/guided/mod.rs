//! Leads a small model to a tested project, step by step.
//!
//! A small model writes a good function and a bad project. So the harness plans, asks for one small thing at a time,
//! forces its first lines, tries what comes before it is written, and draws again where something speaks against it. What
//! is a matter of rule is data (`data/*.toml`) and pure functions; the model and the sandbox are asked by `planner`,
//! `builder`, `testing` and `documents` only. Knows nothing of providers, and nothing of any particular objective.

mod ask;
mod builder;
mod claims;
mod contract;
mod documents;
mod grammar;
mod judge;
mod jury;
mod kinds;
mod language;
mod mend;
mod objective;
mod outcome;
mod planner;
mod probe;
mod prompts;
mod repair;
mod reply;
mod slots;
mod testing;
mod units;

use crate::agent::NodeContext;
use crate::graph::Checks;
use crate::run::NodeFault;
use prompts::Setting;

/// Does one attempt of one node's work; answers a summary for the other agents and the user.
pub(crate) async fn work(cx: &NodeContext) -> Result<String, NodeFault> {
    let hints = [cx.hints.trim(), cx.rules.trim()].into_iter().filter(|text| !text.is_empty());
    let setting = Setting { objective: cx.objective.clone(), hints: hints.collect::<Vec<_>>().join("\n") };
    match cx.role.checks {
        Checks::Contract => planner::work(cx, &setting).await,
        // Containers are text to us: nothing here can try them.
        Checks::Code if cx.agent.as_str() == "devops" => documents::work(cx, &setting).await,
        Checks::Code => builder::work(cx, &setting).await,
        Checks::Tests => testing::work(cx, &setting).await,
        Checks::Text => documents::work(cx, &setting).await,
    }
}
