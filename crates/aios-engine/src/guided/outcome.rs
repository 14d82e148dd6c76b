//! What a trial showed: which tests passed, and what the others said. Pure.

use std::collections::BTreeMap;

/// The results of one trial.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// By test: nothing when it passed, else what it said.
    results: BTreeMap<String, Option<String>>,
    /// Why nothing could be run at all.
    pub(super) broken: Option<String>,
}

impl Outcome {
    /// Reads a JUnit report.
    pub(super) fn read(report: Option<&str>, output: &str) -> Self {
        let Some(document) = report.and_then(|xml| roxmltree::Document::parse(xml).ok()) else {
            return Self { results: BTreeMap::new(), broken: Some(short(output)) };
        };
        let mut outcome = Self::default();
        for case in document.descendants().filter(|node| node.has_tag_name("testcase")) {
            let name = case.attribute("name").unwrap_or_default();
            let name = name.split('[').next().unwrap_or(name).to_owned();
            let fault =
                case.children().find(|child| child.has_tag_name("failure") || child.has_tag_name("error"));
            let Some(fault) = fault else {
                outcome.results.entry(name).or_insert(None);
                continue;
            };
            let text = fault
                .attribute("message")
                .filter(|text| !text.is_empty())
                .or(fault.text())
                .unwrap_or("failed");
            // A file that cannot be collected fails as a whole, under its own name.
            if text.contains("collection failure") {
                outcome.broken = Some(short(fault.text().unwrap_or(text)));
            }
            outcome.results.insert(name, Some(short(text)));
        }
        if outcome.results.is_empty() && outcome.broken.is_none() {
            outcome.broken = Some(short(output));
        }
        outcome
    }

    /// Whether this test ran and passed.
    pub(super) fn passed(&self, test: &str) -> bool {
        self.broken.is_none() && matches!(self.results.get(test), Some(None))
    }

    /// What this test said, or why it did not run.
    pub(super) fn failure(&self, test: &str) -> Option<&str> {
        match self.results.get(test) {
            Some(result) if self.broken.is_none() => result.as_deref(),
            _ => Some(self.broken.as_deref().unwrap_or("it did not run")),
        }
    }

    /// How many passed.
    pub(super) fn count(&self) -> usize {
        if self.broken.is_some() {
            0
        } else {
            self.results.values().filter(|result| result.is_none()).count()
        }
    }
}

/// The telling part of a failure: its first lines, without what changes from run to run.
fn short(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    // pytest marks what went wrong; the rest is the way there.
    let marked: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("E ")).map(str::trim).collect();
    let telling = if marked.is_empty() { lines } else { marked };
    let mut text = telling.into_iter().take(8).collect::<Vec<_>>().join("\n");
    text.truncate(text.floor_char_boundary(600));
    without_addresses(&text)
}

fn without_addresses(text: &str) -> String {
    let mut parts = text.split("0x");
    let mut clean = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        clean.push_str("0x…");
        clean.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_read() {
        let xml = "<testsuites><testsuite><testcase classname=\"test_a\" name=\"test_a\"/>\
            <testcase name=\"test_b[1]\"/><testcase name=\"test_b[2]\"><failure message=\"assert 1 == 2&#10; +  where 1 = f()\">x</failure></testcase>\
            <testcase name=\"test_c\"><failure message=\"\">a.py:3: in f\nE   KeyError: &lt;o at 0x7f12ab&gt;</failure></testcase></testsuite></testsuites>";
        let outcome = Outcome::read(Some(xml), "");
        assert!(outcome.passed("test_a") && !outcome.passed("test_b") && !outcome.passed("test_d"));
        assert_eq!(outcome.failure("test_b"), Some("assert 1 == 2\n+  where 1 = f()"));
        assert_eq!(outcome.failure("test_c"), Some("KeyError: <o at 0x…>"));
        assert_eq!(outcome.failure("test_d"), Some("it did not run"));
        let failed = outcome.results.values().flatten().count();
        assert_eq!((outcome.count(), failed), (1, 2));
    }

    #[test]
    fn what_cannot_be_collected_fails_as_a_whole() {
        let xml = "<testsuites><testsuite><testcase classname=\"\" name=\"test_a\">\
            <error message=\"collection failure\">test_a.py:1: in &lt;module&gt;\nE   ImportError: cannot import name 'x'</error></testcase></testsuite></testsuites>";
        let outcome = Outcome::read(Some(xml), "");
        assert_eq!(outcome.failure("test_x"), Some("ImportError: cannot import name 'x'"));
        let outcome = Outcome::read(None, "boom\n");
        assert_eq!((outcome.failure("test_x"), outcome.count()), (Some("boom"), 0));
    }
}
