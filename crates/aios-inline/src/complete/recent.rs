//! What was suggested lately: whoever types along a suggestion gets its rest, and no model is asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aios_core::Scope;

use super::place::Place;

/// Suggestions that are remembered; a person has one or two that matter.
const MOST: usize = 64;

/// The latest suggestions of everybody. Cheap to clone; clones are the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Recent(Arc<Mutex<VecDeque<Suggestion>>>);

#[derive(Debug)]
struct Suggestion {
    who: Scope,
    model: String,
    place: Place,
    completion: String,
}

impl Recent {
    /// The rest of a suggestion that was typed along, if it has one.
    pub(super) fn rest(&self, who: &Scope, model: &str, place: &Place) -> Option<String> {
        let recent = self.lock();
        let mut fitting = recent.iter().rev().filter(|known| known.who == *who && known.model == model);
        fitting.find_map(|known| {
            let is_here = known.place.before == place.before
                && known.place.after == place.after
                && known.place.path == place.path;
            let typed = place.typed.strip_prefix(&known.place.typed).filter(|_| is_here)?;
            known.completion.strip_prefix(typed).filter(|rest| !rest.is_empty()).map(str::to_owned)
        })
    }

    pub(super) fn remember(&self, who: &Scope, model: &str, place: &Place, completion: &str) {
        if completion.is_empty() {
            return;
        }
        let mut recent = self.lock();
        if recent.len() >= MOST {
            recent.pop_front();
        }
        recent.push_back(Suggestion {
            who: who.clone(),
            model: model.to_owned(),
            place: place.clone(),
            completion: completion.replace("\r\n", "\n"),
        });
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Suggestion>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use aios_protocol::InlineComplete;

    use super::super::place::Budget;
    use super::*;

    fn place(prefix: &str, suffix: &str) -> Place {
        let request =
            InlineComplete { prefix: prefix.into(), suffix: suffix.into(), ..InlineComplete::default() };
        Place::of(&request, Budget { before: 1000, after: 1000 })
    }

    fn scope(org: &str, user: &str) -> Scope {
        Scope { org: org.parse().unwrap(), user: user.parse().unwrap() }
    }

    #[test]
    fn typing_along_gives_the_rest() {
        let (recent, ada) = (Recent::default(), scope("acme", "ada"));
        recent.remember(&ada, "m", &place("a\nx = ", "\n"), "sum(y)");
        let check = |who: &Scope, model, prefix: &str, suffix: &str, expect: Option<&str>| {
            let found = recent.rest(who, model, &place(prefix, suffix));
            assert_eq!(found.as_deref(), expect, "{who:?} {model} {prefix:?} {suffix:?}");
        };
        check(&ada, "m", "a\nx = ", "\n", Some("sum(y)"));
        check(&ada, "m", "a\nx = su", "\n", Some("m(y)"));
        check(&ada, "m", "a\nx = sum(y)", "\n", None);
        check(&ada, "m", "a\nx = max", "\n", None);
        check(&ada, "m", "a\nx =", "\n", None);
        check(&ada, "m", "b\nx = su", "\n", None);
        check(&ada, "m", "a\nx = su", "!\n", None);
        check(&ada, "other", "a\nx = su", "\n", None);
        check(&scope("acme", "bob"), "m", "a\nx = su", "\n", None);
        check(&scope("globex", "ada"), "m", "a\nx = su", "\n", None);
    }

    #[test]
    fn memory_is_bounded_and_the_latest_counts() {
        let (recent, ada) = (Recent::default(), scope("acme", "ada"));
        for n in 0..MOST * 2 {
            recent.remember(&ada, "m", &place("x = ", ""), &n.to_string());
        }
        recent.remember(&ada, "m", &place("x = ", ""), "");
        assert_eq!(recent.lock().len(), MOST);
        assert_eq!(recent.rest(&ada, "m", &place("x = ", "")), Some((MOST * 2 - 1).to_string()));
    }
}
