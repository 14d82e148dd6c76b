//! Paths within a workspace, as models and user interfaces name them.

use std::fmt;
use std::path::Path;

/// A relative path of a workspace with `/` between its parts; it cannot name anything above the root.
///
/// Lexical only: symbolic links are the adapter's business, which opens everything beneath a directory handle.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WorkspacePath(String);

/// A text that is not a path of the workspace. The message is written for models and people alike.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a path in the workspace: {reason}")]
pub struct InvalidPath {
    text: String,
    reason: &'static str,
}

impl WorkspacePath {
    /// Parses a path as a model writes it: `./` and doubled slashes are forgiven, leaving the workspace is not.
    pub fn new(text: &str) -> Result<Self, InvalidPath> {
        let refuse = |reason| InvalidPath { text: text.chars().take(120).collect(), reason };
        if text.contains('\0') || text.chars().any(char::is_control) {
            return Err(refuse("it contains a control character"));
        }
        if text.contains('\\') {
            return Err(refuse("use / between folders"));
        }
        if text.starts_with('/') || text.starts_with('~') {
            return Err(refuse("it must be relative to the workspace root, such as src/main.py"));
        }
        if text.as_bytes().get(1) == Some(&b':') && text.as_bytes()[0].is_ascii_alphabetic() {
            return Err(refuse("drive letters are not allowed; it must be relative to the workspace root"));
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => return Err(refuse("it must not contain '..'")),
                part if part.len() > 255 => return Err(refuse("a name is longer than 255 bytes")),
                part => parts.push(part),
            }
        }
        if parts.is_empty() {
            return Err(refuse("it names no file"));
        }
        let path = parts.join("/");
        if path.len() > 1024 {
            return Err(refuse("it is longer than 1024 bytes"));
        }
        Ok(Self(path))
    }

    /// The normal form: no leading `./`, single slashes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same, as a relative `Path`.
    pub fn as_path(&self) -> &Path {
        Path::new(&self.0)
    }

    /// The last part.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// What follows the last dot of the file name, if anything.
    pub fn extension(&self) -> Option<&str> {
        self.file_name().rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, extension)| extension)
    }

    /// The folder that holds it; nothing at the root.
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('/').map(|(parent, _)| Self(parent.to_owned()))
    }
}

impl fmt::Display for WorkspacePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_are_normalised_or_refused() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(WorkspacePath::new(text).ok().as_ref().map(WorkspacePath::as_str), expect, "{text:?}");
        };
        check("main.py", Some("main.py"));
        check("./src//app/main.py", Some("src/app/main.py"));
        check("src/", Some("src"));
        for bad in
            ["", ".", "/", "/etc/passwd", "../x", "a/../../b", "a\\b", "C:\\x", "c:x", "~/x", "a\0b", "a\nb"]
        {
            check(bad, None);
        }
        check(&"x".repeat(256), None);
    }

    #[test]
    fn parts_of_a_path() {
        let path = WorkspacePath::new("src/app/main.test.js").unwrap();
        assert_eq!((path.file_name(), path.extension()), ("main.test.js", Some("js")));
        assert_eq!(path.parent().unwrap().as_str(), "src/app");
        assert_eq!(WorkspacePath::new(".gitignore").unwrap().extension(), None);
    }

    proptest! {
        #[test]
        fn no_text_escapes(text in "[a./~\\\\:\\x00-\\x1f -é]{0,40}") {
            if let Ok(path) = WorkspacePath::new(&text) {
                let joined = Path::new("/root/ws").join(path.as_path());
                prop_assert!(joined.starts_with("/root/ws"));
                prop_assert!(joined.components().all(|part| part != std::path::Component::ParentDir));
                prop_assert_eq!(WorkspacePath::new(path.as_str()).unwrap(), path);
            }
        }
    }
}
