//! Files that a trusted program reads later and obeys. The one list of them: the gate lets an agent write them only with
//! the person's leave, and the sandbox shows them to commands read-only.

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

/// Why a file or folder of this name is protected, at any depth; nothing when it is not. Holds whether it exists or not,
/// and for names that a forgiving file system takes for the same: other case, dots or blanks at the end, invisible
/// characters.
pub fn protected(name: &str) -> Option<&'static str> {
    let name = folded(name);
    PROTECTED.iter().find(|(protected, _)| *protected == name).map(|(_, reason)| *reason)
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
        for name in [
            ".git",
            ".GIT",
            ".vscode",
            ".VSCode",
            ".idea",
            ".mcp.json",
            ".MCP.JSON",
            ".bashrc",
            ".zshrc",
            ".git.",
            ".git ",
            ".g\u{200c}it",
            "git~1",
            ".git::$INDEX_ALLOCATION",
            ".aios",
        ] {
            assert!(protected(name).is_some(), "{name}");
        }
        for name in [".gitignore", ".github", "git", "mcp.json", "vscode", "a.git", ""] {
            assert_eq!(protected(name), None, "{name}");
        }
    }
}
