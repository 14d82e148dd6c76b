//! The same words against a server: what is shown, how the process ends, what is refused.

use std::io::{Read, Write};
use std::net::TcpListener;

use aios_testkit::{Script, Turn, stable, turn};
use serde_json::Value;

use crate::Aios;
use crate::answers;
use crate::live::{Live, asked, is};
use crate::play::{asks, done, runs, text, write};
use crate::runs::timeless;
use crate::serve::Served;

/// A run of one agent, in a folder that the product makes.
const ALONE: [&str; 5] = ["run", "a text", "--tasks", "backend", "--model=openai/gpt-4o"];

fn with_backend(turns: impl IntoIterator<Item = Turn>) -> Aios {
    Aios::with_model(Script::new().agent("backend", turns))
}

/// Text without what may differ: ids and times, how the program is called, and where the files are to be had.
fn same(said: &str) -> String {
    let said = timeless(&said.replace("aios --remote ", "aios ").replace("/run_", "/run "));
    let lines = said.lines().filter(|line| !line.starts_with("  next    "));
    let word = |word: &str| if is_short_id(word) { "<short id>".to_owned() } else { word.to_owned() };
    lines.map(|line| line.split(' ').map(word).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n")
}

/// Such as `01a204a3-7dee`.
fn is_short_id(word: &str) -> bool {
    word.len() == 13
        && word
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 8 { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

/// Says the same things here and to a server, and compares the answers word by word.
fn compare(aios: impl Fn() -> Aios, conversation: &[&[&str]]) {
    let (here, there) = (aios(), aios());
    let served = Served::start(&there);
    for arguments in conversation {
        let (local, remote) = (here.says(arguments), served.says(arguments));
        assert_eq!(same(&remote), same(&local), "aios {}", arguments.join(" "));
    }
    assert!(!served.home().exists(), "a client needs no data folder");
}

#[test]
fn nothing_has_run_yet() {
    compare(
        Aios::new,
        &[
            &["runs"],
            &["runs", "--json"],
            &["runs", "--status", "failed"],
            &["runs", "show", "last"],
            &["resume"],
            &["logs", "last"],
            &["logs", "012"],
            &["respond", "last", "yes"],
            &["runs", "cancel", "beef"],
            &["runs", "cancel", "01890a5d-ac96-774b-bcce-b302099a8057"],
            &["run", "x", "--model=zzz"],
            &["run", "x", "--model=openai/gpt-4o", "--tasks", "nobody"],
            &["run", " ", "--json"],
        ],
    );
}

#[test]
fn a_completed_run() {
    compare(
        || with_backend([write("notes.md"), runs("ls"), done()]),
        &[
            &ALONE,
            &["runs"],
            &["runs", "show", "last"],
            &["runs", "--search", "text", "--limit", "1"],
            &["logs", "last"],
            &["logs", "last", "--follow"],
            &["resume", "last"],
            &["runs", "pause", "last"],
            &["respond", "last", "yes"],
        ],
    );
}

#[test]
fn a_failed_run() {
    compare(
        || Aios::with_model(Script::new().always(turn().status(400))),
        &[&ALONE, &["runs"], &["runs", "show", "last"], &["resume"]],
    );
}

#[test]
fn limits_have_their_own_code() {
    let dear = || write("a.md").usage(1_000_000, 0, 1_000);
    let tight = |turns: Vec<Turn>| {
        let aios = with_backend(turns);
        aios.file("tight.toml", "max_cost_usd = 0.01\n");
        aios
    };
    let run = |more: [&'static str; 2]| [&ALONE[..], &more].concat();
    compare(|| tight(vec![dear()]), &[&run(["--max-cost", "0.01"]), &["runs", "show", "last"]]);
    compare(|| tight(vec![dear()]), &[&run(["--policy", "tight.toml"]), &["runs", "show", "last"]]);
    compare(|| tight(Vec::new()), &[&run(["--max-cost", "0"])]);
    compare(|| tight(vec![turn().hang_before_headers()]), &[&run(["--max-minutes", "0.005"])]);
}

/// The waits of several are waited for side by side.
#[test]
fn models_that_answer_nonsense() {
    std::thread::scope(|scope| {
        for (then, _) in answers::nonsense().into_iter().chain(answers::dead_ends()) {
            scope.spawn(move || {
                let script = || Script::new().agent("backend", [write("a.md")]).always(then.clone());
                compare(
                    || Aios::with_model(script()),
                    &[&ALONE, &["runs", "show", "last"], &["logs", "last"]],
                );
            });
        }
    });
}

#[test]
fn requests_that_cannot_be_met() {
    compare(
        Aios::new,
        &[
            &["run", ""],
            &["run", " \t\n "],
            &["run", "x", "--persona", "fulstack"],
            &["run", "x", "--persona", "standard"],
            &["run", "x", "--hierarchy", "standrad"],
            &["run", "x", "--tasks", "bakend,qa"],
            &["run", "x", "--tasks", ""],
            &["run", "x", "--model", "opnai/gpt-4o"],
            &["run", "x", "--model", "gpt-4p"],
            &["run", "x", "--model", "openai"],
            &["run", "x", "--model", "local/zzz"],
            &["run", "x", "--project", "../etc"],
            &["run", "x", "--max-cost", "cheap"],
            &["runs", "--limit", "0"],
            &["models", "--provider", "opnai"],
            &["runs", "show"],
        ],
    );
}

#[test]
fn models_of_a_provider() {
    compare(Aios::new, &[&["models", "--provider", "openai"], &["models", "--provider", "nobody"]]);
}

#[test]
fn a_question_and_its_answer() {
    let aios = || with_backend([asks(), write("notes.md"), done()]);
    compare(aios, &[&ALONE, &["runs", "--status", "waiting"]]);
    let aios = aios();
    let served = Served::start(&aios);
    let asked = served.says(&ALONE);
    assert!(asked.starts_with("exit 3\n") && asked.contains("hint: aios --remote respond "), "{asked}");
    let answered = served.says(&["respond", "last", "calc"]);
    assert!(answered.starts_with("exit 0\n") && answered.contains("backend  has your answer"), "{answered}");
    assert!(answered.contains("✓ completed"), "{answered}");
    let again = served.says(&["respond", "last", "calc"]);
    assert!(again.starts_with("exit 1\n") && again.contains("waits for no answer"), "{again}");
    drop(served);
    aios.model.finish();
}

#[test]
fn json_is_the_events_and_nothing_else() {
    let aios = with_backend([write("notes.md"), done()]);
    let served = Served::start(&aios);
    let (code, told) = served.live(&ALONE).end();
    assert_eq!(code, Some(0));
    let stored: Vec<Value> = told.into_iter().filter(|event| event["event"] != "token_chunk").collect();
    let (_, log) = served.live(&["logs", "last"]).end();
    assert_eq!(log, stored);
    assert!(stored.iter().zip(1..).all(|(event, seq)| event["seq"] == seq));
}

#[test]
fn somebody_stops_and_goes_on_later() {
    let aios = with_backend([runs("until test -e go; do sleep 0.02; done"), write("a.md"), done()]);
    let served = Served::start(&aios);
    let mut live = served.live(&ALONE);
    let folder = live.until("tool_call", "backend")["run_id"].as_str().unwrap().to_owned();
    live.signal("-INT");
    let (code, told) = live.end();
    assert_eq!(code, Some(130));
    assert!(told.iter().any(|event| is(event, "run_paused", "")), "{told:?}");
    let list = served.says(&["runs"]);
    assert!(list.contains("paused"), "{list}");
    let dir = aios.data().join(format!("workspaces/run_{folder}"));
    std::fs::write(dir.join("go"), "").unwrap();
    let resumed = served.says(&["resume"]);
    assert!(resumed.starts_with("exit 0\n") && resumed.contains("✓ completed"), "{resumed}");
    drop(served);
    aios.model.finish();
}

#[test]
fn somebody_cancels() {
    let aios = with_backend([turn().hang_before_headers()]);
    let served = Served::start(&aios);
    let live = served.live(&ALONE);
    asked(&aios, "backend", 1);
    let said = served.says(&["runs", "cancel", "last"]);
    assert!(said.starts_with("exit 0\n--- stdout\ncancelled "), "{said}");
    let (code, told) = live.end();
    assert_eq!(code, Some(130));
    assert!(is(told.last().unwrap(), "run_cancelled", ""), "{told:?}");
}

/// Whatever ends a server, those who follow a run go on when it is back.
#[test]
fn a_server_that_restarts() {
    for signal in ["-KILL", "-TERM"] {
        let aios = with_backend([turn().hang_before_headers(), write("a.md"), done()]);
        let mut served = Served::start(&aios);
        let mut live = served.live(&ALONE);
        live.until("node_started", "backend");
        let mut follower = Live::of(served.command(&["--remote", "logs", "last", "--follow"]));
        follower.until("node_started", "backend");
        asked(&aios, "backend", 1);
        served.restart(signal);
        for watcher in [&mut live, &mut follower] {
            watcher.until("run_resumed", "");
            watcher.until("run_completed", "");
        }
        assert_eq!((live.end().0, follower.end().0), (Some(0), Some(0)), "{signal}");
        drop(served);
        aios.model.finish();
    }
}

#[test]
fn files_are_brought_along() {
    let aios = with_backend([write("src/notes.md"), done()]);
    let served = Served::start(&aios);
    let said = served.says(&ALONE);
    let next = said.split_once("next    ").unwrap().1.trim().to_owned();
    let (program, arguments) = next.split_once(" --remote ").unwrap();
    assert_eq!(program, "aios");
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let said = served.says(&arguments);
    assert!(said.starts_with("exit 0\n") && said.contains("1 file"), "{said}");
    let folder = aios.work().join(format!("run_{}", arguments[2]));
    assert_eq!(std::fs::read_to_string(folder.join("src/notes.md")).unwrap(), text("src/notes.md"));
    let again = served.says(&arguments);
    assert!(again.starts_with("exit 1\n") && again.contains("is not empty"), "{again}");

    let said = served.says(&["runs", "download", "last", "new.zip", "--json"]);
    assert_eq!(said, "exit 0\n--- stdout\n{\"archive\":\"HOME/work/new.zip\"}\n");
    assert!(std::fs::read(aios.work().join("new.zip")).unwrap().starts_with(b"PK"));
    let again = served.says(&["runs", "download", "last", "new.zip"]);
    assert!(again.contains("new.zip exists already"), "{again}");
    let mut left: Vec<_> =
        std::fs::read_dir(aios.work()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["new.zip", &*format!("run_{}", arguments[2])]);
    drop(served);
    let here = aios.says(&["runs", "download", "last"]);
    assert!(here.contains("the files are on this machine\n  in      HOME/data/"), "{here}");
}

#[test]
fn what_is_about_this_machine_is_refused() {
    let aios = Aios::new();
    let served = Served::start(&aios);
    for (arguments, what) in [
        (&["doctor"][..], "doctor"),
        (&["serve"], "serve"),
        (&["models", "pull"], "models pull"),
        (&["run", "x", "--dir", "."], "--dir"),
    ] {
        assert_eq!(
            served.says(arguments),
            format!(
                "exit 2\n--- stderr\nerror: {what} is about this machine, and a server is meant\nhint: leave --remote away, \
                 and unset AIOS_REMOTE; or do it on the server's machine\n"
            )
        );
    }
}

#[test]
fn servers_that_cannot_be_asked() {
    let aios = Aios::new();
    let served = Served::start(&aios);
    let check = |name: &str, value: &str, expect: &str| {
        let mut command = served.command(&["runs"]);
        command.env("AIOS_REMOTE", "1").env(name, value);
        let said = aios.hear(command, b"");
        assert!(said.contains(expect) && said.contains("\nhint: ") && !said.contains("--- stdout"), "{said}");
        assert!(!said.contains("sk_"), "{said}");
        said
    };
    // A port that was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    check("AIOS_API_URL", &format!("http://{free}"), "cannot be reached: ");
    let stranger = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", stranger.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = stranger.accept().unwrap();
        assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
        stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\n\r\nnope").unwrap();
        std::io::copy(&mut stream, &mut std::io::sink()).unwrap();
    });
    check("AIOS_API_URL", &url, "does not answer run_list as a CesaFlow server would");
    check("AIOS_API_URL", "http://example.org", "in the clear");
    check("AIOS_API_URL", "example.org", "is not valid: relative URL without a base");
    let wrong = check("AIOS_API_KEY", "sk_wrong", "error: ");
    assert!(wrong.starts_with("exit 1\n"), "{wrong}");
    check("AIOS_API_KEY", "two words\n", "error: ");
}

#[test]
fn the_environment_chooses_too() {
    let aios = with_backend([write("notes.md"), done()]);
    let served = Served::start(&aios);
    let mut command = served.command(&ALONE);
    command.env("AIOS_REMOTE", "1");
    let said = stable(&aios.hear(command, b""));
    assert!(said.contains("next    aios runs download <id"), "{said}");
    let mut command = served.command(&["runs"]);
    command.env("AIOS_REMOTE", "0");
    let said = aios.hear(command, b"");
    assert!(said.contains("there are no runs yet"), "{said}");
}
