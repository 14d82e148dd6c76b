//! Which weights there are, where their bytes come from, and how to know that they are right.

use serde::Deserialize;

/// The weights that can be pulled.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// Base address of the hub that serves the publishers' files.
    pub hub: String,
    /// All entries; for each purpose, the first is the default.
    pub weights: Vec<Weights>,
}

/// One file of weights.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Full name, and the file's name without its extension.
    pub id: String,
    /// The name people type.
    pub alias: String,
    /// What it is good for here.
    pub purpose: Purpose,
    /// SPDX name of its licence.
    pub licence: String,
    /// Size of the file.
    pub bytes: u64,
    /// SHA-256 of the file, in lower-case hexadecimal.
    pub sha256: String,
    /// The publisher's file.
    pub hub: HubFile,
    /// The same bytes in parts, for machines that reach a package index only.
    pub wheels: Option<Wheels>,
}

/// What weights are good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Agents' work.
    Run,
    /// Completion while typing.
    Tab,
}

/// A file on the hub, at a fixed revision.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HubFile {
    /// Owner and name.
    pub repo: String,
    /// Name in the repository.
    pub file: String,
    /// A commit, so that the bytes never change.
    pub revision: String,
}

/// A file cut into numbered Python wheels.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wheels {
    /// Package name with `{n}` for the part's number, counted from 1.
    pub package: String,
    /// Version of every part.
    pub version: String,
    /// Number of parts.
    pub count: u32,
    /// Bytes of the file in each part but the last.
    pub part_bytes: u64,
    /// More arguments for `pip download`, such as another index.
    #[serde(default)]
    pub pip_args: Vec<String>,
}

impl Catalogue {
    /// The catalogue that ships with the product.
    pub fn builtin() -> Self {
        #[expect(clippy::expect_used, reason = "the text is part of this executable, and a test parses it")]
        Self::parse(include_str!("catalogue.toml")).expect("the built-in catalogue is valid")
    }

    /// Reads a catalogue in the form of the built-in one.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Finds weights by id or alias.
    pub fn find(&self, name: &str) -> Option<&Weights> {
        self.weights.iter().find(|weights| weights.id == name || weights.alias == name)
    }

    /// The default weights for a purpose.
    pub fn default_for(&self, purpose: Purpose) -> Option<&Weights> {
        self.weights.iter().find(|weights| weights.purpose == purpose)
    }
}

impl HubFile {
    /// Its address below the hub's base address.
    pub fn url(&self, hub: &str) -> String {
        format!("{}/{}/resolve/{}/{}", hub.trim_end_matches('/'), self.repo, self.revision, self.file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_catalogue_is_sound() {
        let catalogue = Catalogue::builtin();
        for weights in &catalogue.weights {
            assert_eq!(catalogue.find(&weights.id), Some(weights));
            assert_eq!(catalogue.find(&weights.alias), Some(weights));
            assert_eq!(weights.sha256.len(), 64);
            assert!(weights.sha256.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()));
            assert_eq!(weights.hub.revision.len(), 40, "a commit, not a branch");
            let wheels = weights.wheels.as_ref().unwrap();
            assert!(wheels.package.contains("{n}"));
            assert_eq!(weights.bytes.div_ceil(wheels.part_bytes), u64::from(wheels.count));
        }
        assert!(catalogue.default_for(Purpose::Run).is_some());
        assert!(catalogue.default_for(Purpose::Tab).is_some());
        assert_eq!(catalogue.find("qwen"), None);
    }

    #[test]
    fn addresses_are_joined_without_doubling_slashes() {
        let file = HubFile { repo: "o/r".into(), file: "f.gguf".into(), revision: "abc".into() };
        for hub in ["http://h", "http://h/"] {
            assert_eq!(file.url(hub), "http://h/o/r/resolve/abc/f.gguf");
        }
    }
}
