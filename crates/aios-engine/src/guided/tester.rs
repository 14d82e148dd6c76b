//! Tests product files: tests from the contract and from the model, tried on the product before they are written.
//!
//! A claim that fails is not taken out because it fails. Second opinions are heard, which see the contract and not the
//! code; where they are with the claim, the product is repaired, and where nothing settles it, the claim stays and the
//! harness reports it.

use std::collections::BTreeSet;

use aios_protocol::ErrorCode;

use super::ask::{self, Draw};
use super::claims::Claims;
use super::contract::{FileSpec, is_test_path, short_form};
use super::judge::{Opinion, weigh};
use super::kinds::kind_of;
use super::language::Language;
use super::mend;
use super::outcome::Outcome;
use super::planner::{self, ADDS};
use super::probe::{self, Overlay, Survey};
use super::prompts::{self, Prompt, Setting, Source};
use super::repair;
use super::slots::{self, ExampleTest, Slot};
use super::units::{UnitKind, join, units};
use crate::agent::NodeContext;
use crate::run::NodeFault;

/// Opinions that are heard on a claim.
const OPINIONS: u32 = 3;
/// Claims that are settled one by one; a file with more of them failing is wrong as a whole.
const MAX_DISPUTES: usize = 8;

/// Writes the tests that the contract gives to this agent, and settles what they find.
pub(super) async fn work(cx: &NodeContext, setting: &Setting) -> Result<String, NodeFault> {
    let contract = planner::contract_of(cx, setting).await?;
    let own: Vec<FileSpec> =
        contract.owned_by(cx.agent.as_str()).filter(|file| file.is_test()).cloned().collect();
    if own.is_empty() {
        return Ok(
            "No tests: the contract names no test file, and the harness has no runner for what it names."
                .into(),
        );
    }
    let mut done = Vec::new();
    for file in &own {
        for path in &file.tests {
            let spec = contract
                .file(path)
                .cloned()
                .unwrap_or_else(|| FileSpec { path: path.clone(), ..FileSpec::default() });
            done.push(test_product(cx, setting, file, spec).await?);
        }
    }
    Ok(done.join(" "))
}

async fn test_product(
    cx: &NodeContext,
    setting: &Setting,
    file: &FileSpec,
    spec: FileSpec,
) -> Result<String, NodeFault> {
    let Some(text) = cx.read(&spec.path).await else {
        let reason = format!("{} does not exist, so there is nothing to test", spec.path);
        return Err(NodeFault { reason, code: ErrorCode::NotFound });
    };
    let language = Language::of(&spec.path);
    let product = Source { path: spec.path.clone(), text };
    let survey = probe::survey(cx, language, std::slice::from_ref(&product))
        .await?
        .and_then(|all| all.into_iter().next());
    let survey = survey.unwrap_or_default();
    let mut session = Session::new(cx, setting, file, spec, product, survey).await?;
    if cx.attempt > 1 && session.before.is_some() {
        // The tests stand; what failed is looked at again, with other draws.
        session.take_what_is_there();
    } else {
        session.take_examples().await?;
        session.write_tests().await?;
    }
    session.settle().await?;
    session.finish().await
}

/// A test of the file that is being made.
#[derive(Debug, Clone)]
struct Test {
    name: String,
    text: String,
    /// The lines that were forced, for taking it apart.
    slot: Option<Slot>,
    /// Whether it was there before; then it is not ours to change.
    is_fixed: bool,
    /// The example that it was made of.
    example: bool,
}

/// The making of one test file.
struct Session<'a> {
    cx: &'a NodeContext,
    setting: &'a Setting,
    file: &'a FileSpec,
    spec: FileSpec,
    product: Source,
    survey: Survey,
    language: Language,
    opening: String,
    /// The test file as it was.
    before: Option<String>,
    tests: Vec<Test>,
    notes: Vec<String>,
}

impl<'a> Session<'a> {
    async fn new(
        cx: &'a NodeContext,
        setting: &'a Setting,
        file: &'a FileSpec,
        spec: FileSpec,
        product: Source,
        survey: Survey,
    ) -> Result<Self, NodeFault> {
        let kind = kind_of(&spec);
        let extra = kind.map(|kind| kind.exports.as_slice()).unwrap_or_default();
        let offered = |name: &&str| survey.exports.iter().any(|export| export.name == **name);
        let mut exports: Vec<String> =
            spec.exports().into_iter().filter(offered).map(str::to_owned).collect();
        if exports.is_empty() && extra.is_empty() {
            // A contract without names: what the code defines is what there is to test.
            exports = survey
                .exports
                .iter()
                .filter(|export| !export.signature.is_empty())
                .map(|export| export.name.clone())
                .collect();
        }
        let opening = slots::opening(kind, &spec, &exports);
        let before = cx.read(&file.path).await.filter(|text| !text.trim().is_empty());
        let language = Language::of(&spec.path);
        Ok(Self {
            cx,
            setting,
            file,
            spec,
            product,
            survey,
            language,
            opening,
            before,
            tests: Vec::new(),
            notes: Vec::new(),
        })
    }

    /// The language in which the tests are written.
    fn test_language(&self) -> Language {
        Language::of(&self.file.path)
    }

    fn add(&mut self, mut test: Test) {
        // In a file that was there, names may be taken.
        let taken =
            |name: &str| self.before.as_deref().is_some_and(|text| text.contains(&format!("def {name}(")));
        if taken(&test.name) {
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

    /// Tests that the file has already.
    fn take_what_is_there(&mut self) {
        let Some(text) = self.before.take() else { return };
        let is_fixed = self.file.purpose == ADDS;
        let all = units(self.test_language(), &text);
        let slots = slots::slots(&self.spec);
        self.opening = join(
            self.test_language(),
            &all.iter().filter(|unit| unit.kind != UnitKind::Test).cloned().collect::<Vec<_>>(),
        );
        for unit in all.into_iter().filter(|unit| unit.kind == UnitKind::Test) {
            let name = unit.name.unwrap_or_default();
            let slot = slots.iter().find(|slot| slot.name == name).cloned();
            let example = name.contains("example");
            self.tests.push(Test { name, text: unit.text, slot, is_fixed, example });
        }
    }

    /// Tests made of the contract's examples.
    async fn take_examples(&mut self) -> Result<(), NodeFault> {
        let all: Vec<ExampleTest> = slots::example_tests(kind_of(&self.spec), &self.spec);
        let sources: Vec<Source> =
            all.iter().map(|test| Source { path: self.file.path.clone(), text: test.text.clone() }).collect();
        let surveys = probe::survey(self.cx, self.test_language(), &sources).await?.unwrap_or_default();
        for (at, test) in all.into_iter().enumerate() {
            if surveys.get(at).is_none_or(|survey| survey.fault.is_none()) {
                let text = test.text.trim_end().to_owned();
                self.add(Test { name: test.name, text, slot: None, is_fixed: false, example: true });
            }
        }
        Ok(())
    }

    /// Lets the model write a test into each slot.
    async fn write_tests(&mut self) -> Result<(), NodeFault> {
        let mut slots = slots::slots(&self.spec);
        if slots.is_empty() {
            slots = slots::slots(&self.surveyed());
        }
        let drawn = self.draw(&slots, Draw::first(self.cx.attempt)).await?;
        let mut again = Vec::new();
        for (slot, text) in slots.into_iter().zip(drawn) {
            match text {
                Some(text) => self.add(Test {
                    name: slot.name.clone(),
                    text,
                    slot: Some(slot),
                    is_fixed: false,
                    example: false,
                }),
                None => again.push(slot),
            }
        }
        let drawn = self.draw(&again, Draw::Seeded(self.cx.attempt * 100 + 1)).await?;
        for (slot, text) in again.into_iter().zip(drawn) {
            match text {
                Some(text) => self.add(Test {
                    name: slot.name.clone(),
                    text,
                    slot: Some(slot),
                    is_fixed: false,
                    example: false,
                }),
                None => self.notes.push(format!("the model gave no usable {}", slot.name)),
            }
        }
        Ok(())
    }

    /// The product as its code shows it, for contracts that name no functions.
    fn surveyed(&self) -> FileSpec {
        let items = self.survey.exports.iter().filter(|export| !export.signature.is_empty());
        let items = items.map(|export| super::contract::Item {
            signature: export.signature.clone(),
            ..Default::default()
        });
        FileSpec { items: items.collect(), ..self.spec.clone() }
    }

    /// One test for each slot; nothing where what came is of no use.
    async fn draw(&self, slots: &[Slot], draw: Draw) -> Result<Vec<Option<String>>, NodeFault> {
        if slots.is_empty() {
            return Ok(Vec::new());
        }
        let heads = format!("{}\n\n", self.opening);
        let asked: Vec<(Prompt, Draw)> = slots
            .iter()
            .map(|slot| {
                let prompt = prompts::test(
                    self.setting,
                    &self.spec,
                    &self.product,
                    &self.survey.raises,
                    &heads,
                    &slot.head,
                );
                (prompt, draw)
            })
            .collect();
        let replies = ask::all(self.cx, &asked).await?;
        let texts: Vec<Option<String>> = slots
            .iter()
            .zip(replies)
            .map(|(slot, reply)| {
                reply.map(|reply| {
                    mend::test(
                        self.test_language(),
                        &format!("{}{}{}", slot.head, reply.text.trim_end(), slot.tail),
                    )
                })
            })
            .collect();
        let sources: Vec<Source> = texts
            .iter()
            .map(|text| Source {
                path: self.file.path.clone(),
                text: format!("{}\n{}", self.opening, text.as_deref().unwrap_or_default()),
            })
            .collect();
        let surveys = probe::survey(self.cx, self.test_language(), &sources).await?.unwrap_or_default();
        Ok(texts
            .into_iter()
            .enumerate()
            .map(|(at, text)| {
                let says = |text: &String| text.contains("assert") || text.contains("raises");
                text.filter(says).filter(|_| surveys.get(at).is_none_or(|survey| survey.fault.is_none()))
            })
            .collect())
    }

    /// Tries the tests and settles what fails.
    async fn settle(&mut self) -> Result<(), NodeFault> {
        let Some(outcome) = self.try_tests(&self.tests, None).await? else { return Ok(()) };
        let failing: Vec<usize> = (0..self.tests.len()).filter(|at| self.is_failing(*at, &outcome)).collect();
        if failing.is_empty() {
            return Ok(());
        }
        if !self.survey.missing.is_empty() {
            return Ok(());
        }
        self.cx.log(format!(
            "{} of {} tests fail at first; looking for the reason",
            failing.len(),
            self.tests.len()
        ));
        let mut open: BTreeSet<String> = BTreeSet::new();
        for at in failing.into_iter().take(MAX_DISPUTES) {
            self.settle_test(at, &outcome, &mut open).await?;
        }
        self.tests.retain(|test| !test.text.is_empty());
        if !open.is_empty() {
            self.repair_product().await?;
        }
        Ok(())
    }

    fn is_failing(&self, at: usize, outcome: &Outcome) -> bool {
        self.tests.get(at).is_some_and(|test| !outcome.passed(&test.name))
    }

    /// Settles one failing test; what stays against the product goes to `open`.
    async fn settle_test(
        &mut self,
        at: usize,
        outcome: &Outcome,
        open: &mut BTreeSet<String>,
    ) -> Result<(), NodeFault> {
        let Some(test) = self.tests.get(at).cloned() else { return Ok(()) };
        let Some(slot) = test.slot.clone().filter(|_| !test.is_fixed) else {
            // The contract's examples and the user's own tests are not up for discussion here.
            open.insert(test.name);
            return Ok(());
        };
        let met = self.contract_is_met(&slot, outcome);
        let settled = match Claims::of(self.test_language(), &slot.head, &test.text, slot.tail) {
            Some(claims) => self.settle_claims(&test, &slot, &claims, met).await?,
            None => self.settle_whole(&test, &slot, met).await?,
        };
        if settled.against_product {
            open.insert(test.name.clone());
        }
        for note in &settled.notes {
            self.cx.log(note.clone());
        }
        self.notes.extend(settled.notes);
        if let Some(test) = self.tests.get_mut(at) {
            test.text = settled.text.unwrap_or_default();
        }
        Ok(())
    }

    /// Whether the product meets the contract's examples about this slot's item, and there are some.
    fn contract_is_met(&self, slot: &Slot, outcome: &Outcome) -> bool {
        let examples = slots::example_tests(kind_of(&self.spec), &self.spec);
        let mut about = examples.iter().filter(|test| test.item == slot.item).peekable();
        about.peek().is_some() && about.all(|test| outcome.passed(&test.name))
    }

    /// Tries each claim alone and hears opinions on those that fail.
    async fn settle_claims(
        &self,
        test: &Test,
        slot: &Slot,
        claims: &Claims,
        met: bool,
    ) -> Result<Settled, NodeFault> {
        let name = |at: usize| format!("{}_claim_{at}", slot.name);
        let alone: Vec<Test> = (0..claims.all().len())
            .filter_map(|at| claims.alone(at, &slot.name, &name(at)).map(|text| test.with(name(at), text)))
            .collect();
        let Some(outcome) = self.try_tests(&alone, None).await? else { return Ok(Settled::kept(test)) };
        let mut settled = Settled::default();
        let mut dropped: BTreeSet<usize> = BTreeSet::new();
        for (at, claim) in claims.all().iter().enumerate() {
            let Some(said) = outcome.failure(&name(at)) else { continue };
            let opinion = match &claim.question {
                Some(question) => self.opinion(question, &claim.answer, &slot.head, slot.tail, met).await?,
                // An error that the contract does not speak of and the code does not raise.
                None if self.contract_names(&claim.text) => Opinion::ForClaim,
                None => Opinion::ForProduct,
            };
            match opinion {
                Opinion::ForClaim => settled.against_product = true,
                Opinion::ForProduct => {
                    dropped.insert(at);
                    let said = said.lines().next().unwrap_or_default();
                    settled.notes.push(format!(
                        "{}: left out `{}`; contract and second opinions are not with it ({said})",
                        slot.name,
                        claim.text.trim()
                    ));
                }
            }
        }
        settled.text = claims.only(|at| !dropped.contains(&at));
        Ok(settled)
    }

    /// Whether the contract names the error that a claim expects.
    fn contract_names(&self, claim: &str) -> bool {
        let error =
            claim.split("raises(").nth(1).and_then(|rest| rest.split([')', ',']).next()).unwrap_or_default();
        !error.is_empty() && short_form(&self.spec).contains(error)
    }

    /// Asks what a call gives, without showing the code.
    async fn opinion(
        &self,
        question: &str,
        answer: &str,
        head: &str,
        tail: &str,
        met: bool,
    ) -> Result<Opinion, NodeFault> {
        let blind = Source { path: self.product.path.clone(), text: String::new() };
        let mut prompt =
            prompts::test(self.setting, &self.spec, &blind, &[], &format!("{}\n\n", self.opening), head);
        let indent = if self.test_language() == Language::JavaScript { "  " } else { "    " };
        prompt.forced.push_str(&format!("{indent}{question}"));
        prompt.stop.push("\n".into());
        prompt.max_tokens = 60;
        let asked: Vec<(Prompt, Draw)> =
            Draw::further(self.cx.attempt, OPINIONS).map(|draw| (prompt.clone(), draw)).collect();
        let replies = ask::all(self.cx, &asked).await?;
        let said: Vec<String> = replies.iter().flatten().map(|reply| reply.text.trim().to_owned()).collect();
        let same = |text: &String| normal(text) == normal(answer);
        let with_claim = said.iter().filter(|text| same(text)).count();
        let tests: Vec<Test> = said
            .iter()
            .enumerate()
            .filter(|(_, text)| !same(text))
            .map(|(at, text)| {
                let name = format!("test_opinion_{at}");
                let head = match self.test_language() {
                    Language::JavaScript => format!("test('{name}', async () => {{\n"),
                    _ => head.replacen(head.split(['(', ' ']).nth(1).unwrap_or_default(), &name, 1),
                };
                Test {
                    name,
                    text: format!("{head}{indent}{question} {text}{tail}"),
                    slot: None,
                    is_fixed: false,
                    example: false,
                }
            })
            .collect();
        let with_product = match self.try_tests(&tests, None).await? {
            Some(outcome) if !tests.is_empty() => outcome.count(),
            _ => 0,
        };
        Ok(weigh(with_product, with_claim, met))
    }

    /// Draws a test anew that cannot be taken apart, and counts on whose side the draws are.
    async fn settle_whole(&self, test: &Test, slot: &Slot, met: bool) -> Result<Settled, NodeFault> {
        let mut drawn = Vec::new();
        let slots = vec![slot.clone(); 1];
        for draw in Draw::further(self.cx.attempt, OPINIONS) {
            drawn.extend(self.draw(&slots, draw).await?.into_iter().flatten());
        }
        let tests: Vec<Test> = drawn
            .iter()
            .enumerate()
            .map(|(at, text)| {
                let name = format!("{}_draw_{at}", slot.name);
                let text = text.replacen(&slot.name, &name, 1);
                test.with(name, text)
            })
            .collect();
        let Some(outcome) = self.try_tests(&tests, None).await? else { return Ok(Settled::kept(test)) };
        let passing: Vec<usize> = (0..tests.len())
            .filter(|at| tests.get(*at).is_some_and(|test| outcome.passed(&test.name)))
            .collect();
        let failing = tests.len() - passing.len();
        if weigh(passing.len(), failing, met) == Opinion::ForClaim {
            return Ok(Settled { against_product: true, ..Settled::kept(test) });
        }
        let text = passing.first().and_then(|at| drawn.get(*at)).cloned();
        let what = if text.is_some() { "written anew" } else { "left out" };
        let note = format!(
            "{}: {what}; {} of {} other drafts agree with the code",
            slot.name,
            passing.len(),
            tests.len()
        );
        Ok(Settled { text, notes: vec![note], against_product: false })
    }

    /// Lets the product be repaired until what is against it holds; keeps a repair only when nothing else breaks.
    async fn repair_product(&mut self) -> Result<(), NodeFault> {
        let Some(outcome) = self.try_tests(&self.tests, None).await? else { return Ok(()) };
        let evidence = self.evidence(&outcome);
        let candidates =
            repair::candidates(self.cx, self.setting, &self.spec, &self.product, &evidence).await?;
        let variants: Vec<Overlay> =
            candidates.iter().map(|text| self.overlay(&self.tests, Some(text))).collect();
        let outcomes = match variants.is_empty() {
            true => Vec::new(),
            false => probe::trial(self.cx, self.test_language(), &variants, &[&self.file.path])
                .await?
                .unwrap_or_default(),
        };
        let keeps = |new: &Outcome| {
            self.tests.iter().all(|test| !outcome.passed(&test.name) || new.passed(&test.name))
        };
        let best = (0..outcomes.len())
            .filter(|at| outcomes.get(*at).is_some_and(|new| keeps(new) && new.count() > outcome.count()))
            .max_by_key(|at| (outcomes.get(*at).map(Outcome::count), std::cmp::Reverse(*at)));
        match best.and_then(|at| candidates.get(at)) {
            Some(text) => {
                self.cx.log(format!("Repaired {}: its tests were right", self.product.path));
                self.cx.write(&self.product.path, text).await?;
                self.product.text.clone_from(text);
            }
            None => self.notes.push(format!("{} could not be repaired", self.product.path)),
        }
        Ok(())
    }

    fn evidence(&self, outcome: &Outcome) -> String {
        let failing = self.tests.iter().filter_map(|test| {
            let said = outcome.failure(&test.name)?;
            Some(format!("{}\n\nfails with: {said}", test.text))
        });
        failing.take(3).collect::<Vec<_>>().join("\n\n")
    }

    /// Runs tests over the workspace as it is, or with another text of the product.
    async fn try_tests(&self, tests: &[Test], product: Option<&str>) -> Result<Option<Outcome>, NodeFault> {
        if tests.is_empty() {
            return Ok(Some(Outcome::default()));
        }
        let outcomes =
            probe::trial(self.cx, self.test_language(), &[self.overlay(tests, product)], &[&self.file.path])
                .await?;
        Ok(outcomes.and_then(|outcomes| outcomes.into_iter().next()))
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
        let apart = if self.test_language() == Language::Python { "\n\n\n" } else { "\n\n" };
        let all: Vec<&str> =
            tests.iter().map(|test| test.text.as_str()).filter(|text| !text.is_empty()).collect();
        let all = all.join(apart);
        let mut opening = self.opening.trim_end().to_owned();
        if self.test_language() == Language::Python {
            for module in ["asyncio", "pytest"] {
                let line = format!("import {module}\n");
                let used = all.contains(&format!("{module}."));
                let there = opening.lines().any(|known| known == line.trim());
                if used && !there {
                    opening.insert_str(0, &line);
                } else if !used && there && module == "pytest" {
                    opening = opening.replacen(&line, "", 1).trim_start().to_owned();
                }
            }
        }
        let text = format!("{opening}{apart}{all}\n");
        match &self.before {
            Some(before) => mend::merge(self.test_language(), before, &text),
            None => text,
        }
    }

    /// Writes the test file and says what came of it.
    async fn finish(self) -> Result<String, NodeFault> {
        let path = &self.file.path;
        if self.tests.is_empty() {
            let reason = format!(
                "the model gave no usable test for {}; a stronger model may do better",
                self.product.path
            );
            return Err(NodeFault { reason, code: ErrorCode::ModelFailed });
        }
        self.cx.write(path, &self.text_of(&self.tests)).await?;
        if !self.survey.missing.is_empty() && !is_test_path(&self.product.path) {
            let packages = self.survey.missing.join(" ");
            let reason = format!(
                "{} needs packages that are not installed ({packages}), so {path} cannot be run; install them \
                 (`python3 -m pip install {packages}`) and run again",
                self.product.path
            );
            return Err(NodeFault { reason, code: ErrorCode::NotConfigured });
        }
        let examples = self.tests.iter().filter(|test| test.example).count();
        let notes =
            if self.notes.is_empty() { String::new() } else { format!(" ({})", self.notes.join("; ")) };
        Ok(format!(
            "Wrote {path}: {} tests, {examples} of them from the contract's examples{notes}.",
            self.tests.len()
        ))
    }
}

impl Test {
    fn with(&self, name: String, text: String) -> Self {
        Self { name, text, slot: None, is_fixed: false, example: self.example }
    }
}

/// What became of a failing test.
#[derive(Debug, Clone, Default)]
struct Settled {
    /// The test as it stays; nothing when it is left out.
    text: Option<String>,
    /// What was left out, and why.
    notes: Vec<String>,
    /// Whether something stays that the product must still meet.
    against_product: bool,
}

impl Settled {
    fn kept(test: &Test) -> Self {
        Self { text: Some(test.text.clone()), ..Self::default() }
    }
}

/// A value without what makes no difference.
fn normal(value: &str) -> String {
    let value = value.trim().trim_end_matches([';', ',']).replace('\'', "\"");
    value.chars().filter(|c| !c.is_whitespace()).collect()
}
