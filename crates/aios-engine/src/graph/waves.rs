//! Waves: which agents may run together.

use std::collections::BTreeMap;

use aios_core::offer;
use aios_protocol::AgentName;

use super::{Catalogue, Persona, PersonaKind, Role};

/// The nodes of a run, wave by wave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    /// The name of the persona or hierarchy.
    pub persona: String,
    /// The nodes, by wave and then in the persona's order.
    pub nodes: Vec<GraphNode>,
}

/// One agent's place in the graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphNode {
    /// The agent.
    pub agent: AgentName,
    /// Its wave, counted from 1.
    pub wave: usize,
    /// Whom it waits for.
    pub needs: Vec<AgentName>,
}

/// A graph that cannot be built as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// No persona, hierarchy or agent has this name.
    #[error("there is no {kind} {name:?}")]
    Unknown {
        /// `persona`, `hierarchy` or `agent`.
        kind: &'static str,
        /// The name as given.
        name: String,
        /// Which names there are.
        offer: String,
    },
    /// The data lets agents wait for each other in a circle.
    #[error("these agents wait for each other: {0}")]
    Cycle(String),
}

/// Builds the graph of a persona or hierarchy; `tasks`, when not empty, selects its agents and may name other roles.
pub fn graph(
    catalogue: &Catalogue,
    kind: PersonaKind,
    name: &str,
    tasks: &[String],
) -> Result<Graph, GraphError> {
    let persona = find_persona(catalogue, kind, name)?;
    let mut chosen: Vec<&str> = Vec::new();
    for task in tasks {
        let Some((role, _)) = catalogue.roles.get_key_value(task.trim()) else {
            let names = catalogue.roles.keys().map(String::as_str);
            return Err(unknown("agent", task, names.collect()));
        };
        if !chosen.contains(&role.as_str()) {
            chosen.push(role);
        }
    }
    let agents: Vec<&str> = if chosen.is_empty() {
        persona.agents.iter().map(String::as_str).collect()
    } else {
        // The persona's order first, then roles that it does not have.
        let own = persona.agents.iter().map(String::as_str).filter(|agent| chosen.contains(agent));
        let extra = chosen.iter().copied().filter(|agent| !persona.agents.iter().any(|own| own == agent));
        own.chain(extra).collect()
    };
    Ok(Graph { persona: name.to_owned(), nodes: plan(&catalogue.roles, &agents)? })
}

fn find_persona<'a>(
    catalogue: &'a Catalogue,
    kind: PersonaKind,
    name: &str,
) -> Result<&'a Persona, GraphError> {
    catalogue.personas.get(name).filter(|persona| persona.kind == kind).ok_or_else(|| {
        let (word, other) = match kind {
            PersonaKind::Persona => ("persona", "hierarchy"),
            PersonaKind::Hierarchy => ("hierarchy", "persona"),
        };
        if catalogue.personas.contains_key(name) {
            let offer = format!("it is a {other}: --{other} {name}");
            return GraphError::Unknown { kind: word, name: name.to_owned(), offer };
        }
        unknown(word, name, catalogue.names(kind).collect())
    })
}

fn unknown(kind: &'static str, name: &str, all: Vec<&str>) -> GraphError {
    GraphError::Unknown { kind, name: name.chars().take(80).collect(), offer: offer(name, all) }
}

/// Puts agents into waves: an agent's wave is one more than the latest of those it waits for.
fn plan(roles: &BTreeMap<String, Role>, agents: &[&str]) -> Result<Vec<GraphNode>, GraphError> {
    let needs_of = |agent: &str| -> Vec<&str> {
        let after = roles.get(agent).map(|role| role.after.as_slice()).unwrap_or_default();
        after.iter().map(String::as_str).filter(|other| agents.contains(other)).collect()
    };
    let mut waves: BTreeMap<&str, usize> = BTreeMap::new();
    while waves.len() < agents.len() {
        let ready: Vec<(&str, usize)> = agents
            .iter()
            .filter(|agent| !waves.contains_key(*agent))
            .filter_map(|agent| {
                let latest = needs_of(agent)
                    .iter()
                    .map(|need| waves.get(need).copied())
                    .collect::<Option<Vec<_>>>()?;
                Some((*agent, latest.into_iter().max().unwrap_or(0) + 1))
            })
            .collect();
        if ready.is_empty() {
            let stuck: Vec<&str> =
                agents.iter().filter(|agent| !waves.contains_key(*agent)).copied().collect();
            return Err(GraphError::Cycle(stuck.join(", ")));
        }
        waves.extend(ready);
    }
    let name = |agent: &str| AgentName::new(agent).map_err(|_| unknown("agent", agent, Vec::new()));
    let mut nodes = agents
        .iter()
        .map(|agent| {
            let needs = needs_of(agent).into_iter().map(name).collect::<Result<_, _>>()?;
            Ok(GraphNode { agent: name(agent)?, wave: waves.get(agent).copied().unwrap_or(1), needs })
        })
        .collect::<Result<Vec<_>, GraphError>>()?;
    nodes.sort_by_key(|node| node.wave);
    Ok(nodes)
}

#[cfg(test)]
mod tests {
    use super::super::catalogue;
    use super::*;

    fn show(kind: PersonaKind, name: &str, tasks: &[&str]) -> String {
        let tasks: Vec<String> = tasks.iter().map(ToString::to_string).collect();
        match graph(catalogue(), kind, name, &tasks) {
            Err(error) => format!("{error}: {error:?}"),
            Ok(graph) => {
                let waves = graph.nodes.iter().map(|node| node.wave).max().unwrap_or(0);
                (1..=waves)
                    .map(|wave| {
                        let agents = graph.nodes.iter().filter(|node| node.wave == wave);
                        agents.map(|node| node.agent.to_string()).collect::<Vec<_>>().join("+")
                    })
                    .collect::<Vec<_>>()
                    .join(" > ")
            }
        }
    }

    #[test]
    fn personas_and_hierarchies_become_waves() {
        use PersonaKind::{Hierarchy, Persona};
        let check = |kind, name, expect: &str| assert_eq!(show(kind, name, &[]), expect, "{name}");
        check(Persona, "fullstack", "planner > backend+frontend > qa");
        check(Persona, "api_only", "planner > backend > qa");
        check(Persona, "data_pipeline", "planner > backend > qa");
        check(Persona, "saas_starter", "planner > backend+frontend > qa");
        check(Persona, "microservice", "planner > backend > qa > devops");
        check(Hierarchy, "standard", "planner > backend+frontend > qa");
        check(Hierarchy, "enterprise", "ceo > cto > backend+frontend > qa");
        check(Hierarchy, "with_devops", "planner > backend+frontend > qa > devops");
    }

    #[test]
    fn tasks_select_agents_and_may_add_roles() {
        let check = |tasks: &[&str], expect: &str| {
            assert_eq!(show(PersonaKind::Persona, "fullstack", tasks), expect, "{tasks:?}");
        };
        check(&["qa", "backend"], "backend > qa");
        check(&["backend", "backend"], "backend");
        check(&["backend", "devops"], "backend > devops");
        check(&["growth"], "growth");
    }

    #[test]
    fn unknown_names_come_with_the_nearest() {
        assert!(show(PersonaKind::Persona, "fulstack", &[]).contains("did you mean fullstack?"));
        assert!(show(PersonaKind::Persona, "enterprise", &[]).contains("there is no persona"));
        assert!(show(PersonaKind::Persona, "fullstack", &["bakend"]).contains("did you mean backend?"));
    }

    #[test]
    fn a_circle_is_refused() {
        let role = |after: &str| Role {
            title: String::new(),
            level: None,
            after: vec![after.to_owned()],
            delegates_to: Vec::new(),
            checks: super::super::Checks::Text,
            mission: String::new(),
        };
        let roles = BTreeMap::from([("a".to_owned(), role("b")), ("b".to_owned(), role("a"))]);
        assert_eq!(plan(&roles, &["a", "b"]), Err(GraphError::Cycle("a, b".into())));
    }
}
