//! Tests product files: tests from the contract and from the model, tried on the product before they are written.
//!
//! A claim that fails is not taken out because it fails. Second opinions are heard, which see the contract and not the
//! code; where they are with the claim, the product is repaired, and where that fails, the claim stays and the harness
//! reports it. What is left out is said in the log and in the summary.

mod draw;
mod settle;

use aios_protocol::ErrorCode;

use super::contract::{FileSpec, Item};
use super::kinds::kind_of;
use super::language::Language;
use super::mend;
use super::outcome::Outcome;
use super::planner::{self, ADDS};
use super::probe::{self, Overlay, Survey};
use super::prompts::{Setting, Source};
use super::slots::{self, Slot};
use super::units::{UnitKind, join, units};
use crate::agent::NodeContext;
use crate::run::NodeFault;

/// Writes the tests that the contract gives to this agent, and settles what they find.
pub(super) async fn work(cx: &NodeContext, setting: &Setting) -> Result<String, NodeFault> {
    let contract = planner::contract_of(cx, setting).await?;
    let own: Vec<FileSpec> =
        contract.owned_by(cx.agent.as_str()).filter(|file| file.is_test()).cloned().collect();
    if own.is_empty() {
        let nothing = "No tests: the contract names no test file, or nothing that the harness can test.";
        return Ok(nothing.into());
    }
    let mut done = Vec::new();
    for file in &own {
        for path in &file.tests {
            let unknown = || FileSpec { path: path.clone(), ..FileSpec::default() };
            let spec = contract.file(path).cloned().unwrap_or_else(unknown);
            let mut session = Session::open(cx, setting, file, spec).await?;
            session.gather().await?;
            session.settle().await?;
            done.push(session.finish().await?);
        }
    }
    Ok(done.join(" "))
}

/// A test of the file that is being made.
#[derive(Debug, Clone, Default)]
struct Test {
    name: String,
    text: String,
    /// What the model was given to write it; nothing for tests that are not up for discussion: the contract's examples
    /// and the user's own.
    slot: Option<Slot>,
}

/// The making of one test file.
struct Session<'a> {
    cx: &'a NodeContext,
    setting: &'a Setting,
    file: &'a FileSpec,
    /// What the contract says of the product.
    spec: FileSpec,
    product: Source,
    survey: Survey,
    /// The language of the tests.
    language: Language,
    /// The first lines of the file.
    opening: String,
    /// The test file as it was.
    before: Option<String>,
    tests: Vec<Test>,
    /// What the reader should know.
    notes: Vec<String>,
}

impl<'a> Session<'a> {
    async fn open(
        cx: &'a NodeContext,
        setting: &'a Setting,
        file: &'a FileSpec,
        mut spec: FileSpec,
    ) -> Result<Self, NodeFault> {
        let Some(text) = cx.read(&spec.path).await else {
            let reason = format!("{} does not exist, so there is nothing to test", spec.path);
            return Err(NodeFault { reason, code: ErrorCode::NotFound });
        };
        let product = Source { path: spec.path.clone(), text };
        let surveyed = probe::survey(cx, Language::of(&spec.path), std::slice::from_ref(&product)).await?;
        let survey = surveyed.into_iter().next().unwrap_or_default();
        if spec.items.is_empty() {
            // A contract that names nothing: what the code defines is what there is to test.
            let defined = survey.exports.iter().filter(|export| !export.signature.is_empty());
            let item =
                |export: &probe::Export| Item { signature: export.signature.clone(), ..Item::default() };
            spec.items = defined.map(item).collect();
        }
        let offered = |name: &&str| survey.exports.iter().any(|export| export.name == **name);
        let exports: Vec<String> = spec.exports().into_iter().filter(offered).map(str::to_owned).collect();
        let opening = slots::opening(kind_of(&spec), &spec, &exports);
        let before = cx.read(&file.path).await.filter(|text| !text.trim().is_empty());
        let language = Language::of(&file.path);
        let (tests, notes) = (Vec::new(), Vec::new());
        Ok(Self { cx, setting, file, spec, product, survey, language, opening, before, tests, notes })
    }

    /// Collects the tests: those of an earlier attempt, or new ones.
    async fn gather(&mut self) -> Result<(), NodeFault> {
        match self.before.take() {
            Some(text) if self.cx.attempt > 1 => self.take_what_is_there(&text),
            before => {
                self.before = before;
                self.take_examples().await?;
                self.write_tests().await?;
            }
        }
        Ok(())
    }

    /// Tests that the file has already.
    fn take_what_is_there(&mut self, text: &str) {
        let all = units(self.language, text);
        let (tests, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|unit| unit.kind == UnitKind::Test);
        self.opening = join(self.language, &rest);
        let slots = if self.file.purpose == ADDS { Vec::new() } else { slots::slots(&self.spec) };
        for unit in tests {
            let name = unit.name.unwrap_or_default();
            let slot = slots.iter().find(|slot| slot.name == name).cloned();
            self.tests.push(Test { name, text: unit.text, slot });
        }
    }

    fn add(&mut self, mut test: Test) {
        // In a file that was there, names may be taken.
        let taken =
            |text: &str| units(self.language, text).iter().any(|unit| unit.name.as_ref() == Some(&test.name));
        if self.before.as_deref().is_some_and(taken) {
            let fresh = format!("{}_more", test.name);
            test.text = test.text.replacen(&test.name, &fresh, 1);
            if let Some(slot) = &mut test.slot {
                slot.head = slot.head.replacen(&slot.name, &fresh, 1);
                slot.name.clone_from(&fresh);
            }
            test.name = fresh;
        }
        self.tests.push(test);
    }

    /// Runs tests over the workspace as it is; nothing where there is no runner.
    async fn try_tests(&self, tests: &[Test]) -> Result<Option<Outcome>, NodeFault> {
        if tests.is_empty() {
            return Ok(Some(Outcome::default()));
        }
        let outcomes = self.try_variants(&[self.overlay(tests, None)]).await?;
        Ok(outcomes.into_iter().next())
    }

    async fn try_variants(&self, variants: &[Overlay]) -> Result<Vec<Outcome>, NodeFault> {
        probe::trial(self.cx, self.language, variants, &[&self.file.path]).await
    }

    fn overlay(&self, tests: &[Test], product: Option<&str>) -> Overlay {
        let mut overlay = Overlay::from([(self.file.path.clone(), self.text_of(tests))]);
        if let Some(text) = product {
            overlay.insert(self.product.path.clone(), text.to_owned());
        }
        overlay
    }

    /// The test file with these tests, imports included.
    fn text_of(&self, tests: &[Test]) -> String {
        let all: Vec<&str> = tests.iter().map(|test| test.text.trim_end()).collect();
        let text = mend::test_file(self.language, &self.opening, &all);
        match &self.before {
            Some(before) => mend::merge(self.language, before, &text),
            None => text,
        }
    }

    /// Writes the test file and says what came of it.
    async fn finish(self) -> Result<String, NodeFault> {
        let (path, product) = (&self.file.path, &self.product.path);
        if self.tests.is_empty() {
            let reason =
                format!("the model gave no usable test for {product}; a stronger model may do better");
            return Err(NodeFault { reason, code: ErrorCode::ModelFailed });
        }
        self.cx.write(path, &self.text_of(&self.tests)).await?;
        if !self.survey.missing.is_empty() {
            let packages = self.survey.missing.join(" ");
            let reason = format!(
                "{product} needs packages that are not installed ({packages}), so {path} cannot be run; install them \
                 (`python3 -m pip install {packages}`) and run again"
            );
            return Err(NodeFault { reason, code: ErrorCode::NotConfigured });
        }
        let notes =
            if self.notes.is_empty() { String::new() } else { format!(" ({})", self.notes.join("; ")) };
        Ok(format!("Wrote {path}: {} tests{notes}.", self.tests.len()))
    }
}
