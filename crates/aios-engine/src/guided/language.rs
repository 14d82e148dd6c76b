//! What the harness knows of the languages that it leads a small model in. Pure.

use serde::Deserialize;

/// A language that product files are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Language {
    Python,
    JavaScript,
    Html,
    Other,
}

impl Language {
    /// The language of a file, by its name.
    pub(super) fn of(path: &str) -> Self {
        match path.rsplit_once('.').map(|(_, ending)| ending) {
            Some("py") => Self::Python,
            Some("mjs" | "js" | "cjs") => Self::JavaScript,
            Some("html" | "htm") => Self::Html,
            _ => Self::Other,
        }
    }

    /// Whether a path names a file in this language.
    pub(super) fn owns(self, path: &str) -> bool {
        path.contains('.') && Self::of(path) == self
    }

    /// Whether files of it fall into units that can be replaced one by one.
    pub(super) fn has_units(self) -> bool {
        matches!(self, Self::Python | Self::JavaScript)
    }

    /// The word after the opening fence.
    pub(super) fn fence(self, path: &str) -> String {
        match self {
            Self::Python => "python".into(),
            Self::JavaScript => "javascript".into(),
            Self::Html => "html".into(),
            Self::Other => path.rsplit_once('.').map_or("text", |(_, ending)| ending).to_owned(),
        }
    }

    /// Where the tests of a product file stand; nothing where the harness has no runner.
    pub(super) fn test_path(self, product: &str) -> Option<String> {
        let (folder, name) = match product.rsplit_once('/') {
            Some((folder, name)) => (format!("{folder}/"), name),
            None => (String::new(), product),
        };
        let stem = name.split('.').next().unwrap_or(name);
        match self {
            Self::Python | Self::Html => Some(format!("{folder}test_{}.py", stem.replace('-', "_"))),
            Self::JavaScript => {
                let ending = name.rsplit_once('.').map_or("mjs", |(_, ending)| ending);
                Some(format!("{folder}{stem}.test.{ending}"))
            }
            Self::Other => None,
        }
    }

    /// The line that imports names from a product file into a test beside it.
    pub(super) fn import(self, product: &str, names: &[&str]) -> String {
        let stem = product.rsplit_once('.').map_or(product, |(stem, _)| stem);
        match self {
            Self::JavaScript => {
                let name = product.rsplit('/').next().unwrap_or(product);
                format!("import {{ {} }} from './{name}';", names.join(", "))
            }
            _ => format!("from {} import {}", stem.rsplit('/').next().unwrap_or(stem), names.join(", ")),
        }
    }
}
