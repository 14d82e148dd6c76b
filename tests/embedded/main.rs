//! The real embedded model in the release build of `aios`.
#![expect(
    clippy::disallowed_methods,
    reason = "a test is a host: it starts the program and looks at its files"
)]
#![expect(clippy::expect_used, reason = "what a test cannot do without may end it")]

mod inline;
mod objective;

use std::path::Path;
use std::process::Command;

/// The program that was built beside this test, on a data folder of its own and without anybody's keys.
fn aios(home: &Path) -> Command {
    let test = std::env::current_exe().expect("a test has a file");
    let folder = test.parent().and_then(Path::parent).expect("tests lie in target/release/deps");
    let mut command = Command::new(folder.join(format!("aios{}", std::env::consts::EXE_SUFFIX)));
    for (name, _) in
        std::env::vars().filter(|(name, _)| name.ends_with("_API_KEY") || name.ends_with("_BASE_URL"))
    {
        command.env_remove(name);
    }
    command.env("AIOS_HOME", home.join("data"));
    command
}
