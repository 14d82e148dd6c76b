//! Roles, personas and hierarchies, read from the data files.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// An agent's job.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// What people call it.
    pub title: String,
    /// Rank in the hierarchies: 0 leads. The planner stands outside of them.
    pub level: Option<u8>,
    /// Whom it waits for, where they are part of the run.
    pub after: Vec<String>,
    /// To whom it delegates.
    #[serde(default)]
    pub delegates_to: Vec<String>,
    /// What the harness demands of its work.
    pub checks: Checks,
    /// What it is told to do.
    pub mission: String,
}

/// What the harness demands of a node before it counts as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checks {
    /// The contract files exist and parse.
    Contract,
    /// Its files parse, and tests pass where there are any.
    Code,
    /// Tests exist and pass.
    Tests,
    /// It wrote something.
    Text,
}

/// Which agents take part in a run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Persona {
    /// How it is chosen.
    pub kind: PersonaKind,
    /// What people call it.
    pub title: String,
    /// Its agents.
    pub agents: Vec<String>,
    /// What every agent of it is told besides the objective.
    pub hints: String,
}

/// How a persona is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonaKind {
    /// By `--persona`.
    Persona,
    /// By `--hierarchy`.
    Hierarchy,
}

/// All roles and personas, by name.
#[derive(Debug)]
pub struct Catalogue {
    /// The roles.
    pub roles: BTreeMap<String, Role>,
    /// The personas and hierarchies.
    pub personas: BTreeMap<String, Persona>,
}

impl Catalogue {
    /// The names of the personas of one kind.
    pub fn names(&self, kind: PersonaKind) -> impl Iterator<Item = &str> {
        self.personas.iter().filter(move |(_, persona)| persona.kind == kind).map(|(name, _)| name.as_str())
    }
}

/// The catalogue, parsed at first use. The data is part of the build, and a test parses it.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| Catalogue {
        roles: toml::from_str(include_str!("../../data/roles.toml")).unwrap_or_default(),
        personas: toml::from_str(include_str!("../../data/personas.toml")).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_is_whole() {
        let roles: BTreeMap<String, Role> = toml::from_str(include_str!("../../data/roles.toml")).unwrap();
        let personas: BTreeMap<String, Persona> =
            toml::from_str(include_str!("../../data/personas.toml")).unwrap();
        let ranked: Vec<_> =
            roles.iter().filter_map(|(name, role)| role.level.map(|level| (level, name.as_str()))).collect();
        assert_eq!(ranked.len(), 7, "seven roles have a rank");
        for name in personas.values().flat_map(|persona| &persona.agents) {
            assert!(roles.contains_key(name), "{name} has no role");
        }
        for name in roles.values().flat_map(|role| role.after.iter().chain(&role.delegates_to)) {
            assert!(roles.contains_key(name), "{name} has no role");
        }
        let catalogue = catalogue();
        assert_eq!(
            catalogue.names(PersonaKind::Persona).collect::<Vec<_>>(),
            ["api_only", "data_pipeline", "fullstack", "microservice", "saas_starter"]
        );
        assert_eq!(
            catalogue.names(PersonaKind::Hierarchy).collect::<Vec<_>>(),
            ["enterprise", "standard", "with_devops"]
        );
    }
}
