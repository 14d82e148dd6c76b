//! What the user's installed tools need to be visible in the sandbox, and nothing else of their home.

use std::path::{Path, PathBuf};

/// The host's view of the user's tools; nothing below a host reads the environment.
#[derive(Debug, Clone, Default)]
pub struct Toolchains {
    /// The folders of `PATH`, in order.
    pub path: Vec<PathBuf>,
    /// The user's home.
    pub home: Option<PathBuf>,
}

/// What the sandbox shows and sets for the tools.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Visible {
    /// Sorted, so that a folder comes before what lies in it.
    pub(super) read_only: Vec<PathBuf>,
    pub(super) path: String,
    pub(super) env: Vec<(String, String)>,
}

/// Folders that hold the operating system and its programs.
pub(super) const SYSTEM: &[&str] =
    &["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix", "/snap"];

/// The few settings of the system that programs read; no keys, no password hashes.
const ETC: &[&str] = &[
    "/etc/alternatives",
    "/etc/group",
    "/etc/hosts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/nsswitch.conf",
    "/etc/passwd",
];

/// What they read besides when they use the network. Apart, because each mount costs a tenth of a millisecond.
const ETC_NETWORK: &[&str] = &[
    "/etc/ca-certificates",
    "/etc/host.conf",
    "/etc/pki/ca-trust",
    "/etc/pki/tls/certs",
    "/etc/protocols",
    "/etc/resolv.conf",
    "/etc/services",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
];

/// The system's settings that a command sees.
pub(super) fn etc(network: bool) -> impl Iterator<Item = &'static str> {
    ETC.iter().chain(if network { ETC_NETWORK } else { &[] }).copied()
}

/// A way to install tools in the home that spreads over several folders, or needs telling where they are.
struct Layout {
    /// How the entry of `PATH` begins.
    entry: &'static str,
    roots: &'static [&'static str],
    variables: &'static [(&'static str, &'static str)],
}

const LAYOUTS: &[Layout] = &[
    Layout {
        // Not all of `.cargo`: it also holds the keys for publishing.
        entry: ".cargo/bin",
        roots: &[".cargo/bin", ".cargo/config.toml", ".cargo/git", ".cargo/registry", ".rustup"],
        variables: &[("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")],
    },
    Layout { entry: ".pyenv", roots: &[".pyenv"], variables: &[("PYENV_ROOT", ".pyenv")] },
    Layout { entry: ".volta", roots: &[".volta"], variables: &[("VOLTA_HOME", ".volta")] },
    Layout { entry: ".asdf", roots: &[".asdf"], variables: &[("ASDF_DATA_DIR", ".asdf")] },
    Layout {
        entry: ".local/share/mise",
        roots: &[".local/share/mise"],
        variables: &[("MISE_DATA_DIR", ".local/share/mise")],
    },
    Layout {
        entry: ".local/bin",
        roots: &[".local/bin", ".local/lib", ".local/share/pipx", ".local/share/uv"],
        variables: &[],
    },
];

impl Toolchains {
    /// The first program of this name on the path.
    pub fn find(&self, program: &str) -> Option<PathBuf> {
        self.path.iter().map(|folder| folder.join(program)).find(|file| is_program(file))
    }

    /// Works out what to show. `first` goes before the user's own path.
    pub(super) fn visible(&self, first: &[PathBuf], also: &[PathBuf], workspace: &Path) -> Visible {
        let mut visible = Visible { read_only: also.to_vec(), ..Visible::default() };
        let mut path: Vec<&Path> = Vec::new();
        let standard = ["/usr/local/bin", "/usr/bin", "/bin"].map(Path::new);
        for entry in first.iter().chain(&self.path).map(PathBuf::as_path).chain(standard) {
            if !entry.is_absolute() || path.contains(&entry) || !entry.is_dir() {
                continue;
            }
            path.push(entry);
            if entry.starts_with(workspace) || SYSTEM.iter().any(|system| entry.starts_with(system)) {
                continue;
            }
            self.show(entry, &mut visible);
        }
        visible.read_only.retain(|root| !root.starts_with(workspace));
        visible.read_only.sort();
        visible.read_only.dedup();
        // A folder whose name holds a colon cannot be said in PATH.
        let path: Vec<_> =
            path.iter().filter_map(|entry| entry.to_str()).filter(|entry| !entry.contains(':')).collect();
        visible.path = path.join(":");
        visible
    }

    fn show(&self, entry: &Path, visible: &mut Visible) {
        let home = self.home.as_deref();
        if let Some(home) = home
            && let Some(layout) = LAYOUTS.iter().find(|layout| entry.starts_with(home.join(layout.entry)))
        {
            visible.read_only.extend(layout.roots.iter().map(|root| home.join(root)));
            let set = layout
                .variables
                .iter()
                .map(|(name, folder)| ((*name).to_owned(), home.join(folder).to_string_lossy().into_owned()));
            for variable in set {
                if !visible.env.contains(&variable) {
                    visible.env.push(variable);
                }
            }
            return;
        }
        // `bin` beside `lib` is an installed tree, whose programs need the rest of it.
        let tree = entry.parent().filter(|parent| entry.ends_with("bin") && parent.join("lib").is_dir());
        let root = tree.unwrap_or(entry);
        let above_home =
            |root: &Path| home.is_some_and(|home| home.starts_with(root)) || root.parent().is_none();
        if let Some(root) = [root, entry].into_iter().find(|root| !above_home(root)) {
            visible.read_only.push(root.to_owned());
        }
    }
}

fn is_program(file: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
    }
    #[cfg(not(unix))]
    {
        file.is_file()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_tools_need_is_shown() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path().canonicalize().unwrap();
        let at = |path: &str| home.join(path);
        for folder in [
            ".cargo/bin",
            "bin",
            "lib",
            ".nvm/v20/bin",
            ".nvm/v20/lib",
            ".aws/bin",
            "work/.venv/bin",
            ".pyenv/shims",
        ] {
            std::fs::create_dir_all(at(folder)).unwrap();
        }
        let check = |entry: &str, roots: &[&str], variables: &[&str]| {
            let toolchains = Toolchains { path: vec![at(entry)], home: Some(home.clone()) };
            let visible = toolchains.visible(&[], &[], &at("work"));
            assert_eq!(visible.read_only, roots.iter().map(|root| at(root)).collect::<Vec<_>>(), "{entry}");
            assert_eq!(visible.env.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), variables);
            assert!(visible.path.ends_with("/usr/bin:/bin") || visible.path.contains("/usr/bin"));
        };
        let cargo = [".cargo/bin", ".cargo/config.toml", ".cargo/git", ".cargo/registry", ".rustup"];
        check(".cargo/bin", &cargo, &["CARGO_HOME", "RUSTUP_HOME"]);
        check(".pyenv/shims", &[".pyenv"], &["PYENV_ROOT"]);
        check(".nvm/v20/bin", &[".nvm/v20"], &[]);
        check(".aws/bin", &[".aws/bin"], &[]);
        // Beside `bin` lies `lib`, but the tree is the home itself.
        check("bin", &["bin"], &[]);
        check("", &[], &[]);
        check("work/.venv/bin", &[], &[]);
        check("missing", &[], &[]);
    }
}
