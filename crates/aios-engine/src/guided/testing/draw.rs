//! Where tests come from: the contract's examples, and the model.

use super::super::ask::{self, Draw};
use super::super::kinds::kind_of;
use super::super::mend;
use super::super::probe;
use super::super::prompts::{self, Prompt, Source};
use super::super::slots::{self, Slot};
use super::{Session, Test};
use crate::run::NodeFault;

impl Session<'_> {
    /// Takes over the contract's examples that parse.
    pub(super) async fn take_examples(&mut self) -> Result<(), NodeFault> {
        let all = slots::example_tests(kind_of(&self.spec), &self.spec);
        let texts: Vec<String> = all.iter().map(|test| test.text.clone()).collect();
        let parses = self.parses(&texts).await?;
        for (test, _) in all.into_iter().zip(parses).filter(|(_, parses)| *parses) {
            self.add(Test { name: test.name, text: test.text, slot: None });
        }
        Ok(())
    }

    /// Lets the model write a test into each slot, and once more where what came is of no use.
    pub(super) async fn write_tests(&mut self) -> Result<(), NodeFault> {
        let mut slots = slots::slots(&self.spec);
        for draw in [Draw::first(self.cx.attempt), Draw::Seeded(self.cx.attempt * 100 + 1)] {
            let asked: Vec<(&Slot, Draw)> = slots.iter().map(|slot| (slot, draw)).collect();
            let drawn = self.draw(&asked).await?;
            let mut again = Vec::new();
            for (slot, text) in slots.into_iter().zip(drawn) {
                match text {
                    Some(text) => self.add(Test { name: slot.name.clone(), text, slot: Some(slot) }),
                    None => again.push(slot),
                }
            }
            slots = again;
        }
        self.notes.extend(slots.into_iter().map(|slot| format!("the model gave no usable {}", slot.name)));
        Ok(())
    }

    /// One test for each slot; nothing where what came is of no use.
    pub(super) async fn draw(&self, slots: &[(&Slot, Draw)]) -> Result<Vec<Option<String>>, NodeFault> {
        if slots.is_empty() {
            return Ok(Vec::new());
        }
        let asked: Vec<(Prompt, Draw)> =
            slots.iter().map(|(slot, draw)| (self.prompt(slot, Some(&self.product)), *draw)).collect();
        let replies = ask::all(self.cx, &asked).await?;
        let texts: Vec<String> = slots
            .iter()
            .zip(replies)
            .map(|((slot, _), reply)| {
                let said = reply.map(|reply| reply.text).unwrap_or_default();
                mend::test(self.language, &format!("{}{}{}", slot.head, said.trim_end(), slot.tail))
            })
            .collect();
        let parses = self.parses(&texts).await?;
        let says = |text: &String| text.contains("assert") || text.contains("raises");
        Ok(texts
            .into_iter()
            .zip(parses)
            .map(|(text, parses)| Some(text).filter(|text| parses && says(text)))
            .collect())
    }

    /// The prompt for a test; without a source, for an author who knows the contract only.
    pub(super) fn prompt(&self, slot: &Slot, source: Option<&Source>) -> Prompt {
        let heads = format!("{}\n\n", self.opening);
        let raises = source.map(|_| self.survey.raises.as_slice()).unwrap_or_default();
        prompts::test(self.setting, &self.spec, source, raises, &heads, slot)
    }

    /// Which of these tests parse.
    pub(super) async fn parses(&self, texts: &[String]) -> Result<Vec<bool>, NodeFault> {
        let path = &self.file.path;
        let file = |text: &String| Source { path: path.clone(), text: format!("{}\n{text}", self.opening) };
        let sources: Vec<Source> = texts.iter().map(file).collect();
        let surveys = probe::survey(self.cx, self.language, &sources).await?;
        Ok((0..texts.len()).map(|at| surveys.get(at).is_none_or(|survey| survey.fault.is_none())).collect())
    }
}
