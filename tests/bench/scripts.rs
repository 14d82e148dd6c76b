//! What the scripted model says.

use aios_testkit::{Script, Turn, turn};
use serde_json::json;

/// What a turn of [`build`] makes the product do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// Write or read a file.
    File,
    /// Run the first command of a process, which also tries out how commands can be confined here.
    FirstCommand,
    /// Run a further command.
    Command,
}

/// The turns of [`build`] that call a tool, in order.
pub(crate) const BUILD: [Work; 9] = {
    use Work::{Command, File, FirstCommand};
    [File, File, File, File, File, FirstCommand, Command, Command, File]
};

/// Ten turns of the backend: five files, three commands, a look at one file, and the end.
pub(crate) fn build() -> Script {
    let files = (1..=5).map(|number| write(&format!("part{number}.py"), number));
    let commands =
        (1..=3).map(|number| turn().call("run_command", json!({ "command": format!("exit 0 # {number}") })));
    let look = turn().call("read_file", json!({ "path": "part1.py" }));
    Script::new().agent("backend", files.chain(commands).chain([look, done()]))
}

/// One agent that writes the same file `turns` times, so that each turn does the same work: replacing a file takes the
/// file system longer than making one.
pub(crate) fn long(turns: usize) -> Script {
    let writes = (0..turns).map(|number| write("notes.md", number));
    Script::new().agent("backend", writes.chain([done()]))
}

/// Each of these agents writes nine files of its own.
pub(crate) fn writers(agents: &[&str]) -> Script {
    agents.iter().fold(Script::new(), |script, agent| {
        let writes = (1..=9).map(|number| write(&format!("{agent}{number}.md"), number));
        script.agent(agent, writes.chain([done()]))
    })
}

fn write(path: &str, number: usize) -> Turn {
    let content = format!("def part{number}(x):\n    return x + {number}\n").repeat(8);
    turn().call("write_file", json!({ "path": path, "content": content }))
}

pub(crate) fn done() -> Turn {
    turn().text("Done.")
}
