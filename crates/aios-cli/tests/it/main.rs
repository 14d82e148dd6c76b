//! The real binary, as a person or a script would call it.

#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests start the program, prepare its folders and may fail"
)]

mod answers;
mod arguments;
mod crash;
mod folders;
mod home;
mod limits;
mod live;
mod login;
mod play;
mod refused;
mod remote;
mod runs;
mod serve;
mod sharing;
mod stop;
mod weights;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use aios_testkit::{ModelServer, Script};
use tempfile::TempDir;

/// The program with a data folder of its own and nothing of ours in its environment.
struct Aios {
    home: TempDir,
    /// Plays OpenAI.
    model: ModelServer,
}

impl Aios {
    fn new() -> Self {
        Self::with_model(Script::new())
    }

    fn with_model(script: Script) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("work")).unwrap();
        Self { home, model: ModelServer::start(script) }
    }

    /// From now on another script is played.
    fn play(&mut self, script: Script) {
        self.model = ModelServer::start(script);
    }

    /// What it prints and how it ends, with folders, versions and times taken out.
    fn says(&self, arguments: &[&str]) -> String {
        self.says_to(arguments, b"")
    }

    /// The same, with something to read on stdin.
    fn says_to(&self, arguments: &[&str], stdin: &[u8]) -> String {
        self.hear(self.command(arguments), stdin)
    }

    /// The same of a command with surroundings of its own.
    fn hear(&self, mut command: Command, stdin: &[u8]) -> String {
        let mut child = command.spawn().unwrap();
        // It may end without reading.
        _ = child.stdin.take().unwrap().write_all(stdin);
        let output = child.wait_with_output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let code = output.status.code().map_or("none".to_owned(), |code| code.to_string());
        let home = self.home.path().display().to_string();
        let parts = [("stdout", stdout), ("stderr", stderr)];
        let mut said = format!("exit {code}\n");
        for (name, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
            said.push_str(&format!("--- {name}\n{}", text.replace(&home, "HOME")));
        }
        said.replace(env!("CARGO_PKG_VERSION"), "VERSION")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aios"));
        command.args(arguments).env_clear().current_dir(self.work());
        command.env("AIOS_HOME", self.data()).env("HOME", self.home.path()).env("COLUMNS", "100");
        command.env("OPENAI_API_KEY", ModelServer::KEY).env("OPENAI_BASE_URL", self.model.openai_url());
        // The keyring of whoever runs the tests is not ours to write to.
        command.env("AIOS_KEYRING", "off");
        // The sandbox looks for its programs there.
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn file(&self, name: &str, text: &str) {
        std::fs::write(self.work().join(name), text).unwrap();
    }

    /// The folder in which it is called.
    fn work(&self) -> PathBuf {
        self.home.path().join("work")
    }

    /// The data folder.
    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }
}
