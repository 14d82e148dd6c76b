//! Judges candidates by what they did, not by what they say. Pure.
//!
//! Candidates and examples come from the same small model, and either may be wrong. So each is a witness: a candidate
//! is worth the examples that it passes and, less, the others that behave like it; an example that no candidate passes
//! while most of them agree on another result has the evidence against it.

use super::outcome::Outcome;
use super::probe::Survey;

/// A candidate for a product file, as far as it was looked at.
#[derive(Debug, Clone, Default)]
pub(super) struct Candidate {
    pub(super) text: String,
    pub(super) survey: Survey,
    /// Names that it should offer and does not.
    pub(super) absent: Vec<String>,
    /// What the tests said, where they could be run.
    pub(super) outcome: Option<Outcome>,
}

impl Candidate {
    /// Whether it parses and offers what it should.
    pub(super) fn is_sound(&self) -> bool {
        self.survey.fault.is_none() && self.absent.is_empty() && !self.text.trim().is_empty()
    }

    /// Whether nothing speaks against it.
    pub(super) fn is_good(&self, tests: &[&str]) -> bool {
        let passes = |test: &&str| self.outcome.as_ref().is_none_or(|outcome| outcome.passed(test));
        self.is_sound() && self.survey.undefined.is_empty() && tests.iter().all(passes)
    }

    /// What is wrong with it, for the next prompt and for people.
    pub(super) fn complaint(&self, tests: &[&str]) -> String {
        if let Some(fault) = &self.survey.fault {
            return format!("it does not parse: {fault}");
        }
        if !self.absent.is_empty() {
            return format!("it does not define {}", self.absent.join(", "));
        }
        let Some(outcome) = &self.outcome else { return String::new() };
        let failures = tests.iter().filter_map(|test| Some(format!("{test}: {}", outcome.failure(test)?)));
        failures.take(3).collect::<Vec<_>>().join("\n")
    }
}

/// The best of the candidates; of equals the first.
pub(super) fn best(candidates: &[Candidate], tests: &[&str]) -> Option<usize> {
    let scores: Vec<f64> = (0..candidates.len()).map(|at| score(candidates, at, tests)).collect();
    (0..candidates.len()).reduce(|best, at| if scores.get(at) > scores.get(best) { at } else { best })
}

fn score(candidates: &[Candidate], at: usize, tests: &[&str]) -> f64 {
    let Some(candidate) = candidates.get(at) else { return f64::MIN };
    if candidate.text.trim().is_empty() {
        return f64::MIN;
    }
    if candidate.survey.fault.is_some() {
        return -1_000.0;
    }
    let lacks = 100.0 * candidate.absent.len() as f64 + 10.0 * candidate.survey.undefined.len() as f64;
    let others = candidates.len().saturating_sub(1).max(1) as f64;
    let worth: f64 = tests
        .iter()
        .map(|test| {
            let own = result(candidate, test);
            let alike = (0..candidates.len()).filter(|other| {
                *other != at && candidates.get(*other).map(|other| result(other, test)) == Some(own)
            });
            let passes = if own == Seen::Passed { 2.0 } else { 0.0 };
            let agreed = if own == Seen::Nothing { 0.0 } else { alike.count() as f64 / others };
            passes + agreed
        })
        .sum();
    worth - lacks
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Seen<'a> {
    Nothing,
    Passed,
    Failed(&'a str),
}

fn result<'a>(candidate: &'a Candidate, test: &str) -> Seen<'a> {
    match candidate.outcome.as_ref().filter(|_| candidate.is_sound()) {
        Some(outcome) if outcome.passed(test) => Seen::Passed,
        Some(outcome) if outcome.broken.is_none() => {
            outcome.failure(test).map_or(Seen::Nothing, Seen::Failed)
        }
        _ => Seen::Nothing,
    }
}

/// Whether the evidence is against an example rather than against the chosen candidate: no sound candidate passes it,
/// and at least half of them, two or more, give the very result of the chosen one.
pub(super) fn is_refuted(candidates: &[Candidate], chosen: usize, test: &str) -> bool {
    let Some(own @ Seen::Failed(_)) = candidates.get(chosen).map(|candidate| result(candidate, test)) else {
        return false;
    };
    let seen: Vec<Seen<'_>> = candidates
        .iter()
        .map(|candidate| result(candidate, test))
        .filter(|seen| *seen != Seen::Nothing)
        .collect();
    let alike = seen.iter().filter(|seen| **seen == own).count();
    !seen.contains(&Seen::Passed) && alike >= 2 && 2 * alike >= seen.len()
}

/// What second opinions say of a claim that the product does not meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opinion {
    /// More of them are with the product.
    ForProduct,
    /// More of them are with the claim.
    ForClaim,
}

/// Weighs second opinions: how many expect what the product does, and how many repeat the claim. The claim's author
/// has spoken already and counts with it; the contract's own examples count with the product where it meets them.
pub(super) fn weigh(with_product: usize, with_claim: usize, contract_is_met: bool) -> Opinion {
    let product = with_product + usize::from(contract_is_met);
    let claim = with_claim + 1;
    if claim >= 2 && claim > product { Opinion::ForClaim } else { Opinion::ForProduct }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A candidate from a word such as `p a b`: passed, failed with `a`, failed with `b`; `!` does not parse.
    fn candidates(rows: &[&str]) -> (Vec<Candidate>, Vec<String>) {
        let mut tests = Vec::new();
        let all = rows
            .iter()
            .map(|row| {
                let mut cases = String::new();
                for (at, word) in row.split(' ').enumerate() {
                    let name = format!("t{at}");
                    let fault =
                        if word == "p" { String::new() } else { format!("<failure message='{word}'/>") };
                    cases.push_str(&format!("<testcase name='{name}'>{fault}</testcase>"));
                    if !tests.contains(&name) {
                        tests.push(name);
                    }
                }
                let fault = (*row == "!").then(|| "line 1".to_owned());
                Candidate {
                    text: "x".into(),
                    survey: Survey { fault, ..Survey::default() },
                    outcome: Some(Outcome::read(Some(&format!("<s>{cases}</s>")), "")),
                    ..Candidate::default()
                }
            })
            .collect();
        (all, tests)
    }

    #[test]
    fn the_best_passes_most_and_agrees_with_most() {
        let check = |rows: &[&str], expect: usize| {
            let (all, tests) = candidates(rows);
            let tests: Vec<&str> = tests.iter().map(String::as_str).collect();
            assert_eq!(best(&all, &tests), Some(expect), "{rows:?}");
        };
        check(&["p p", "p p"], 0);
        check(&["p a", "p p"], 1);
        check(&["!", "a b"], 1);
        // All fail the one example; two behave alike.
        check(&["a", "b", "b"], 1);
        assert_eq!(best(&[], &[]), None);
    }

    #[test]
    fn an_example_is_refuted_by_agreement_only() {
        let check = |rows: &[&str], expect: bool| {
            let (all, _) = candidates(rows);
            assert_eq!(is_refuted(&all, 0, "t0"), expect, "{rows:?}");
        };
        check(&["a", "a", "a", "b"], true);
        check(&["a", "a", "p", "a"], false);
        check(&["a", "b", "c", "d"], false);
        check(&["a"], false);
        check(&["a", "a", "b", "c", "d"], false);
        check(&["p", "p"], false);
        check(&["a", "!", "a"], true);
    }

    #[test]
    fn opinions_are_weighed() {
        let check = |product, claim, met, expect| assert_eq!(weigh(product, claim, met), expect);
        check(0, 0, true, Opinion::ForProduct);
        check(0, 0, false, Opinion::ForProduct);
        check(0, 1, false, Opinion::ForClaim);
        check(1, 1, true, Opinion::ForProduct);
        check(0, 3, true, Opinion::ForClaim);
        check(3, 0, false, Opinion::ForProduct);
    }
}
