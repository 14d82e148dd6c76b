//! The language servers that are known, and how they are called.

/// A group of languages and the servers for it, the best first.
#[derive(Debug)]
pub struct KnownServer {
    /// As the protocol names languages.
    pub languages: &'static [&'static str],
    /// The programs that may be installed, with their arguments.
    pub programs: &'static [(&'static str, &'static [&'static str])],
    /// How the first is installed.
    pub install: &'static str,
}

/// All groups.
pub const SERVERS: &[KnownServer] = &[
    KnownServer {
        languages: &["rust"],
        programs: &[("rust-analyzer", &[])],
        install: "rustup component add rust-analyzer",
    },
    KnownServer {
        languages: &["python"],
        programs: &[
            ("pyright-langserver", &["--stdio"]),
            ("basedpyright-langserver", &["--stdio"]),
            ("pylsp", &[]),
        ],
        install: "pip install pyright, or npm install -g pyright",
    },
    KnownServer {
        languages: &["typescript", "typescriptreact", "javascript", "javascriptreact"],
        programs: &[("typescript-language-server", &["--stdio"])],
        install: "npm install -g typescript typescript-language-server",
    },
    KnownServer {
        languages: &["go"],
        programs: &[("gopls", &[])],
        install: "go install golang.org/x/tools/gopls@latest",
    },
    KnownServer {
        languages: &["c", "cpp", "objective-c", "objective-cpp"],
        programs: &[("clangd", &[])],
        install: "install clangd with your system's packages, for example apt-get install clangd",
    },
    KnownServer {
        languages: &["json", "jsonc"],
        programs: &[("vscode-json-language-server", &["--stdio"])],
        install: "npm install -g vscode-langservers-extracted",
    },
    KnownServer {
        languages: &["html"],
        programs: &[("vscode-html-language-server", &["--stdio"])],
        install: "npm install -g vscode-langservers-extracted",
    },
    KnownServer {
        languages: &["css", "scss", "less"],
        programs: &[("vscode-css-language-server", &["--stdio"])],
        install: "npm install -g vscode-langservers-extracted",
    },
    KnownServer {
        languages: &["svelte"],
        programs: &[("svelteserver", &["--stdio"])],
        install: "npm install -g svelte-language-server",
    },
    KnownServer {
        languages: &["shellscript"],
        programs: &[("bash-language-server", &["start"])],
        install: "npm install -g bash-language-server",
    },
];

/// The servers for a language.
pub fn server_for(language: &str) -> Option<&'static KnownServer> {
    SERVERS.iter().find(|known| known.languages.contains(&language))
}
