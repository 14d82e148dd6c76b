//! Folders that cannot be what they should: files, read-only, on a full disk.
#![cfg(target_os = "linux")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says why")]

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use aios_testkit::{Script, turn};

use crate::Aios;
use crate::live::{detail, history, status};
use crate::play::{ALONE, done, write};

/// What the program says to somebody whom permissions bind: root is bound by none, so for root it is another user.
fn says_bound(aios: &Aios, arguments: &[&str]) -> String {
    let mut command = aios.command(arguments);
    if std::fs::metadata("/proc/self").unwrap().uid() == 0 {
        command = unprivileged(aios, arguments);
    }
    aios.hear(command, b"")
}

/// From a copy, because the build's own folder may be root's alone.
fn unprivileged(aios: &Aios, arguments: &[&str]) -> Command {
    const NOBODY: u32 = 65_534;
    let home = aios.work().parent().unwrap().to_owned();
    let copy = home.join("aios");
    if !copy.exists() {
        std::fs::copy(env!("CARGO_BIN_EXE_aios"), &copy).unwrap();
        mode(&home, 0o755);
        let own = Command::new("chown").arg("-R").arg(format!("{NOBODY}:{NOBODY}")).arg(&home).status();
        assert!(own.unwrap().success());
    }
    let known = aios.command(arguments);
    let mut command = Command::new(copy);
    command.args(arguments).current_dir(aios.work()).env_clear();
    command.envs(known.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.stdin(std::process::Stdio::piped());
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    command.uid(NOBODY).gid(NOBODY);
    command
}

fn mode(path: &Path, mode: u32) {
    set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_data_folder_that_is_a_file() {
    let aios = Aios::new();
    aios.file("file", "x");
    for place in ["file", "file/below"] {
        let mut command = aios.command(&["runs"]);
        command.env("AIOS_HOME", aios.work().join(place));
        let said = aios.hear(command, b"");
        let expect = format!(
            "exit 1\n--- stderr\nerror: could not make the data folder HOME/work/{place}: it is a file, or a folder above it is\n\
             hint: set AIOS_HOME to a folder that can be written\n"
        );
        assert_eq!(said, expect);
    }
}

#[test]
fn a_data_folder_that_is_read_only() {
    let aios = Aios::new();
    assert!(says_bound(&aios, &["runs"]).starts_with("exit 0\n"));
    mode(&aios.data(), 0o555);
    for arguments in [&["runs"][..], &["run", "x"], &["resume"]] {
        let said = says_bound(&aios, arguments);
        assert!(said.starts_with("exit 1\n--- stderr\nerror: could not "), "{said}");
        assert!(said.contains("HOME/data") && said.contains("\nhint: "), "{said}");
    }
    mode(&aios.data(), 0o755);
    mode(&aios.data().join("aios.db"), 0o444);
    let said = says_bound(&aios, &["runs"]);
    assert!(said.starts_with("exit 1\n--- stderr\nerror: could not open the database"), "{said}");
    assert!(said.contains("aios.db") && said.contains("writable"), "{said}");
}

#[test]
fn a_workspace_that_is_read_only() {
    let aios = Aios::with_model(Script::new().agent("backend", [write("a.md"), done(), done(), done()]));
    let project = aios.work().join("project");
    std::fs::create_dir(&project).unwrap();
    says_bound(&aios, &["runs"]);
    mode(&project, 0o555);
    let said =
        says_bound(&aios, &["run", "x", "--tasks", "backend", "--dir", "project", "--model=openai/gpt-4o"]);
    assert!(said.starts_with("exit 2\n--- stderr\nerror: "), "{said}");
    assert!(said.contains("HOME/work/project") && said.contains("hint: "), "{said}");
    mode(&project, 0o000);
    let said = says_bound(&aios, &["run", "x", "--dir", "project", "--model=openai/gpt-4o"]);
    assert!(said.starts_with("exit 2\n--- stderr\nerror: ") && said.contains("HOME/work/project"), "{said}");
}

#[test]
fn a_workspace_that_is_made() {
    let aios = Aios::with_model(Script::new().agent("backend", [write("a.md"), done()]));
    let run = |model: &str, dir: &str| {
        aios.says(&["run", "x", "--tasks", "backend", "--dir", dir, &format!("--model={model}")])
    };
    let misspelt = run("zzz", "new/deep");
    assert!(misspelt.starts_with("exit 2\n") && !aios.work().join("new").exists(), "{misspelt}");
    let made = run("openai/gpt-4o", "new/deep");
    assert!(made.starts_with("exit 0\n"), "{made}");
    assert_eq!(
        std::fs::read_to_string(aios.work().join("new/deep/a.md")).unwrap(),
        crate::play::text("a.md")
    );
}

#[test]
fn a_workspace_is_looked_at_before_the_model() {
    let aios = Aios::new();
    aios.file("file", "x");
    let says = |dir: &str| aios.says(&["run", "x", "--dir", dir, "--model=local/qwen2.5-coder-1.5b"]);
    assert!(says("file").contains("work/file is a file, or a folder above it is"), "{}", says("file"));
    let said = says("project");
    assert!(said.contains("the embedded model") && !aios.work().join("project").exists(), "{said}");
}

/// A small disk of its own; gone with the test.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Nothing where this machine does not let us mount one.
    fn mount(path: PathBuf, size: &str) -> Option<Self> {
        std::fs::create_dir(&path).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "small"])
            .arg(&path)
            .output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(path)),
            _ => {
                eprintln!("skipped: only root may mount the small disk that this test fills");
                None
            }
        }
    }

    fn fill(&self) {
        // It ends when nothing more fits.
        let _ = std::fs::write(self.0.join("filling"), vec![0; 4 << 20]);
    }

    fn empty(&self) {
        std::fs::remove_file(self.0.join("filling")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_workspace_on_a_full_disk() {
    let aios = Aios::with_model(Script::new().agent("backend", [write("a.md"), write("b.md")]));
    let Some(disk) = SmallDisk::mount(aios.work().join("project"), "64k") else { return };
    std::fs::write(disk.0.join("filling"), vec![0; 60 << 10]).unwrap();
    let said = aios.says(&["run", "x", "--tasks", "backend", "--dir", "project", "--model=openai/gpt-4o"]);
    assert!(said.starts_with("exit 1\n"), "{said}");
    assert!(said.contains("could not write b.md: No space left on device"), "{said}");
    assert!(said.contains("  hint    check the disk"), "{said}");
    assert_eq!(detail(&aios)["failure"]["code"], "storage");
    assert_eq!(std::fs::read_to_string(disk.0.join("a.md")).unwrap(), crate::play::text("a.md"));
    assert!(!disk.0.join("b.md").exists(), "half a file");
    history(&aios);
}

#[test]
fn a_data_folder_on_a_full_disk() {
    let fills =
        turn().call("run_command", serde_json::json!({ "command": "until test -e go; do sleep 0.02; done" }));
    let aios =
        Aios::with_model(Script::new().agent("backend", [fills, write("a.md"), write("a.md"), done()]));
    let Some(disk) = SmallDisk::mount(aios.data(), "2m") else { return };
    disk.fill();
    let said = aios.says(&["runs"]);
    assert!(said.starts_with("exit 1\n--- stderr\nerror: could not ") && said.contains("full"), "{said}");
    disk.empty();

    let mut live = crate::live::Live::start(&aios, &ALONE);
    live.until("tool_call", "backend");
    disk.fill();
    aios.file("go", "");
    let errors = live.errors();
    assert_eq!(live.end().0, Some(1), "{errors}");
    assert!(errors.contains("stops here: could not store the run's progress"), "{errors}");
    assert!(errors.contains("disk is full") && errors.contains("aios resume "), "{errors}");
    disk.empty();
    assert_eq!(status(&aios), "interrupted");
    let said = aios.says(&["resume"]);
    assert!(said.starts_with("exit 0\n"), "{said}");
    history(&aios);
}
