//! Files that a trusted program reads later and obeys: an agent writes them only with the person's leave.

use aios_core::WorkspacePath;

/// Folders whose every file is obeyed by some program, and files that are.
const PROTECTED: [(&str, &str); 27] = [
    (".git", "steers git, which runs outside the sandbox"),
    (".gitmodules", "steers git, which runs outside the sandbox"),
    (".vscode", "steers the editor, which runs outside the sandbox"),
    (".idea", "steers the editor, which runs outside the sandbox"),
    (".zed", "steers the editor, which runs outside the sandbox"),
    (".cursor", "steers coding agents, which run outside the sandbox"),
    (".claude", "steers coding agents, which run outside the sandbox"),
    (".codex", "steers coding agents, which run outside the sandbox"),
    (".gemini", "steers coding agents, which run outside the sandbox"),
    (".mcp.json", "starts programs outside the sandbox"),
    (".aios", "holds this product's own settings"),
    (".cesaflow", "holds this product's own settings"),
    (".envrc", "is run by the shell"),
    (".profile", "is run by the shell"),
    (".bash_profile", "is run by the shell"),
    (".bash_login", "is run by the shell"),
    (".bash_logout", "is run by the shell"),
    (".bashrc", "is run by the shell"),
    (".bash_aliases", "is run by the shell"),
    (".zshrc", "is run by the shell"),
    (".zshenv", "is run by the shell"),
    (".zprofile", "is run by the shell"),
    (".zlogin", "is run by the shell"),
    (".zlogout", "is run by the shell"),
    (".kshrc", "is run by the shell"),
    (".gitconfig", "steers git, which runs outside the sandbox"),
    (".ssh", "steers ssh, which runs outside the sandbox"),
];

/// Why writing this file needs leave; nothing when it does not. Holds at any depth, whether the file exists or not, and
/// for names that a forgiving file system takes for the same: other case, dots or blanks at the end, invisible characters.
pub(super) fn reason(path: &WorkspacePath) -> Option<&'static str> {
    path.as_str().split('/').find_map(|part| {
        let name = folded(part);
        PROTECTED.iter().find(|(protected, _)| *protected == name).map(|(_, reason)| *reason)
    })
}

/// A name as Windows and macOS compare it.
fn folded(part: &str) -> String {
    let visible = part.chars().filter(|c| !is_ignored(*c));
    let name: String = visible.flat_map(char::to_lowercase).collect();
    // NTFS: `name:stream` and `name::$DATA` open the same file.
    let name = name.split(':').next().unwrap_or_default();
    let name = name.trim_end_matches(['.', ' ']);
    // NTFS: the short name of `.git`.
    if name == "git~1" { ".git".into() } else { name.to_owned() }
}

/// Characters that HFS+ leaves out when it compares names.
fn is_ignored(c: char) -> bool {
    matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protected_names_are_known_in_any_spelling() {
        let check = |path: &str, expect: bool| {
            assert_eq!(reason(&WorkspacePath::new(path).unwrap()).is_some(), expect, "{path}");
        };
        for path in [
            ".git/hooks/pre-commit",
            ".git/config",
            ".GIT/Hooks/post-checkout",
            "vendor/lib/.git/config",
            ".vscode/tasks.json",
            ".VSCode/settings.json",
            ".idea/workspace.xml",
            ".mcp.json",
            ".MCP.JSON",
            ".bashrc",
            "home/.zshrc",
            ".git./config",
            ".git /config",
            ".g\u{200c}it/config",
            "git~1/config",
            ".git::$INDEX_ALLOCATION/config",
            ".aios/policy.toml",
        ] {
            check(path, true);
        }
        for path in [
            ".gitignore",
            ".github/workflows/ci.yml",
            "src/git/config",
            "git",
            "mcp.json",
            "vscode/x",
            "a.git/b",
        ] {
            check(path, false);
        }
    }
}
