//! Repairs: a product file again, with what speaks against it.

use super::ask::{self, Draw};
use super::contract::FileSpec;
use super::language::Language;
use super::mend;
use super::probe;
use super::prompts::{self, Prompt, Setting, Source};
use crate::agent::NodeContext;
use crate::run::NodeFault;

/// Repairs that are drawn beside each other.
const REPAIRS: u32 = 3;
/// Draws of repairs have their own seeds.
const SEED: u32 = 20;

/// Draws repairs; each is the whole file, with what the model wrote anew put into its place. Those that do not parse
/// or change nothing are left out.
pub(super) async fn candidates(
    cx: &NodeContext,
    setting: &Setting,
    spec: &FileSpec,
    product: &Source,
    evidence: &str,
) -> Result<Vec<String>, NodeFault> {
    let language = Language::of(&product.path);
    let prompt = prompts::repair(setting, spec, product, evidence, "");
    let asked: Vec<(Prompt, Draw)> =
        Draw::further(cx.attempt, REPAIRS).map(|draw| (prompt.clone(), draw.after(SEED))).collect();
    let replies = ask::all(cx, &asked).await?;
    let wanted = spec.exports();
    let mut texts: Vec<String> = Vec::new();
    for reply in replies.iter().flatten() {
        let code = mend::product(language, &reply.code(), &wanted);
        let text = if language.has_units() { mend::merge(language, &product.text, &code) } else { code };
        if !text.trim().is_empty() && text != product.text && !texts.contains(&text) {
            texts.push(text);
        }
    }
    let sources: Vec<Source> =
        texts.iter().map(|text| Source { path: product.path.clone(), text: text.clone() }).collect();
    let surveys = probe::survey(cx, language, &sources).await?;
    let sound = texts.into_iter().enumerate().filter_map(|(at, text)| match surveys.get(at) {
        Some(survey) if survey.fault.is_some() => None,
        Some(survey) => Some(mend::add_imports(language, &text, &survey.undefined)),
        None => Some(text),
    });
    Ok(sound.collect())
}
