//! Tool calls in a few words.

use serde_json::Value;

/// A tool call, seen from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Action {
    /// The tool.
    tool: String,
    /// The argument that says most: a path, a command, a question.
    subject: String,
}

impl Action {
    /// Picks what matters from a call.
    pub(crate) fn new(tool: &str, arguments: &Value) -> Self {
        let said = ["path", "command", "pattern", "query", "question", "message"]
            .into_iter()
            .find_map(|key| arguments.get(key)?.as_str());
        Self { tool: tool.to_owned(), subject: said.unwrap_or_default().to_owned() }
    }

    /// What is being done: `writes calculator.py`, `runs pytest -q`.
    pub(crate) fn present(&self) -> String {
        self.say(|verbs| verbs.0)
    }

    /// What was done: `wrote calculator.py`, `ran pytest -q`.
    pub(crate) fn past(&self) -> String {
        self.say(|verbs| verbs.1)
    }

    /// Whether its end is news: commands are, reading and what has an event of its own are not.
    pub(crate) fn is_command(&self) -> bool {
        self.tool == "run_command"
    }

    fn say(&self, tense: impl Fn((&'static str, &'static str)) -> &'static str) -> String {
        let verbs = match self.tool.as_str() {
            "write_file" => ("writes", "wrote"),
            "edit_file" => ("edits", "edited"),
            "read_file" => ("reads", "read"),
            "list_files" => ("lists the files", "listed the files"),
            "search_files" => ("searches for", "searched for"),
            "run_command" => ("runs", "ran"),
            "read_test_output" => ("reads the test output", "read the test output"),
            "git_init" => ("starts a git repository", "started a git repository"),
            "git_status" => ("looks at git's status", "looked at git's status"),
            "ask_human" => ("asks", "asked"),
            _ => return format!("{} {}", self.tool, self.subject).trim_end().to_owned(),
        };
        format!("{} {}", tense(verbs), self.subject).trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn calls_read_as_sentences() {
        let check = |tool, arguments: Value, present, past| {
            let action = Action::new(tool, &arguments);
            assert_eq!((action.present(), action.past()), (String::from(present), String::from(past)));
        };
        check("write_file", json!({"content": "x", "path": "a.py"}), "writes a.py", "wrote a.py");
        check("run_command", json!({"command": "pytest -q"}), "runs pytest -q", "ran pytest -q");
        check("list_files", json!({}), "lists the files", "listed the files");
        check("web_search", json!({"query": "rust"}), "web_search rust", "web_search rust");
        check("write_file", json!("nonsense"), "writes", "wrote");
        check("run_command", json!({"command": 7}), "runs", "ran");
    }
}
