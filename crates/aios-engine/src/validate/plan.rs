//! Which checks a workspace wants. Pure: from the list of files to command lines.

use std::path::{Path, PathBuf};

use aios_core::CommandLine;

/// Files that one syntax command checks at most.
const MAX_SYNTAX_FILES: usize = 400;

/// A check to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Check {
    /// What a person would type.
    pub(crate) shown: String,
    /// What is run.
    pub(crate) line: CommandLine,
    /// How its result is read.
    pub(crate) reading: Reading,
}

/// How a check's result is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Exit code 0 means that this many files parse.
    Syntax(usize),
    /// A JUnit report in this file of the workspace.
    JUnit(String),
    /// The summary lines of `cargo test`.
    Cargo,
    /// The exit code alone; counted as one test.
    ExitCode,
}

/// Where the programs of the checks are, as far as the files want them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// A Python with pytest.
    pub(crate) python: PathBuf,
    /// Node.
    pub(crate) node: PathBuf,
}

/// Whether any check of these files wants Python.
pub(crate) fn wants_python(files: &[String]) -> bool {
    files.iter().any(|path| extension(path) == Some("py"))
}

/// Whether any check of these files wants Node.
pub(crate) fn wants_node(files: &[String]) -> bool {
    files.iter().any(|path| matches!(extension(path), Some("js" | "mjs" | "cjs")))
}

/// The checks of a workspace, cheap ones first.
///
/// Syntax is checked for `own` files only, since other agents may be in the middle of theirs. `tag` makes the report
/// files of parallel nodes different.
pub(crate) fn plan(
    files: &[String],
    own: &[String],
    package_json: Option<&str>,
    programs: &Found,
    tag: &str,
) -> Vec<Check> {
    let (python, node) = (programs.python.to_string_lossy(), programs.node.to_string_lossy());
    let mut checks = Vec::new();
    let with = |extensions: &[&str]| -> Vec<String> {
        let matches = |path: &&String| extension(path).is_some_and(|found| extensions.contains(&found));
        own.iter().filter(matches).take(MAX_SYNTAX_FILES).cloned().collect()
    };
    let (python_files, script_files) = (with(&["py"]), with(&["js", "mjs", "cjs"]));
    if !python_files.is_empty() {
        checks.push(python_syntax(&python_files, &python));
    }
    for file in &script_files {
        checks.push(Check {
            shown: format!("node --check {file}"),
            line: argv(&[&node, "--check", file]),
            reading: Reading::Syntax(1),
        });
    }
    let python_tests: Vec<String> = files.iter().filter(|path| is_python_test(path)).cloned().collect();
    if !python_tests.is_empty() {
        checks.push(pytest(&python, tag));
    }
    let node_tests: Vec<String> = files.iter().filter(|path| is_node_test(path)).cloned().collect();
    match package_json.and_then(npm_test_script) {
        Some(script) if !script.starts_with("node --test") => {
            checks.push(Check {
                shown: "npm test".into(),
                line: argv(&["npm", "test", "--silent"]),
                reading: Reading::ExitCode,
            });
        }
        _ if !node_tests.is_empty() => checks.push(node_test(&node, tag)),
        _ => {}
    }
    if files.iter().any(|path| path == "Cargo.toml") {
        let shown = "cargo test --offline".to_owned();
        checks.push(Check { shown, line: argv(&["cargo", "test", "--offline"]), reading: Reading::Cargo });
    }
    checks
}

/// Whether pytest would collect the file by its name.
pub(crate) fn is_python_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    extension(path) == Some("py") && (name.starts_with("test_") || name.ends_with("_test.py"))
}

/// Whether node's test runner would take the file by its name.
pub(crate) fn is_node_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(extension(path), Some("js" | "mjs" | "cjs"))
        && (name.contains(".test.")
            || name.starts_with("test-")
            || name.contains("-test.")
            || name.contains("_test."))
}

fn extension(path: &str) -> Option<&str> {
    Path::new(path).extension().and_then(|extension| extension.to_str())
}

fn argv(words: &[&str]) -> CommandLine {
    CommandLine::Argv(words.iter().map(ToString::to_string).collect())
}

/// One interpreter for all files: it parses each and prints what does not, without running any.
const PYTHON_SYNTAX: &str = "\
import sys
bad = 0
for path in sys.argv[1:]:
    try:
        compile(open(path, 'rb').read(), path, 'exec')
    except (SyntaxError, ValueError) as error:
        bad += 1
        print(f'{path}:{getattr(error, \"lineno\", 0) or 0}: {error}')
        text = getattr(error, 'text', None)
        if text:
            print('    ' + text.rstrip())
sys.exit(1 if bad else 0)
";

fn python_syntax(files: &[String], python: &str) -> Check {
    let mut words = vec![python.to_owned(), "-c".into(), PYTHON_SYNTAX.into()];
    words.extend(files.iter().cloned());
    Check {
        shown: format!("python3 -m py_compile {}", files.join(" ")),
        line: CommandLine::Argv(words),
        reading: Reading::Syntax(files.len()),
    }
}

fn pytest(python: &str, tag: &str) -> Check {
    let report = format!(".aios/reports/{tag}-pytest.xml");
    let junit = format!("--junitxml={report}");
    let words =
        [python, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", "--rootdir=.", junit.as_str()];
    Check { shown: "python3 -m pytest -q".into(), line: argv(&words), reading: Reading::JUnit(report) }
}

fn node_test(node: &str, tag: &str) -> Check {
    let report = format!(".aios/reports/{tag}-node.xml");
    let destination = format!("--test-reporter-destination={report}");
    let words = [
        node,
        "--test",
        "--test-reporter=spec",
        "--test-reporter-destination=stdout",
        "--test-reporter=junit",
        destination.as_str(),
    ];
    Check { shown: "node --test".into(), line: argv(&words), reading: Reading::JUnit(report) }
}

fn npm_test_script(package_json: &str) -> Option<String> {
    let package: serde_json::Value = serde_json::from_str(package_json).ok()?;
    let script = package.get("scripts")?.get("test")?.as_str()?.trim().to_owned();
    // What `npm init` leaves there is no test.
    (!script.is_empty() && !script.contains("no test specified")).then_some(script)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(files: &[&str], package: Option<&str>) -> String {
        let files: Vec<String> = files.iter().map(ToString::to_string).collect();
        let programs = Found { python: "/py".into(), node: "/node".into() };
        let checks = plan(&files, &files, package, &programs, "qa");
        checks.iter().map(|check| check.shown.as_str()).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn the_files_decide_what_is_checked() {
        let check =
            |files: &[&str], package, expect: &str| assert_eq!(shown(files, package), expect, "{files:?}");
        check(&[], None, "");
        check(&["README.md", "index.html"], None, "");
        check(&["calc.py"], None, "python3 -m py_compile calc.py");
        check(
            &["calc.py", "tests/test_calc.py"],
            None,
            "python3 -m py_compile calc.py tests/test_calc.py | python3 -m pytest -q",
        );
        check(&["a.mjs", "a.test.mjs"], None, "node --check a.mjs | node --check a.test.mjs | node --test");
        check(&["package.json"], Some(r#"{"scripts":{"test":"jest"}}"#), "npm test");
        check(
            &["package.json", "a.test.js"],
            Some(r#"{"scripts":{"test":"echo \"Error: no test specified\" && exit 1"}}"#),
            "node --check a.test.js | node --test",
        );
        check(&["Cargo.toml", "src/lib.rs"], None, "cargo test --offline");
    }

    #[test]
    fn a_program_is_wanted_only_for_its_files() {
        let files = |paths: &[&str]| paths.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(wants_python(&files(&["a.py"])) && !wants_node(&files(&["a.py", "a.html", "a.ts"])));
        assert!(wants_node(&files(&["a.mjs"])) && !wants_python(&files(&["a.mjs", "python.txt"])));
    }

    #[test]
    fn test_files_are_known_by_their_names() {
        for yes in ["test_a.py", "tests/test_a.py", "a_test.py"] {
            assert!(is_python_test(yes), "{yes}");
        }
        for no in ["conftest.py", "tests/a.py", "test_a.txt", "latest.py"] {
            assert!(!is_python_test(no), "{no}");
        }
        assert!(is_node_test("a.test.mjs") && is_node_test("tests/a_test.js") && !is_node_test("a.test.ts"));
    }
}
