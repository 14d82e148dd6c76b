//! Reads what test runners report: JUnit XML, and the summary lines of `cargo test`.

/// Tests as a runner counted them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
    /// The names of those that failed.
    pub(crate) failed_tests: Vec<String>,
}

impl Counts {
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.failed_tests.extend(other.failed_tests);
    }
}

/// Counts the test cases of a JUnit report, one by one: the totals in its head are not believed.
pub(crate) fn junit(xml: &str) -> Result<Counts, roxmltree::Error> {
    let document = roxmltree::Document::parse(xml)?;
    let mut counts = Counts::default();
    for case in document.descendants().filter(|node| node.has_tag_name("testcase")) {
        let has = |tag: &str| case.children().any(|child| child.has_tag_name(tag));
        if has("failure") || has("error") {
            counts.failed += 1;
            let class = case.attribute("classname").unwrap_or_default();
            let name = case.attribute("name").unwrap_or("unnamed");
            // Node writes the fixed word `test` as class.
            let full = if class.is_empty() || class == "test" {
                name.to_owned()
            } else {
                format!("{class}::{name}")
            };
            counts.failed_tests.push(full);
        } else if has("skipped") {
            counts.skipped += 1;
        } else {
            counts.passed += 1;
        }
    }
    Ok(counts)
}

/// Sums up the `test result:` lines of `cargo test` and collects the names of failed tests.
pub(crate) fn cargo(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines() {
        if let Some(summary) = line.trim().strip_prefix("test result:") {
            let number = |word: &str| -> u32 {
                let part = summary.split([';', '.']).find(|part| part.trim().ends_with(word));
                let digits =
                    part.and_then(|part| part.split_whitespace().find_map(|token| token.parse().ok()));
                digits.unwrap_or(0)
            };
            counts.passed += number("passed");
            counts.failed += number("failed");
            counts.skipped += number("ignored");
        } else if let Some(name) =
            line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED"))
        {
            counts.failed_tests.push(name.to_owned());
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn junit_cases_are_counted_one_by_one() {
        let xml = r#"<?xml version="1.0"?><testsuites><testsuite tests="99" failures="0">
            <testcase classname="tests.test_calc" name="test_add" time="0.001"/>
            <testcase classname="tests.test_calc" name="test_div"><failure message="boom">trace</failure></testcase>
            <testcase classname="" name="tests.test_broken"><error message="collection failure"/></testcase>
            <testcase classname="tests.test_calc" name="test_later"><skipped/></testcase>
            </testsuite></testsuites>"#;
        let expect = Counts {
            passed: 1,
            failed: 2,
            skipped: 1,
            failed_tests: vec!["tests.test_calc::test_div".into(), "tests.test_broken".into()],
        };
        assert_eq!(junit(xml).unwrap(), expect);
        assert!(junit("<testsuites><testcase").is_err());
    }

    #[test]
    fn cargo_summaries_are_added_up() {
        let output = "running 2 tests\ntest a::b ... ok\ntest a::c ... FAILED\n\n\
            test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: ok. 3 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.01s\n";
        let expect = Counts { passed: 4, failed: 1, skipped: 2, failed_tests: vec!["a::c".into()] };
        assert_eq!(cargo(output), expect);
    }
}
