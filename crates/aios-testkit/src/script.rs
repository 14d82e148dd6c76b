//! What a scripted model says, to whom, and what it complained about.

use std::collections::{BTreeMap, VecDeque};

use crate::Turn;

/// The replies of a scripted model: for each agent, or simply in order.
#[derive(Debug, Clone, Default)]
pub struct Script {
    agents: BTreeMap<String, VecDeque<Turn>>,
    others: VecDeque<Turn>,
    always: Option<Turn>,
    secrets: Vec<String>,
}

impl Script {
    /// A script without a reply.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replies to this agent, which is known by the words `You are the <agent> agent` in its system prompt. Further
    /// calls for the same agent add to its replies.
    #[must_use]
    pub fn agent(mut self, agent: &str, turns: impl IntoIterator<Item = Turn>) -> Self {
        self.agents.entry(agent.to_lowercase()).or_default().extend(turns);
        self
    }

    /// Replies to whoever asks and has no replies of its own, in order.
    #[must_use]
    pub fn turns(mut self, turns: impl IntoIterator<Item = Turn>) -> Self {
        self.others.extend(turns);
        self
    }

    /// The reply to everything that nothing else answers.
    #[must_use]
    pub fn always(mut self, turn: Turn) -> Self {
        self.always = Some(turn);
        self
    }

    /// A text that no request may contain.
    #[must_use]
    pub fn secret(mut self, canary: impl Into<String>) -> Self {
        self.secrets.push(canary.into());
        self
    }

    fn next(&mut self, agent: Option<&str>) -> Option<Turn> {
        let own = agent.and_then(|agent| self.agents.get_mut(agent));
        own.unwrap_or(&mut self.others).pop_front().or_else(|| self.always.clone())
    }
}

/// Plays a script and keeps account of what was wrong with the requests.
#[derive(Debug)]
pub(crate) struct Play {
    script: Script,
    requests: usize,
    calls: usize,
    violations: Vec<String>,
}

impl Play {
    pub(crate) fn new(script: Script) -> Self {
        Self { script, requests: 0, calls: 0, violations: Vec::new() }
    }

    /// The reply to a request of this agent in which `wrong` was found; the error is the text for the asker.
    pub(crate) fn answer(&mut self, agent: Option<&str>, mut wrong: Vec<String>) -> Result<Turn, String> {
        self.requests += 1;
        if wrong.is_empty() {
            match self.script.next(agent) {
                Some(turn) => return Ok(turn),
                None => wrong.push("the script has no reply left for it".into()),
            }
        }
        let who = agent.unwrap_or("no agent");
        let lines = wrong.iter().map(|what| format!("request {} ({who}): {what}", self.requests));
        self.violations.extend(lines);
        Err(wrong.join("; "))
    }

    /// A number for the next tool call, unique within this play.
    pub(crate) fn next_call(&mut self) -> usize {
        self.calls += 1;
        self.calls
    }

    /// Adds a complaint if a text of the request holds a secret.
    pub(crate) fn find_secrets<'a>(&self, texts: impl Iterator<Item = &'a str>, wrong: &mut Vec<String>) {
        for text in texts {
            let found = self.script.secrets.iter().filter(|secret| text.contains(secret.as_str()));
            wrong.extend(found.map(|secret| format!("the secret {secret:?} is in a prompt")));
        }
    }

    /// What a test must fail with, if anything; `whole` asks for every reply to have been used.
    pub(crate) fn verdict(&self, whole: bool) -> Option<String> {
        let mut lines = self.violations.clone();
        if whole {
            let queues = self.script.agents.iter().map(|(agent, turns)| (agent.as_str(), turns));
            let queues = queues.chain([("nobody in particular", &self.script.others)]);
            let left = queues.filter(|(_, turns)| !turns.is_empty());
            lines.extend(
                left.map(|(agent, turns)| format!("{} replies for {agent} were not asked for", turns.len())),
            );
        }
        (!lines.is_empty())
            .then(|| format!("the scripted model was not asked as it should be:\n  {}", lines.join("\n  ")))
    }
}

/// The agent that a system prompt is written for.
pub(crate) fn agent_of(system: &str) -> Option<String> {
    let (_, after) = system.split_once("You are the ")?;
    let (agent, _) = after.split_once(" agent")?;
    (!agent.contains('\n')).then(|| agent.to_lowercase())
}
