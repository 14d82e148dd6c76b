//! Builds product files: one at a time, the likeliest draft first, more candidates only when something speaks against
//! it, and the examples of the contract as judges.

use aios_protocol::ErrorCode;

use super::ask::{self, CANDIDATES, Draw, Reply};
use super::contract::{CONTRACT, Contract, FileSpec, contract_md, read};
use super::judge::{Candidate, best, is_refuted};
use super::kinds::{Kind, kind_of};
use super::language::Language;
use super::mend;
use super::planner;
use super::probe::{self, Overlay, Survey};
use super::prompts::{self, Prompt, Setting, Source};
use super::repair;
use super::slots::{ExampleTest, example_tests, opening};
use crate::agent::NodeContext;
use crate::run::NodeFault;

/// Finished files that are shown to the author of the next.
const MAX_OTHERS: usize = 3;

/// Builds the files that the contract gives to this agent.
pub(super) async fn work(cx: &NodeContext, setting: &Setting) -> Result<String, NodeFault> {
    let contract = planner::contract_of(cx, setting).await?;
    let own: Vec<FileSpec> =
        contract.owned_by(cx.agent.as_str()).filter(|file| !file.is_test()).cloned().collect();
    if own.is_empty() {
        return Ok(format!("Nothing to do: the contract gives no file to {}.", cx.agent));
    }
    let mut done = Vec::new();
    for file in &own {
        let build = Build {
            cx,
            setting,
            contract: &contract,
            file,
            kind: kind_of(file),
            language: Language::of(&file.path),
        };
        done.push(build.run().await?);
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
}

impl Build<'_> {
    async fn run(&self) -> Result<String, NodeFault> {
        let path = &self.file.path;
        let existing = self.cx.read(path).await.map(|text| Source { path: path.clone(), text });
        let before = match &existing {
            Some(source) => {
                self.survey(std::slice::from_ref(source)).await?.into_iter().next().unwrap_or_default()
            }
            None => Survey::default(),
        };
        let judges = Judges::new(self, &before).await?;
        let mut candidates = match (&existing, &self.cx.debug) {
            // Another attempt: what is there is the first candidate, and the harness said what is wrong.
            (Some(source), Some(debug)) if self.cx.attempt > 1 => {
                let mut current = self.examine(vec![source.text.clone()], &judges).await?;
                let evidence = debug.full_output.clone();
                let repaired = self.repair(source, &evidence, &judges).await?;
                current.extend(repaired);
                current
            }
            _ => self.draw(existing.as_ref(), &judges).await?,
        };
        let tests = judges.names();
        let Some(mut chosen) = best(&candidates, &tests) else { return Err(self.nothing_usable()) };
        // The mistake may be in an example; a repair is the product's last chance before the example loses.
        if let Some(current) =
            candidates.get(chosen).filter(|candidate| candidate.is_sound() && !candidate.is_good(&tests))
        {
            let source = Source { path: path.clone(), text: current.text.clone() };
            let evidence = current.complaint(&tests);
            candidates.extend(self.repair(&source, &evidence, &judges).await?);
            chosen = best(&candidates, &tests).unwrap_or(chosen);
        }
        let Some(winner) = candidates.get(chosen).filter(|candidate| !candidate.text.trim().is_empty())
        else {
            return Err(self.nothing_usable());
        };
        self.cx.write(path, &winner.text).await?;
        let open = self.withdraw(&candidates, chosen, &judges).await?;
        self.note_packages(&winner.survey).await?;
        Ok(self.summary(winner, &open))
    }

    /// Draws the likeliest file, and three more when something speaks against it.
    async fn draw(&self, existing: Option<&Source>, judges: &Judges) -> Result<Vec<Candidate>, NodeFault> {
        let prompt = prompts::product(self.setting, self.kind, self.file, existing, &self.others().await);
        let first = ask::one(self.cx, &prompt, Draw::first(self.cx.attempt)).await?;
        let mut candidates = self.examine(vec![self.mended(&first, existing)], judges).await?;
        let tests = judges.names();
        if candidates.first().is_some_and(|candidate| candidate.is_good(&tests)) {
            return Ok(candidates);
        }
        if let Some(first) = candidates.first() {
            let complaint = first.complaint(&tests);
            self.cx.log(format!(
                "{}: trying {} more drafts, because {complaint}",
                self.file.path,
                CANDIDATES - 1
            ));
        }
        candidates.extend(self.candidates(&prompt, CANDIDATES - 1, existing, judges).await?);
        Ok(candidates)
    }

    /// Draws repairs of a file.
    async fn repair(
        &self,
        source: &Source,
        evidence: &str,
        judges: &Judges,
    ) -> Result<Vec<Candidate>, NodeFault> {
        let texts = repair::candidates(self.cx, self.setting, self.file, source, evidence).await?;
        self.examine(texts, judges).await
    }

    async fn candidates(
        &self,
        prompt: &Prompt,
        count: u32,
        existing: Option<&Source>,
        judges: &Judges,
    ) -> Result<Vec<Candidate>, NodeFault> {
        let asked: Vec<(Prompt, Draw)> =
            Draw::further(self.cx.attempt, count).map(|draw| (prompt.clone(), draw)).collect();
        let replies = ask::all(self.cx, &asked).await?;
        let texts = replies.iter().flatten().map(|reply| self.mended(reply, existing)).collect();
        self.examine(texts, judges).await
    }

    /// The code of a reply, mended by rule and put into the file that is there.
    fn mended(&self, reply: &Reply, existing: Option<&Source>) -> String {
        let exports = self.wanted();
        let code = mend::product(self.language, &reply.code(), &exports);
        let mergeable = matches!(self.language, Language::Python | Language::JavaScript);
        let code = match existing.filter(|source| mergeable && !source.text.trim().is_empty()) {
            Some(source) if !code.trim().is_empty() => mend::merge(self.language, &source.text, &code),
            _ => code,
        };
        match self.kind.filter(|_| !code.trim().is_empty()) {
            Some(kind) => mend::close(self.language, &code, &kind.closing, &kind.closing_mark),
            None => code,
        }
    }

    /// Looks at candidates and tries them.
    async fn examine(&self, mut texts: Vec<String>, judges: &Judges) -> Result<Vec<Candidate>, NodeFault> {
        let path = &self.file.path;
        let sources = |texts: &[String]| -> Vec<Source> {
            texts.iter().map(|text| Source { path: path.clone(), text: text.clone() }).collect()
        };
        let mut surveys = self.survey(&sources(&texts)).await?;
        if surveys.iter().any(|survey| !survey.undefined.is_empty()) {
            for (text, survey) in texts.iter_mut().zip(&surveys) {
                *text = mend::add_imports(self.language, text, &survey.undefined, &[]);
            }
            surveys = self.survey(&sources(&texts)).await?;
        }
        // Without an interpreter nothing is known of what a file offers.
        let is_known = surveys.len() == texts.len();
        surveys.resize(texts.len(), Survey::default());
        let outcomes = judges.try_on(self.cx, self.language, path, &texts, &surveys).await?;
        let wanted = if is_known { self.wanted() } else { Vec::new() };
        Ok(texts
            .into_iter()
            .zip(surveys)
            .zip(outcomes)
            .map(|((text, survey), outcome)| {
                let offers = |name: &str| survey.exports.iter().any(|export| export.name == name);
                let kept = judges.before.exports.iter().map(|export| export.name.as_str());
                let absent = wanted
                    .iter()
                    .copied()
                    .chain(kept)
                    .filter(|name| !offers(name))
                    .map(str::to_owned)
                    .collect();
                Candidate { text, survey, absent, outcome }
            })
            .collect())
    }

    async fn survey(&self, sources: &[Source]) -> Result<Vec<Survey>, NodeFault> {
        if !matches!(self.language, Language::Python | Language::JavaScript) {
            return Ok(Vec::new());
        }
        Ok(probe::survey(self.cx, self.language, sources).await?.unwrap_or_default())
    }

    fn wanted(&self) -> Vec<&str> {
        let own = self.kind.map(|kind| kind.exports.as_slice()).unwrap_or_default();
        self.file.exports().into_iter().chain(own.iter().map(String::as_str)).collect()
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
    async fn withdraw(
        &self,
        candidates: &[Candidate],
        chosen: usize,
        judges: &Judges,
    ) -> Result<Vec<String>, NodeFault> {
        let Some(winner) = candidates.get(chosen) else { return Ok(Vec::new()) };
        let Some(outcome) = winner.outcome.as_ref().filter(|_| winner.is_sound()) else {
            return Ok(Vec::new());
        };
        let (mut refuted, mut open) = (Vec::new(), Vec::new());
        for test in &judges.tests {
            let Some(said) = outcome.failure(&test.name) else { continue };
            let said = said.lines().next().unwrap_or_default();
            // What cannot be run is no evidence, whoever wrote it.
            let senseless = said.starts_with("NameError") || said.starts_with("ReferenceError");
            if senseless || is_refuted(candidates, chosen, &test.name) {
                refuted.push((test.example.clone(), format!("{} (seen: {said})", test.example)));
            } else {
                open.push(format!("{} ({said})", test.example));
            }
        }
        refuted.extend(
            judges.faulty.iter().map(|example| (example.clone(), format!("{example} (it does not parse)"))),
        );
        if !refuted.is_empty() {
            self.strike(&refuted).await?;
        }
        Ok(open)
    }

    /// Strikes examples out of the contract, visibly.
    async fn strike(&self, refuted: &[(String, String)]) -> Result<(), NodeFault> {
        // Read again: other agents may have struck out theirs meanwhile.
        let Some(text) = self.cx.read(CONTRACT).await else { return Ok(()) };
        let mut contract = read(&text);
        let items = contract
            .files
            .iter_mut()
            .filter(|file| file.path == self.file.path)
            .flat_map(|file| &mut file.items);
        for item in items.flat_map(|item| {
            std::iter::once(&mut item.examples)
                .chain(item.members.iter_mut().map(|member| &mut member.examples))
        }) {
            item.retain(|line| !refuted.iter().any(|(example, _)| example == line));
        }
        for (example, note) in refuted {
            self.cx.log(format!(
                "Withdrawn from the contract, because independent drafts agree otherwise: {note}"
            ));
            let owner = contract.files.iter_mut().find(|file| file.path == self.file.path).and_then(|file| {
                let at = self
                    .file
                    .items
                    .iter()
                    .position(|item| item.all_examples().any(|line| line == example))?;
                let signature = &self.file.items.get(at)?.signature;
                file.items.iter_mut().find(|item| item.signature == *signature)
            });
            if let Some(item) = owner {
                item.withdrawn.push(note.clone());
            }
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
        let Some(requires) = self.kind.map(|kind| &kind.requires).filter(|requires| !requires.is_empty())
        else {
            return Ok(());
        };
        if self.cx.read("requirements.txt").await.is_none() {
            self.cx.write("requirements.txt", &format!("{}\n", requires.join("\n"))).await?;
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

/// The contract's examples as tests, and what the file offered before.
struct Judges {
    tests: Vec<ExampleTest>,
    /// Examples that do not even parse.
    faulty: Vec<String>,
    opening: String,
    path: String,
    before: Survey,
}

impl Judges {
    async fn new(build: &Build<'_>, before: &Survey) -> Result<Self, NodeFault> {
        let all = example_tests(build.kind, build.file);
        let path = format!(
            "{}trial_of_examples",
            build.file.path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))
        );
        let path = match build.language {
            Language::JavaScript => format!("{path}.test.mjs"),
            _ => format!("{path}_test.py"),
        };
        let sources: Vec<Source> =
            all.iter().map(|test| Source { path: path.clone(), text: test.text.clone() }).collect();
        let surveys = if all.is_empty() { Vec::new() } else { build.survey(&sources).await? };
        let is_faulty = |at: usize| surveys.get(at).is_some_and(|survey| survey.fault.is_some());
        let faulty = all
            .iter()
            .enumerate()
            .filter(|(at, _)| is_faulty(*at))
            .map(|(_, test)| test.example.clone())
            .collect();
        let tests: Vec<ExampleTest> =
            all.into_iter().enumerate().filter(|(at, _)| !is_faulty(*at)).map(|(_, test)| test).collect();
        let exports: Vec<String> = build.wanted().into_iter().map(str::to_owned).collect();
        let opening = opening(build.kind, build.file, &exports);
        Ok(Self { tests, faulty, opening, path, before: before.clone() })
    }

    fn names(&self) -> Vec<&str> {
        self.tests.iter().map(|test| test.name.as_str()).collect()
    }

    /// Runs the examples on each text; nothing for those that cannot be run.
    async fn try_on(
        &self,
        cx: &NodeContext,
        language: Language,
        path: &str,
        texts: &[String],
        surveys: &[Survey],
    ) -> Result<Vec<Option<super::outcome::Outcome>>, NodeFault> {
        let runs: Vec<bool> =
            surveys.iter().map(|survey| survey.fault.is_none() && survey.missing.is_empty()).collect();
        if self.tests.is_empty() || !runs.contains(&true) {
            return Ok(vec![None; texts.len()]);
        }
        let tests: Vec<&str> = self.tests.iter().map(|test| test.text.trim_end()).collect();
        let tests = format!("{}\n\n{}\n", self.opening, tests.join("\n\n\n"));
        let tests = if tests.contains("asyncio.run(") { format!("import asyncio\n{tests}") } else { tests };
        let variants: Vec<Overlay> = texts
            .iter()
            .zip(&runs)
            .filter(|(_, run)| **run)
            .map(|(text, _)| {
                Overlay::from([(path.to_owned(), text.clone()), (self.path.clone(), tests.clone())])
            })
            .collect();
        let mut outcomes =
            probe::trial(cx, language, &variants, &[&self.path]).await?.unwrap_or_default().into_iter();
        Ok(runs.into_iter().map(|run| if run { outcomes.next() } else { None }).collect())
    }
}
