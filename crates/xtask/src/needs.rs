//! What a machine needs to build, run and test CesaFlow, as a table: a new need is a new row.

use std::path::{Path, PathBuf};

use crate::program;

/// Something that must be there.
pub(crate) struct Need {
    /// What it is.
    pub(crate) name: &'static str,
    /// What it is for, as the person who is asked for consent reads it.
    pub(crate) why: &'static str,
    /// How to find out whether it is there: by using it, never by asking for a package.
    probe: Probe,
    /// The packages that bring it, by family of operating systems. A family without one has it anyway or does without.
    packages: Packages,
}

enum Probe {
    /// This command succeeds.
    Runs(&'static [&'static str]),
    /// This command succeeds when it reads this text.
    Accepts(&'static [&'static str], &'static str),
    /// A shared libclang is where the bindings generator looks for it.
    Libclang,
}

struct Packages {
    linux: &'static [&'static str],
    macos: &'static [&'static str],
    windows: &'static [&'static str],
}

const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };

/// The table.
pub(crate) const NEEDS: &[Need] = &[
    Need {
        name: "C++ compiler",
        why: "compiles llama.cpp, which runs the embedded model",
        probe: Probe::Accepts(
            &["c++", "-x", "c++", "-fsyntax-only", "-"],
            "#include <vector>\nint main() {}\n",
        ),
        packages: Packages { linux: &["g++"], macos: &[], windows: &[] },
    },
    Need {
        name: "make",
        why: "carries out CMake's build of llama.cpp",
        probe: Probe::Runs(&["make", "--version"]),
        packages: Packages { linux: &["make"], macos: &[], windows: &[] },
    },
    Need {
        name: "CMake",
        why: "configures the build of llama.cpp",
        probe: Probe::Runs(&["cmake", "--version"]),
        packages: Packages { linux: &["cmake"], macos: &["cmake"], windows: &["Kitware.CMake"] },
    },
    Need {
        name: "clang",
        why: "tells the bindings generator where the C headers are",
        probe: Probe::Runs(&["clang", "--version"]),
        packages: Packages { linux: &["clang"], macos: &["llvm"], windows: &["LLVM.LLVM"] },
    },
    Need {
        name: "libclang",
        why: "reads llama.cpp's headers to generate its Rust bindings",
        probe: Probe::Libclang,
        packages: Packages { linux: &["libclang-dev"], macos: &["llvm"], windows: &["LLVM.LLVM"] },
    },
    Need {
        name: "pkg-config",
        why: "finds system libraries for build scripts",
        probe: Probe::Runs(&["pkg-config", "--version"]),
        packages: Packages { linux: &["pkg-config"], macos: &[], windows: &[] },
    },
    Need {
        name: "Python 3",
        why: "runs and tests the Python projects that agents build",
        probe: Probe::Runs(&[PYTHON, "--version"]),
        packages: Packages { linux: &["python3"], macos: &["python"], windows: &["Python.Python.3.12"] },
    },
    Need {
        name: "Python venv",
        why: "gives each such project packages of its own",
        probe: Probe::Runs(&[PYTHON, "-c", "import venv, ensurepip"]),
        packages: Packages { linux: &["python3-venv"], macos: &["python"], windows: &["Python.Python.3.12"] },
    },
    Need {
        name: "pip",
        why: "installs what such a project depends on, pytest first",
        probe: Probe::Runs(&[PYTHON, "-m", "pip", "--version"]),
        packages: Packages { linux: &["python3-pip"], macos: &["python"], windows: &["Python.Python.3.12"] },
    },
    Need {
        name: "bubblewrap",
        why: "confines the commands that agents run",
        probe: Probe::Runs(&["bwrap", "--version"]),
        packages: Packages { linux: &["bubblewrap"], macos: &[], windows: &[] },
    },
    Need {
        name: "git",
        why: "is the reference that the git tools of agents are tested against",
        probe: Probe::Runs(&["git", "--version"]),
        packages: Packages { linux: &["git"], macos: &[], windows: &["Git.Git"] },
    },
];

impl Need {
    /// The packages that bring it on this operating system; none where it is not needed or comes with Rust's own needs.
    pub(crate) fn packages(&self) -> &'static [&'static str] {
        match std::env::consts::OS {
            "macos" => self.packages.macos,
            "windows" => self.packages.windows,
            _ => self.packages.linux,
        }
    }

    /// Whether it is needed here and not there.
    pub(crate) fn is_missing(&self) -> bool {
        !self.packages().is_empty()
            && !match self.probe {
                Probe::Runs(command) => program::works(command, ""),
                Probe::Accepts(command, input) => program::works(command, input),
                Probe::Libclang => libclang_folders().iter().any(|folder| has_libclang(folder)),
            }
    }
}

/// Where the bindings generator looks, besides `LIBCLANG_PATH`.
fn libclang_folders() -> Vec<PathBuf> {
    const FIXED: &[&str] = &[
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/Library/Developer/CommandLineTools/usr/lib",
        "/Applications/Xcode.app/Contents/Developer/Toolchains/XcodeDefault.xctoolchain/usr/lib",
        "/opt/homebrew/opt/llvm/lib",
        "/usr/local/opt/llvm/lib",
        "C:\\Program Files\\LLVM\\bin",
    ];
    let chosen = std::env::var_os("LIBCLANG_PATH").map(PathBuf::from);
    // Debian keeps one folder for each version: /usr/lib/llvm-14/lib.
    let versions = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let versions = versions
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("llvm"))
        .map(|entry| entry.path().join("lib"));
    chosen.into_iter().chain(FIXED.iter().map(PathBuf::from)).chain(versions).collect()
}

/// Whether a folder holds the shared library, or `path` is the library itself.
fn has_libclang(path: &Path) -> bool {
    let is_libclang = |name: &str| {
        let stem = name.starts_with("libclang.") || name.starts_with("libclang-");
        stem && !name.starts_with("libclang-cpp")
            && (name.contains(".so") || name.ends_with(".dylib") || name.ends_with(".dll"))
    };
    if path.is_file() {
        return path.file_name().is_some_and(|name| is_libclang(&name.to_string_lossy()));
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| is_libclang(&entry.file_name().to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libclang_is_known_by_its_file_name() {
        let check = |name: &str, expect: bool| {
            let folder = std::env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(name), "").unwrap();
            assert_eq!((has_libclang(&folder), has_libclang(&folder.join(name))), (expect, expect), "{name}");
            std::fs::remove_dir_all(&folder).unwrap();
        };
        for library in
            ["libclang.so", "libclang.so.1", "libclang-14.so.14.0.6", "libclang.dylib", "libclang.dll"]
        {
            check(library, true);
        }
        for other in ["libclang-cpp.so.14", "libclangAST.a", "libc.so", "clang"] {
            check(other, false);
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_missing() {
        assert!(program::works(&["rustc", "--version"], ""));
        assert!(!program::works(&["no-such-program-anywhere"], ""));
        assert!(!program::works(&["rustc", "--no-such-option"], ""));
    }
}
