//! Which sequence of the cache serves which request, so that no prefix is computed twice.
//!
//! Pure: knows token ids and lengths, not llama.cpp. A slot is one sequence of the cache; what it holds stays
//! after its request has ended, for the next request that begins alike.

/// What is known of a slot when a request looks for one.
#[derive(Debug)]
pub(super) struct SlotView<'a, T> {
    /// Tokens whose cells are in the cache.
    pub(super) cached: &'a [T],
    /// Whether a request runs in it.
    pub(super) busy: bool,
    /// Grows with each use; the smallest was used longest ago.
    pub(super) last_used: u64,
}

/// Where a request goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Placement {
    /// The slot.
    pub(super) slot: usize,
    /// Tokens of the prompt that it already holds.
    pub(super) keep: usize,
}

/// Length of the common beginning.
pub(super) fn common_prefix<T: PartialEq>(a: &[T], b: &[T]) -> usize {
    a.iter().zip(b).take_while(|(x, y)| x == y).count()
}

/// Chooses a free slot for a prompt; none when all are busy.
///
/// A slot is taken over with its cells only if the prompt keeps at least half of them. Otherwise the slot
/// that was idle longest is cleared: what two prompts share is copied from slot to slot at no cost
/// ([`donor`]), so a long conversation is not thrown away for a common first line.
pub(super) fn place<T: PartialEq>(slots: &[SlotView<'_, T>], prompt: &[T]) -> Option<Placement> {
    let free = || slots.iter().enumerate().filter(|(_, slot)| !slot.busy);
    let best =
        free().map(|(i, slot)| (common_prefix(slot.cached, prompt), i)).max_by_key(|&(keep, _)| keep)?;
    if best.0 > 0 && best.0 * 2 >= slots[best.1].cached.len() {
        return Some(Placement { slot: best.1, keep: best.0 });
    }
    let (oldest, slot) = free().min_by_key(|(_, slot)| slot.last_used)?;
    Some(Placement { slot: oldest, keep: common_prefix(slot.cached, prompt) })
}

/// Finds a slot that holds more of `prompt` than the first `have` tokens, and how many it holds.
pub(super) fn donor<'a, T: PartialEq + 'a>(
    slots: impl Iterator<Item = (usize, &'a [T])>,
    prompt: &[T],
    have: usize,
) -> Option<(usize, usize)> {
    slots
        .map(|(i, cached)| (i, common_prefix(cached, prompt)))
        .filter(|&(_, shared)| shared > have)
        .max_by_key(|&(_, shared)| shared)
}

/// Whether to wait for an older request whose prompt, still being computed, begins with more of `prompt` than
/// both hold by now: its cells can then be copied.
pub(super) fn worth_waiting<T: PartialEq>(older: &[T], older_has: usize, prompt: &[T], have: usize) -> bool {
    let shared = common_prefix(older, prompt);
    shared > have && older_has < shared
}

/// Cells that these token lists take together: what several begin with counts once.
pub(super) fn cells<T: PartialEq>(lists: &[&[T]]) -> usize {
    let own = |(i, list): (usize, &&[T])| {
        let shared = lists[..i].iter().map(|other| common_prefix(other, list)).max().unwrap_or(0);
        list.len() - shared
    };
    lists.iter().enumerate().map(own).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(slots: &[(&str, bool)], prompt: &str, expect: Option<(usize, usize)>) {
        let cached: Vec<Vec<char>> = slots.iter().map(|(text, _)| text.chars().collect()).collect();
        let views: Vec<SlotView<'_, char>> = slots
            .iter()
            .zip(&cached)
            .zip(0..)
            .map(|(((_, busy), cached), last_used)| SlotView { cached, busy: *busy, last_used })
            .collect();
        let prompt: Vec<char> = prompt.chars().collect();
        let expect = expect.map(|(slot, keep)| Placement { slot, keep });
        assert_eq!(place(&views, &prompt), expect, "{slots:?}");
    }

    #[test]
    fn a_prompt_goes_where_most_of_it_is_cached() {
        check(&[("", false), ("", false)], "abc", Some((0, 0)));
        check(&[("xyz", false), ("abcd", false)], "abcef", Some((1, 3)));
        check(&[("ab", false), ("abc", false)], "abcd", Some((1, 3)));
        check(&[("abc", true), ("", false)], "abcd", Some((1, 0)));
        check(&[("abc", true), ("x", true)], "abcd", None);
    }

    #[test]
    fn a_long_cache_is_not_thrown_away_for_a_common_first_line() {
        check(&[("zz", false), ("abcdefgh", false)], "abx", Some((0, 0)));
        check(&[("abcdefgh", false), ("zz", true)], "abx", Some((0, 2)));
    }

    #[test]
    fn donors_hold_more_than_one_has() {
        let slots = ["abc", "abcd", "x"].map(|s| s.chars().collect::<Vec<_>>());
        let find = |prompt: &str, have| {
            let prompt: Vec<char> = prompt.chars().collect();
            donor(slots.iter().map(Vec::as_slice).enumerate(), &prompt, have)
        };
        assert_eq!(find("abcdef", 0), Some((1, 4)));
        assert_eq!(find("abcdef", 4), None);
        assert_eq!(find("q", 0), None);
    }

    #[test]
    fn common_beginnings_take_cells_once() {
        let count = |lists: &[&str]| cells(&lists.iter().map(|list| list.as_bytes()).collect::<Vec<_>>());
        assert_eq!(count(&[]), 0);
        assert_eq!(count(&["abc"]), 3);
        assert_eq!(count(&["abc", "abd", "x", "abdef"]), 3 + 1 + 1 + 2);
    }

    #[test]
    fn siblings_wait_for_what_is_being_computed() {
        let (older, younger) = (b"prompt A".as_slice(), b"prompt B".as_slice());
        assert!(worth_waiting(older, 0, younger, 0));
        assert!(worth_waiting(older, 6, younger, 6));
        assert!(!worth_waiting(older, 7, younger, 7));
        assert!(!worth_waiting(older, 8, younger, 0), "copy now, do not wait");
    }
}
