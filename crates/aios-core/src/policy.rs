//! Policies: what a run may do and spend. Pure evaluation; the gate of `aios-tools` and the engine's meter ask here.

use std::time::Duration;

use aios_protocol::{DEFAULT_BLOCKED_COMMANDS, PolicySpec};

use crate::{MicroUsd, offer};

/// A policy that was checked: every number is sane and every name is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    spec: PolicySpec,
}

/// A policy that cannot be obeyed as written.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InvalidPolicy {
    /// A limit is negative or not a number.
    #[error("{key} is {value}: it must be a number of 0 or more")]
    Number {
        /// The key of the policy.
        key: &'static str,
        /// The value as written.
        value: f64,
    },
    /// A name that nothing has.
    #[error("{key} names {name:?}, which does not exist")]
    Unknown {
        /// The key of the policy.
        key: &'static str,
        /// The name as written.
        name: String,
        /// Which names there are.
        offer: String,
    },
}

const STRATEGIES: [&str; 4] = ["quality", "balanced", "cheap", "free"];

impl Policy {
    /// Checks a policy against the tools and providers that exist.
    pub fn new(spec: PolicySpec, tools: &[&str], providers: &[&str]) -> Result<Self, InvalidPolicy> {
        for (key, value) in
            [("max_cost_usd", spec.max_cost_usd), ("max_runtime_minutes", spec.max_runtime_minutes)]
        {
            if let Some(value) = value.filter(|value| !value.is_finite() || *value < 0.0) {
                return Err(InvalidPolicy::Number { key, value });
            }
        }
        let known = |key, name: &String, all: &[&str]| {
            if all.contains(&name.as_str()) {
                return Ok(());
            }
            Err(InvalidPolicy::Unknown { key, name: name.clone(), offer: offer(name, all.iter().copied()) })
        };
        known("model_strategy", &spec.model_strategy, &STRATEGIES)?;
        spec.allowed_tools.iter().try_for_each(|name| known("allowed_tools", name, tools))?;
        spec.preferred_providers.iter().try_for_each(|name| known("preferred_providers", name, providers))?;
        Ok(Self { spec })
    }

    /// The policy as it was written.
    pub fn spec(&self) -> &PolicySpec {
        &self.spec
    }

    /// Whether agents are offered this tool.
    pub fn allows_tool(&self, name: &str) -> bool {
        self.spec.allowed_tools.is_empty() || self.spec.allowed_tools.iter().any(|tool| tool == name)
    }

    /// The blocked commands, the defaults first.
    pub fn blocked_commands(&self) -> impl Iterator<Item = &str> {
        DEFAULT_BLOCKED_COMMANDS.into_iter().chain(self.spec.blocked_commands.iter().map(String::as_str))
    }

    /// The cost limit, if there is one.
    pub fn max_cost(&self) -> Option<MicroUsd> {
        self.spec.max_cost_usd.map(MicroUsd::from_usd)
    }

    /// The time limit, if there is one.
    pub fn max_runtime(&self) -> Option<Duration> {
        self.spec.max_runtime_minutes.and_then(|minutes| Duration::try_from_secs_f64(minutes * 60.0).ok())
    }

    /// The same policy with limits that are at most these; a looser wish changes nothing.
    #[must_use]
    pub fn tightened(mut self, max_cost_usd: Option<f64>, max_minutes: Option<f64>) -> Self {
        let least = |a: Option<f64>, b: Option<f64>| a.into_iter().chain(b).reduce(f64::min);
        self.spec.max_cost_usd = least(self.spec.max_cost_usd, max_cost_usd);
        self.spec.max_runtime_minutes = least(self.spec.max_runtime_minutes, max_minutes);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOOLS: [&str; 3] = ["write_file", "read_file", "run_command"];

    #[test]
    fn names_and_numbers_are_checked() {
        let check = |edit: fn(&mut PolicySpec), expect: &str| {
            let mut spec = PolicySpec::default();
            edit(&mut spec);
            let said = Policy::new(spec, &TOOLS, &["openai", "groq"]).err().map(|error| error.to_string());
            assert_eq!(said.unwrap_or_default(), expect);
        };
        check(|_| {}, "");
        check(|spec| spec.max_cost_usd = Some(-1.0), "max_cost_usd is -1: it must be a number of 0 or more");
        check(
            |spec| spec.max_runtime_minutes = Some(f64::NAN),
            "max_runtime_minutes is NaN: it must be a number of 0 or more",
        );
        check(
            |spec| spec.allowed_tools = vec!["write_fil".into()],
            "allowed_tools names \"write_fil\", which does not exist",
        );
        check(
            |spec| spec.preferred_providers = vec!["opnai".into()],
            "preferred_providers names \"opnai\", which does not exist",
        );
    }

    #[test]
    fn a_limit_is_only_ever_tightened() {
        let policy = |limit| {
            Policy::new(PolicySpec { max_cost_usd: limit, ..PolicySpec::default() }, &TOOLS, &[]).unwrap()
        };
        assert_eq!(policy(Some(1.0)).tightened(Some(5.0), None).max_cost(), Some(MicroUsd(1_000_000)));
        assert_eq!(policy(Some(1.0)).tightened(Some(0.5), None).max_cost(), Some(MicroUsd(500_000)));
        assert_eq!(policy(None).tightened(Some(0.0), Some(2.0)).max_cost(), Some(MicroUsd(0)));
        assert_eq!(policy(None).tightened(None, None).max_cost(), None);
    }

    #[test]
    fn the_default_blocks_stay_whatever_is_added() {
        let spec = PolicySpec { blocked_commands: vec!["curl".into()], ..PolicySpec::default() };
        let policy = Policy::new(spec, &TOOLS, &[]).unwrap();
        assert_eq!(policy.blocked_commands().collect::<Vec<_>>(), ["rm -rf /", "sudo", "shutdown", "curl"]);
    }
}
