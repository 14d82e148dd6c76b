//! Which files nobody but the user sees: what usually holds secrets, and what the workspace's own ignore list names.

use std::path::Path;

use cap_std::fs::Dir;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The user's list, with the syntax of `.gitignore`. It is hidden itself: an agent that could edit it could empty it.
pub(super) const IGNORE_LIST: &str = ".aiosignore";

/// Decides which paths of a workspace are hidden.
pub(crate) struct Hidden {
    listed: Gitignore,
    /// Whether what usually holds secrets is hidden.
    secrets: bool,
}

impl Hidden {
    /// Hides nothing, from the user themselves.
    pub(crate) fn nothing() -> Self {
        Self { listed: Gitignore::empty(), secrets: false }
    }

    /// Reads the ignore list at the workspace's root, if there is one.
    pub(crate) fn load(root: &Dir) -> Result<Self, ignore::Error> {
        let lines = match root.read_to_string(IGNORE_LIST) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            read => read?,
        };
        let mut list = GitignoreBuilder::new("");
        list.case_insensitive(true)?;
        for (number, line) in (1..).zip(lines.lines()) {
            list.add_line(None, line)
                .map_err(|error| ignore::Error::WithLineNumber { line: number, err: Box::new(error) })?;
        }
        Ok(Self { listed: list.build()?, secrets: true })
    }

    /// Whether a path relative to the root is hidden, itself or through a folder above it.
    pub(crate) fn hides(&self, path: &Path, is_folder: bool) -> bool {
        self.secrets && path.iter().any(|part| part.to_str().is_some_and(holds_secrets))
            || self.listed.matched_path_or_any_parents(path, is_folder).is_ignore()
    }
}

/// Whether files of this name usually hold secrets. Case is ignored, as some disks do.
fn holds_secrets(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    if let Some(kind) = name.strip_prefix(".env.") {
        return !matches!(kind, "example" | "sample" | "template");
    }
    matches!(name.as_str(), ".env" | ".npmrc" | ".pypirc" | ".netrc" | ".git-credentials" | IGNORE_LIST)
        || name.ends_with(".pem")
        || ["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"].iter().any(|key| name.starts_with(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cap_std::ambient_authority;

    fn hidden(list: &str) -> Result<Hidden, ignore::Error> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(IGNORE_LIST), list).unwrap();
        Hidden::load(&Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap())
    }

    #[test]
    fn secrets_and_listed_paths_are_hidden() {
        let hidden = hidden("# mine\nprivate/\n*.key\n/keys/*.txt\n!public.key\n").unwrap();
        let check = |path: &str, expect: bool| {
            assert_eq!(hidden.hides(Path::new(path), false), expect, "{path}");
        };
        for path in [
            ".env",
            ".ENV",
            "a/.env.local",
            "tls/server.pem",
            "id_rsa",
            ".ssh/id_ed25519.pub",
            ".npmrc",
            "a/.netrc",
            ".env/bin/python",
            ".aiosignore",
            "private/notes.md",
            "a/private/b/c",
            "a/b.key",
            "B.KEY",
            "keys/a.txt",
        ] {
            check(path, true);
        }
        for path in [
            ".env.example",
            "env",
            "environment.py",
            "a/keys/a.txt",
            "public.key",
            "private.md",
            "pem.py",
            ".envrc",
        ] {
            check(path, false);
        }
    }

    #[test]
    fn a_broken_list_names_its_line() {
        let error = hidden("ok\n[z-a]\n").map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }
}
