//! Settles what fails: is the test wrong, or the product?

use std::collections::BTreeSet;

use super::super::ask::{self, Draw};
use super::super::claims::{Claim, Claims};
use super::super::contract::short_form;
use super::super::judge::{Opinion, weigh};
use super::super::kinds::kind_of;
use super::super::language::Language;
use super::super::outcome::Outcome;
use super::super::probe::Overlay;
use super::super::prompts::Prompt;
use super::super::repair;
use super::super::slots::{self, Slot};
use super::{Session, Test};
use crate::run::NodeFault;

/// Opinions that are heard on a claim.
const OPINIONS: u32 = 3;
/// Failing tests that are settled one by one; beyond them the file is wrong as a whole, and the product is asked first.
const MAX_DISPUTES: usize = 8;
/// Failures that are shown to the one who repairs.
const SHOWN_FAILURES: usize = 3;

/// What became of a failing test.
#[derive(Debug, Default)]
struct Settled {
    /// The test as it stays; nothing when it is left out.
    text: Option<String>,
    /// What was left out, and why.
    notes: Vec<String>,
    /// Whether something stays that the product must still meet.
    against_product: bool,
}

impl Session<'_> {
    /// Tries the tests and settles what fails.
    pub(super) async fn settle(&mut self) -> Result<(), NodeFault> {
        // What needs a package that is not there fails for no other reason.
        if !self.survey.missing.is_empty() {
            return Ok(());
        }
        let Some(outcome) = self.try_tests(&self.tests).await? else { return Ok(()) };
        let failing = (0..self.tests.len())
            .filter(|at| self.tests.get(*at).is_some_and(|test| !outcome.passed(&test.name)));
        let failing: Vec<usize> = failing.collect();
        if failing.is_empty() {
            return Ok(());
        }
        self.cx.log(format!(
            "{} of {} tests do not pass at first; looking for the reason",
            failing.len(),
            self.tests.len()
        ));
        let mut product_is_suspect = failing.len() > MAX_DISPUTES;
        for at in failing.into_iter().take(MAX_DISPUTES) {
            product_is_suspect |= self.settle_test(at, &outcome).await?;
        }
        self.tests.retain(|test| !test.text.is_empty());
        if product_is_suspect { self.repair_product().await } else { Ok(()) }
    }

    /// Settles one failing test; answers whether something stays against the product.
    async fn settle_test(&mut self, at: usize, outcome: &Outcome) -> Result<bool, NodeFault> {
        let Some(test) = self.tests.get(at) else { return Ok(false) };
        // The contract's examples and the user's own tests are not up for discussion here.
        let Some(slot) = &test.slot else { return Ok(true) };
        let met = self.contract_is_met(slot, outcome);
        let settled = match Claims::of(self.language, &slot.head, &test.text, slot.tail) {
            Some(claims) => self.settle_claims(test, slot, &claims, met).await?,
            None => self.settle_whole(test, slot, met).await?,
        };
        for note in &settled.notes {
            self.cx.log(note.clone());
        }
        self.notes.extend(settled.notes);
        if let Some(test) = self.tests.get_mut(at) {
            test.text = settled.text.unwrap_or_default();
        }
        Ok(settled.against_product)
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
            .filter_map(|at| {
                Some(Test { name: name(at), text: claims.alone(at, &slot.name, &name(at))?, slot: None })
            })
            .collect();
        let Some(outcome) = self.try_tests(&alone).await? else { return Ok(kept(test)) };
        let failing: Vec<(usize, &Claim)> =
            claims.all().iter().enumerate().filter(|(at, _)| !outcome.passed(&name(*at))).collect();
        let opinions = self.opinions(slot, &failing, met).await?;
        let mut settled = Settled::default();
        let mut dropped: BTreeSet<usize> = BTreeSet::new();
        for ((at, claim), opinion) in failing.into_iter().zip(opinions) {
            match opinion {
                Opinion::ForClaim => settled.against_product = true,
                Opinion::ForProduct => {
                    dropped.insert(at);
                    let said =
                        outcome.failure(&name(at)).and_then(|said| said.lines().next()).unwrap_or_default();
                    settled.notes.push(format!(
                        "{}: left out `{}`, for which neither the contract nor second opinions speak ({said})",
                        slot.name,
                        claim.text.trim()
                    ));
                }
            }
        }
        settled.text = claims.only(|at| !dropped.contains(&at));
        Ok(settled)
    }

    /// Hears opinions on claims, all at once.
    async fn opinions(
        &self,
        slot: &Slot,
        claims: &[(usize, &Claim)],
        met: bool,
    ) -> Result<Vec<Opinion>, NodeFault> {
        let mut asked: Vec<(Prompt, Draw)> = Vec::new();
        for question in claims.iter().filter_map(|(_, claim)| claim.question.as_deref()) {
            let mut prompt = self.prompt(slot, None);
            prompt.grammar = None;
            prompt.forced.push_str(&format!("{}{question}", self.indent()));
            prompt.stop.push("\n".into());
            prompt.max_tokens = 60;
            asked.extend(Draw::further(self.cx.attempt, OPINIONS).map(|draw| (prompt.clone(), draw)));
        }
        let replies = if asked.is_empty() { Vec::new() } else { ask::all(self.cx, &asked).await? };
        let mut said = replies.chunks(OPINIONS as usize).map(|replies| {
            replies.iter().flatten().map(|reply| reply.text.trim().to_owned()).collect::<Vec<String>>()
        });
        let said: Vec<Vec<String>> = claims
            .iter()
            .map(|(_, claim)| claim.question.as_ref().and_then(|_| said.next()).unwrap_or_default())
            .collect();

        let name = |claim: usize, at: usize| format!("test_opinion_{claim}_{at}");
        let mut tests = Vec::new();
        for (number, ((_, claim), said)) in claims.iter().zip(&said).enumerate() {
            let Some(question) = &claim.question else { continue };
            for (at, answer) in said.iter().enumerate() {
                let head = slot.head.replacen(&slot.name, &name(number, at), 1);
                let text = format!("{head}{}{question} {answer}{}", self.indent(), slot.tail);
                tests.push(Test { name: name(number, at), text, slot: None });
            }
        }
        let outcome = self.try_opinions(tests).await?;
        Ok(claims
            .iter()
            .zip(&said)
            .enumerate()
            .map(|(number, ((_, claim), said))| {
                if claim.question.is_none() {
                    // An error that the contract names is wanted; one that only the test names is not.
                    return if self.contract_names(&claim.text) {
                        Opinion::ForClaim
                    } else {
                        Opinion::ForProduct
                    };
                }
                let with_claim = said.iter().filter(|answer| normal(answer) == normal(&claim.answer)).count();
                let with_product = (0..said.len()).filter(|at| outcome.passed(&name(number, *at))).count();
                weigh(with_product, with_claim, met)
            })
            .collect())
    }

    /// Runs opinions; one that does not even parse must not spoil the others.
    async fn try_opinions(&self, tests: Vec<Test>) -> Result<Outcome, NodeFault> {
        let texts: Vec<String> = tests.iter().map(|test| test.text.clone()).collect();
        let parses = self.parses(&texts).await?;
        let tests: Vec<Test> =
            tests.into_iter().zip(parses).filter(|(_, parses)| *parses).map(|(test, _)| test).collect();
        Ok(self.try_tests(&tests).await?.unwrap_or_default())
    }

    fn indent(&self) -> &'static str {
        if self.language == Language::JavaScript { "  " } else { "    " }
    }

    /// Whether the contract names the error that a claim expects.
    fn contract_names(&self, claim: &str) -> bool {
        let error =
            claim.split("raises(").nth(1).and_then(|rest| rest.split([')', ',']).next()).unwrap_or_default();
        !error.is_empty() && short_form(&self.spec).contains(error)
    }

    /// Draws a test anew that cannot be taken apart, and counts on whose side the draws are.
    async fn settle_whole(&self, test: &Test, slot: &Slot, met: bool) -> Result<Settled, NodeFault> {
        let asked: Vec<(&Slot, Draw)> =
            Draw::further(self.cx.attempt, OPINIONS).map(|draw| (slot, draw)).collect();
        let drawn: Vec<String> = self.draw(&asked).await?.into_iter().flatten().collect();
        let name = |at: usize| format!("{}_draw_{at}", slot.name);
        let tests: Vec<Test> = drawn
            .iter()
            .enumerate()
            .map(|(at, text)| Test {
                name: name(at),
                text: text.replacen(&slot.name, &name(at), 1),
                slot: None,
            })
            .collect();
        let Some(outcome) = self.try_tests(&tests).await? else { return Ok(kept(test)) };
        let passing: Vec<&String> = drawn
            .iter()
            .enumerate()
            .filter(|(at, _)| outcome.passed(&name(*at)))
            .map(|(_, text)| text)
            .collect();
        let failing = drawn.len() - passing.len();
        if weigh(passing.len(), failing, met) == Opinion::ForClaim {
            return Ok(Settled { against_product: true, ..kept(test) });
        }
        let what = if passing.is_empty() { "left out" } else { "written anew" };
        let note = format!(
            "{}: {what}; {} of {} other drafts agree with the code",
            slot.name,
            passing.len(),
            drawn.len()
        );
        Ok(Settled {
            text: passing.first().map(ToString::to_string),
            notes: vec![note],
            against_product: false,
        })
    }

    /// Draws repairs of the product; keeps the best one that breaks nothing.
    async fn repair_product(&mut self) -> Result<(), NodeFault> {
        let Some(outcome) = self.try_tests(&self.tests).await? else { return Ok(()) };
        let failures = self.tests.iter().filter_map(|test| {
            let said = outcome.failure(&test.name)?;
            Some(format!("{}\n\nfails with: {said}", test.text))
        });
        let evidence = failures.take(SHOWN_FAILURES).collect::<Vec<_>>().join("\n\n");
        if evidence.is_empty() {
            return Ok(());
        }
        let candidates =
            repair::candidates(self.cx, self.setting, &self.spec, &self.product, &evidence).await?;
        let variants: Vec<Overlay> =
            candidates.iter().map(|text| self.overlay(&self.tests, Some(text.as_str()))).collect();
        let outcomes = self.try_variants(&variants).await?;
        let breaks_nothing = |new: &Outcome| {
            self.tests.iter().all(|test| !outcome.passed(&test.name) || new.passed(&test.name))
        };
        let best = candidates
            .iter()
            .zip(&outcomes)
            .filter(|(_, new)| breaks_nothing(new) && new.count() > outcome.count())
            .reduce(|best, next| if next.1.count() > best.1.count() { next } else { best });
        let path = &self.product.path;
        match best {
            Some((text, _)) => {
                self.cx.log(format!("Repaired {path}: its tests were right"));
                self.cx.write(path, text).await?;
            }
            None => self.notes.push(format!("{path} could not be repaired")),
        }
        Ok(())
    }
}

fn kept(test: &Test) -> Settled {
    Settled { text: Some(test.text.clone()), ..Settled::default() }
}

/// A value without what makes no difference.
fn normal(value: &str) -> String {
    let value = value.trim().trim_end_matches([';', ',']).replace('\'', "\"");
    value.chars().filter(|c| !c.is_whitespace()).collect()
}
