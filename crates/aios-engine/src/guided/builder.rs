//! Builds product files: one at a time, the likeliest draft first, and more candidates only when something speaks
//! against it, with the contract's examples as the jury.

use aios_protocol::ErrorCode;

use super::ask::{self, CANDIDATES, Draw, Reply};
use super::contract::{CONTRACT, Contract, FileSpec, contract_md, read};
use super::judge::{Candidate, best, is_refuted};
use super::jury::Jury;
use super::kinds::{Kind, kind_of};
use super::language::Language;
use super::mend;
use super::planner;
use super::probe::{self, Survey};
use super::prompts::{self, Prompt, Setting, Source};
use super::repair;
use crate::agent::NodeContext;
use crate::run::NodeFault;

/// Finished files that are shown to the author of the next.
const MAX_OTHERS: usize = 3;

/// Builds the files that the contract gives to this agent.
pub(super) async fn work(cx: &NodeContext, setting: &Setting) -> Result<String, NodeFault> {
    let contract = planner::contract_of(cx, setting).await?;
    let own: Vec<&FileSpec> = contract.owned_by(cx.agent.as_str()).filter(|file| !file.is_test()).collect();
    if own.is_empty() {
        return Ok(format!("Nothing to do: the contract gives no file to {}.", cx.agent));
    }
    let mut done = Vec::new();
    for file in own {
        done.push(Build::open(cx, setting, &contract, file).await?.run().await?);
    }
    Ok(done.join(" "))
}

/// The making of one file.
struct Build<'a> {
    cx: &'a NodeContext,
    setting: &'a Setting,
    contract: &'a Contract,
    file: &'a FileSpec,
    kind: Option<&'static Kind>,
    language: Language,
    /// The file as it is.
    existing: Option<Source>,
    /// What it offers now and must go on to offer.
    kept: Vec<String>,
    jury: Jury,
}

impl<'a> Build<'a> {
    async fn open(
        cx: &'a NodeContext,
        setting: &'a Setting,
        contract: &'a Contract,
        file: &'a FileSpec,
    ) -> Result<Self, NodeFault> {
        let (kind, language) = (kind_of(file), Language::of(&file.path));
        let text = cx.read(&file.path).await.filter(|text| !text.trim().is_empty());
        let existing = text.map(|text| Source { path: file.path.clone(), text });
        let surveys = probe::survey(cx, language, existing.as_slice()).await?;
        let kept = surveys.into_iter().flat_map(|survey| survey.exports).map(|export| export.name).collect();
        let jury = Jury::summon(cx, kind, file, &wanted(file, kind)).await?;
        Ok(Self { cx, setting, contract, file, kind, language, existing, kept, jury })
    }

    async fn run(&self) -> Result<String, NodeFault> {
        let path = &self.file.path;
        let mut candidates = match (&self.existing, &self.cx.debug) {
            // Another attempt: what is there is the first candidate, and the harness said what is wrong.
            (Some(source), Some(debug)) if self.cx.attempt > 1 => {
                let mut current = self.examine(vec![source.text.clone()]).await?;
                current.extend(self.repair(source, &debug.full_output).await?);
                current
            }
            _ => self.draw().await?,
        };
        let tests = self.jury.names();
        let mut chosen = best(&candidates, &tests).ok_or_else(|| self.nothing_usable())?;
        // The mistake may be in an example; a repair is the product's last chance before the example loses.
        if let Some(current) =
            candidates.get(chosen).filter(|current| current.is_sound() && !current.is_good(&tests))
        {
            let source = Source { path: path.clone(), text: current.text.clone() };
            let evidence = current.complaint(&tests);
            candidates.extend(self.repair(&source, &evidence).await?);
            chosen = best(&candidates, &tests).unwrap_or(chosen);
        }
        let winner = candidates.get(chosen).filter(|winner| !winner.text.trim().is_empty());
        let winner = winner.ok_or_else(|| self.nothing_usable())?;
        self.cx.write(path, &winner.text).await?;
        let open = self.withdraw(&candidates, chosen).await?;
        self.note_packages(&winner.survey).await?;
        Ok(self.summary(winner, &open))
    }

    /// Draws the likeliest file, and more when something speaks against it.
    async fn draw(&self) -> Result<Vec<Candidate>, NodeFault> {
        let others = self.others().await;
        let prompt = prompts::product(self.setting, self.kind, self.file, self.existing.as_ref(), &others);
        let first = ask::one(self.cx, &prompt, Draw::first(self.cx.attempt)).await?;
        let mut candidates = self.examine(vec![self.mended(&first)]).await?;
        let tests = self.jury.names();
        let doubt =
            candidates.first().filter(|first| !first.is_good(&tests)).map(|first| first.complaint(&tests));
        let Some(doubt) = doubt else { return Ok(candidates) };
        self.cx.log(format!("{}: {} more drafts, because {doubt}", self.file.path, CANDIDATES - 1));
        let asked: Vec<(Prompt, Draw)> =
            Draw::further(self.cx.attempt, CANDIDATES - 1).map(|draw| (prompt.clone(), draw)).collect();
        let replies = ask::all(self.cx, &asked).await?;
        candidates
            .extend(self.examine(replies.iter().flatten().map(|reply| self.mended(reply)).collect()).await?);
        Ok(candidates)
    }

    /// Draws repairs of a file.
    async fn repair(&self, source: &Source, evidence: &str) -> Result<Vec<Candidate>, NodeFault> {
        let texts = repair::candidates(self.cx, self.setting, self.file, source, evidence).await?;
        self.examine(texts).await
    }

    /// The code of a reply, mended by rule and put into the file that is there.
    fn mended(&self, reply: &Reply) -> String {
        let code = mend::product(self.language, &reply.code(), &wanted(self.file, self.kind));
        if code.trim().is_empty() {
            return code;
        }
        let code = match &self.existing {
            Some(source) if self.language.has_units() => mend::merge(self.language, &source.text, &code),
            _ => code,
        };
        match self.kind {
            Some(kind) => mend::close(self.language, &code, &kind.closing, &kind.closing_mark),
            None => code,
        }
    }

    /// Looks at candidates and tries them.
    async fn examine(&self, mut texts: Vec<String>) -> Result<Vec<Candidate>, NodeFault> {
        let path = &self.file.path;
        let sources = |texts: &[String]| -> Vec<Source> {
            texts.iter().map(|text| Source { path: path.clone(), text: text.clone() }).collect()
        };
        let mut surveys = probe::survey(self.cx, self.language, &sources(&texts)).await?;
        if surveys.iter().any(|survey| !survey.undefined.is_empty()) {
            for (text, survey) in texts.iter_mut().zip(&surveys) {
                *text = mend::add_imports(self.language, text, &survey.undefined);
            }
            surveys = probe::survey(self.cx, self.language, &sources(&texts)).await?;
        }
        // Without an interpreter nothing is known of what a file offers.
        let is_known = surveys.len() == texts.len();
        surveys.resize(texts.len(), Survey::default());
        let mut wanted = wanted(self.file, self.kind);
        wanted.extend(self.kept.iter().map(String::as_str));
        wanted.retain(|_| is_known);
        let outcomes = self.jury.hear(self.cx, path, &texts, &surveys).await?;
        let judged = texts.into_iter().zip(surveys).zip(outcomes).map(|((text, survey), outcome)| {
            let offers = |name: &str| survey.exports.iter().any(|export| export.name == name);
            let absent = wanted.iter().filter(|name| !offers(name)).map(ToString::to_string).collect();
            Candidate { text, survey, absent, outcome }
        });
        Ok(judged.collect())
    }

    /// The finished product files that this one may build on.
    async fn others(&self) -> Vec<Source> {
        let mut others = Vec::new();
        let earlier = self.contract.files.iter().take_while(|file| file.path != self.file.path);
        for file in earlier.filter(|file| !file.is_test()).take(MAX_OTHERS) {
            if let Some(text) = self.cx.read(&file.path).await {
                others.push(Source { path: file.path.clone(), text });
            }
        }
        others
    }

    /// Takes back examples that the evidence is against; answers those that still stand and fail.
    async fn withdraw(&self, candidates: &[Candidate], chosen: usize) -> Result<Vec<String>, NodeFault> {
        let mut refuted: Vec<(&str, &str)> =
            self.jury.faulty.iter().map(|example| (example.as_str(), "it does not parse")).collect();
        let mut open = Vec::new();
        let winner = candidates.get(chosen).filter(|winner| winner.is_sound());
        let outcome = winner.and_then(|winner| winner.outcome.as_ref());
        for test in &self.jury.tests {
            let said = outcome.and_then(|outcome| outcome.failure(&test.name)?.lines().next());
            let Some(said) = said else { continue };
            // What cannot be run is no evidence, whoever wrote it.
            let senseless = said.starts_with("NameError") || said.starts_with("ReferenceError");
            if senseless || is_refuted(candidates, chosen, &test.name) {
                refuted.push((&test.example, said));
            } else {
                open.push(format!("{} ({said})", test.example));
            }
        }
        if !refuted.is_empty() {
            self.strike(&refuted).await?;
        }
        Ok(open)
    }

    /// Strikes examples out of the contract, visibly.
    async fn strike(&self, refuted: &[(&str, &str)]) -> Result<(), NodeFault> {
        // Read again: another agent may have struck out some of its own meanwhile.
        let Some(text) = self.cx.read(CONTRACT).await else { return Ok(()) };
        let mut contract = read(&text);
        for (example, said) in refuted {
            self.cx.log(format!(
                "Withdrawn from the contract: `{example}`; it cannot be run, or independent drafts agree on another result \
                 ({said})"
            ));
            contract.withdraw(&self.file.path, example, said);
        }
        self.cx.write(CONTRACT, &contract_md(&contract)).await
    }

    /// Names the packages that the product needs.
    async fn note_packages(&self, survey: &Survey) -> Result<(), NodeFault> {
        if !survey.missing.is_empty() {
            self.cx.log(format!(
                "{} needs {}, which the harness's Python does not have; what uses it cannot be tried here",
                self.file.path,
                survey.missing.join(", ")
            ));
        }
        let requires = self.kind.map(|kind| kind.requires.join("\n")).unwrap_or_default();
        if !requires.is_empty() && self.cx.read("requirements.txt").await.is_none() {
            self.cx.write("requirements.txt", &format!("{requires}\n")).await?;
        }
        Ok(())
    }

    fn summary(&self, winner: &Candidate, open: &[String]) -> String {
        let path = &self.file.path;
        if let Some(fault) = &winner.survey.fault {
            return format!("Wrote {path}, but it does not parse: {fault}.");
        }
        if !winner.absent.is_empty() {
            return format!("Wrote {path}, but without {}.", winner.absent.join(", "));
        }
        if !open.is_empty() {
            return format!("Wrote {path}, but it does not meet these examples: {}.", open.join("; "));
        }
        format!("Wrote {path}.")
    }

    fn nothing_usable(&self) -> NodeFault {
        let reason =
            format!("the model gave no usable text for {}; a stronger model may do better", self.file.path);
        NodeFault { reason, code: ErrorCode::ModelFailed }
    }
}

/// The names that a file has to offer.
fn wanted<'a>(file: &'a FileSpec, kind: Option<&'a Kind>) -> Vec<&'a str> {
    let own = kind.map(|kind| kind.exports.as_slice()).unwrap_or_default();
    file.exports().into_iter().chain(own.iter().map(String::as_str)).collect()
}
