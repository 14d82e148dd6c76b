//! The jury of a product file: the contract's examples, run on each candidate.

use super::contract::FileSpec;
use super::kinds::Kind;
use super::language::Language;
use super::mend;
use super::outcome::Outcome;
use super::probe::{self, Overlay, Survey};
use super::prompts::Source;
use super::slots::{ExampleTest, example_tests, opening};
use crate::agent::NodeContext;
use crate::run::NodeFault;

/// The examples of one file as tests.
pub(super) struct Jury {
    pub(super) tests: Vec<ExampleTest>,
    /// Examples that do not even parse.
    pub(super) faulty: Vec<String>,
    /// The test file, which exists in trials only.
    path: String,
    text: String,
}

impl Jury {
    /// Makes tests of a file's examples; `exports` is what they may import.
    pub(super) async fn summon(
        cx: &NodeContext,
        kind: Option<&Kind>,
        file: &FileSpec,
        exports: &[&str],
    ) -> Result<Self, NodeFault> {
        let language = Language::of(&file.path);
        let folder = file.path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let path = match language {
            Language::JavaScript => format!("{folder}trial_of_examples.test.mjs"),
            _ => format!("{folder}trial_of_examples_test.py"),
        };
        let all = example_tests(kind, file);
        let source = |test: &ExampleTest| Source { path: path.clone(), text: test.text.clone() };
        let surveys = probe::survey(cx, language, &all.iter().map(source).collect::<Vec<_>>()).await?;
        let (mut tests, mut faulty) = (Vec::new(), Vec::new());
        for (at, test) in all.into_iter().enumerate() {
            match surveys.get(at).and_then(|survey| survey.fault.as_ref()) {
                Some(_) => faulty.push(test.example),
                None => tests.push(test),
            }
        }
        let exports: Vec<String> = exports.iter().map(ToString::to_string).collect();
        let texts: Vec<&str> = tests.iter().map(|test| test.text.trim_end()).collect();
        let text = mend::test_file(language, &opening(kind, file, &exports), &texts);
        Ok(Self { tests, faulty, path, text })
    }

    /// The names of its tests.
    pub(super) fn names(&self) -> Vec<&str> {
        self.tests.iter().map(|test| test.name.as_str()).collect()
    }

    /// Runs the examples on each text; nothing for those that cannot be run.
    pub(super) async fn hear(
        &self,
        cx: &NodeContext,
        path: &str,
        texts: &[String],
        surveys: &[Survey],
    ) -> Result<Vec<Option<Outcome>>, NodeFault> {
        let runs =
            |survey: &Survey| survey.fault.is_none() && survey.missing.is_empty() && !self.tests.is_empty();
        let overlay = |text: &String| {
            Overlay::from([(path.to_owned(), text.clone()), (self.path.clone(), self.text.clone())])
        };
        let variants: Vec<Overlay> = texts
            .iter()
            .zip(surveys)
            .filter(|(_, survey)| runs(survey))
            .map(|(text, _)| overlay(text))
            .collect();
        let outcomes = probe::trial(cx, Language::of(path), &variants, &[&self.path]).await?;
        let mut outcomes = outcomes.into_iter();
        Ok(surveys.iter().map(|survey| if runs(survey) { outcomes.next() } else { None }).collect())
    }
}
