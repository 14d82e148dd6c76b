//! `--policy FILE`: reads a policy and, where it cannot, shows the place and the nearest key.

use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

use aios_protocol::{ErrorCode, PolicySpec, Problem};

/// Far more than any policy needs.
const LONGEST: u64 = 1 << 20;

/// Columns of an offending line that are shown.
const SHOWN: usize = 80;

/// Reads a policy from a `.toml` or `.json` file.
pub(crate) fn read(path: &Path) -> Result<PolicySpec, Problem> {
    let name = path.display();
    let refused = |why: String| {
        Problem::new(ErrorCode::InvalidRequest, format!("the policy {name} cannot be read: {why}"))
            .with_hint("name a .toml or .json file, for example one with the line: max_cost_usd = 0.50")
    };
    let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
    let parse = match extension.as_ref().and_then(|extension| extension.to_str()) {
        Some("toml") => from_toml,
        Some("json") => from_json,
        _ => {
            return Err(refused("its name must end in .toml or .json".to_owned()));
        }
    };
    #[expect(clippy::disallowed_methods, reason = "a host reads the files that its own command line names")]
    let file = std::fs::File::open(path).map_err(|error| refused(error.to_string()))?;
    let mut text = String::new();
    file.take(LONGEST + 1).read_to_string(&mut text).map_err(|error| refused(error.to_string()))?;
    if text.len() as u64 > LONGEST {
        return Err(refused("it is larger than 1 MB".to_owned()));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    parse(text).map_err(|wrong| wrong.explain(&name.to_string(), text))
}

/// What is wrong with the text, and where.
struct Wrong {
    message: String,
    /// Byte at which it starts.
    at: usize,
}

fn from_toml(text: &str) -> Result<PolicySpec, Wrong> {
    toml::from_str(text).map_err(|error| Wrong {
        message: error.message().to_owned(),
        at: error.span().map_or(0, |span| span.start),
    })
}

fn from_json(text: &str) -> Result<PolicySpec, Wrong> {
    serde_json::from_str(text).map_err(|error| {
        let said = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let message = match said.strip_suffix(&place).unwrap_or(&said) {
            "expected ident" => "only true, false and null are written without quotes".to_owned(),
            message if error.is_eof() => format!("the file ends too early: {message}"),
            message => message.to_owned(),
        };
        let start: usize =
            text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let end = text.floor_char_boundary(start + error.column().saturating_sub(1));
        // The parser stops behind a key or value; people look for its beginning.
        let at = unknown_key(&message).and_then(|key| text[..end].rfind(&format!("\"{key}"))).unwrap_or(end);
        Wrong { message, at }
    })
}

fn unknown_key(message: &str) -> Option<&str> {
    message.strip_prefix("unknown field `")?.split('`').next()
}

impl Wrong {
    fn explain(self, name: &str, text: &str) -> Problem {
        let at = text.floor_char_boundary(self.at);
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let line = text[..at].matches('\n').count() + 1;
        let column = text[start..at].chars().count() + 1;
        let unknown = unknown_key(&self.message);
        let message = match unknown {
            Some(key) => format!("there is no key {key:?}"),
            None => self.message.trim_end().replace('\n', "; ").replace("expected f64", "expected a number"),
        };
        let mut shown = format!("{name}:{line}:{column}: {message}");
        let source: Vec<char> = text[start..].lines().next().unwrap_or_default().chars().collect();
        if !source.is_empty() {
            let from = column.saturating_sub(SHOWN / 2);
            let part: String = source.iter().skip(from).take(SHOWN).collect();
            let margin = " ".repeat(line.to_string().len());
            let lead = " ".repeat(column - 1 - from);
            _ = write!(shown, "\n{line} | {}\n{margin} | {lead}^", part.trim_end());
        }
        let problem = Problem::new(ErrorCode::InvalidRequest, shown);
        match unknown {
            Some(key) => problem.with_hint(keys_near(key)),
            None => problem.with_hint("mend that line, or leave it out"),
        }
    }
}

/// The key that was probably meant, or all of them.
fn keys_near(unknown: &str) -> String {
    let keys = match serde_json::to_value(PolicySpec::default()) {
        Ok(serde_json::Value::Object(fields)) => fields.into_iter().map(|(key, _)| key).collect(),
        _ => Vec::new(),
    };
    let likeness = |key: &String| strsim::jaro_winkler(&unknown.to_lowercase(), key);
    let nearest = keys
        .iter()
        .filter(|key| likeness(key) >= 0.8)
        .max_by(|left, right| likeness(left).total_cmp(&likeness(right)));
    match nearest {
        Some(key) => format!("did you mean {key:?}?"),
        None => format!("the keys are {}", keys.join(", ")),
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests write the files that are read")]
mod tests {
    use super::*;

    fn check(name: &str, text: impl AsRef<[u8]>, expect: &str) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let said = match read(&path) {
            Ok(policy) => format!("{policy:?}"),
            Err(problem) => {
                assert_eq!(problem.code, ErrorCode::InvalidRequest);
                let hint = problem.hint.map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
                problem.message.replace(&format!("{}/", folder.path().display()), "") + &hint
            }
        };
        assert_eq!(said, expect);
    }

    #[test]
    fn both_formats_are_read() {
        let expect = PolicySpec {
            name: "tight".into(),
            max_cost_usd: Some(0.5),
            blocked_commands: vec!["curl".into()],
            ..PolicySpec::default()
        };
        let expect = format!("{expect:?}");
        let toml = "name = \"tight\"\nmax_cost_usd = 0.5\nblocked_commands = [\"curl\"]\n";
        check("policy.toml", toml, &expect);
        check("policy.TOML", format!("\u{feff}{toml}"), &expect);
        check("a.json", r#"{"name": "tight", "max_cost_usd": 0.5, "blocked_commands": ["curl"]}"#, &expect);
        check("empty.toml", "", &format!("{:?}", PolicySpec::default()));
    }

    #[test]
    fn an_unknown_key_is_shown_with_the_nearest() {
        check(
            "policy.toml",
            "name = \"x\"\n\n  max_cost = 5\n",
            "policy.toml:3:3: there is no key \"max_cost\"\n3 |   max_cost = 5\n  |   ^\n\
             hint: did you mean \"max_cost_usd\"?",
        );
        check(
            "policy.json",
            "{\n  \"name\": \"é\", \"Requires_Approval\": true\n}",
            "policy.json:2:16: there is no key \"Requires_Approval\"\n\
             2 |   \"name\": \"é\", \"Requires_Approval\": true\n  |                ^\n\
             hint: did you mean \"require_approval\"?",
        );
        check(
            "policy.toml",
            "zzz = 1",
            "policy.toml:1:1: there is no key \"zzz\"\n1 | zzz = 1\n  | ^\n\
             hint: the keys are name, model_strategy, max_cost_usd, max_runtime_minutes, preferred_providers, \
             fallback_enabled, blocked_commands, allowed_tools, require_approval, network",
        );
    }

    #[test]
    fn a_wrong_value_is_shown_in_its_line() {
        check(
            "policy.toml",
            "max_cost_usd = \"a lot\"",
            "policy.toml:1:16: invalid type: string \"a lot\", expected a number\n\
             1 | max_cost_usd = \"a lot\"\n  |                ^\nhint: mend that line, or leave it out",
        );
        check(
            "policy.json",
            "{\"network\": maybe}",
            "policy.json:1:13: expected value\n1 | {\"network\": maybe}\n  |             ^\n\
             hint: mend that line, or leave it out",
        );
        check(
            "policy.json",
            "",
            "policy.json:1:1: the file ends too early: EOF while parsing a value\nhint: mend that line, or leave it out",
        );
        let long = format!("{{\"name\": \"{}\", \"network\": 1}}", "x".repeat(5_000));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long.json");
        std::fs::write(&path, long).unwrap();
        let message = read(&path).unwrap_err().message;
        assert!(message.len() < 400 && message.contains("\"network\": 1}"), "{message}");
    }

    #[test]
    fn a_file_that_is_none_says_why() {
        let refusal = |name: &str, why: &str| {
            format!(
                "the policy {name} cannot be read: {why}\n\
                 hint: name a .toml or .json file, for example one with the line: max_cost_usd = 0.50"
            )
        };
        check("policy.yaml", "a: 1", &refusal("policy.yaml", "its name must end in .toml or .json"));
        check("bytes.toml", b"name = \"\xff\"", &refusal("bytes.toml", "stream did not contain valid UTF-8"));
        let huge = "#".repeat((1 << 20) + 1);
        check("huge.toml", huge, &refusal("huge.toml", "it is larger than 1 MB"));
        let missing = read(Path::new("/nowhere/policy.toml")).unwrap_err().message;
        assert!(
            missing.starts_with("the policy /nowhere/policy.toml cannot be read: No such file"),
            "{missing}"
        );
    }
}
