//! Whether a completion helps. Rather nothing than nonsense: what is shown for nothing costs a look each time. Pure.

use super::place::Place;

/// Lines that are compared with those above.
const MOST_COMPARED: usize = 3;
/// A line with less may well stand there twice.
const LEAST_TELLING: usize = 6;
/// How often the same stands in a row where a model runs in circles.
const CIRCLES: usize = 5;
const LONGEST_CIRCLE: usize = 24;
/// Bytes that circles have together; less is an idiom.
const LEAST_CIRCLING: usize = 20;

/// Whether to show it.
pub(super) fn is_worth_showing(place: &Place, completion: &str) -> bool {
    !completion.trim().is_empty() && !repeats_what_is_above(place, completion) && !runs_in_circles(completion)
}

/// Small models write the last lines once more.
fn repeats_what_is_above(place: &Place, completion: &str) -> bool {
    let whole = format!("{}{completion}", place.typed);
    let said = |text: &str| -> Vec<String> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    };
    let (mut lines, above) = (said(&whole), said(&place.before));
    lines.truncate(MOST_COMPARED);
    let is_telling = lines.iter().map(String::len).sum::<usize>() >= LEAST_TELLING;
    is_telling && above.ends_with(&lines)
}

fn runs_in_circles(completion: &str) -> bool {
    let lines: Vec<&str> = completion.lines().map(str::trim).filter(|line| line.len() > 2).collect();
    let bytes = completion.trim_end().as_bytes();
    lines.windows(3).any(|three| three[0] == three[1] && three[1] == three[2])
        || (1..=LONGEST_CIRCLE).any(|length| {
            let Some((_, unit)) = bytes.split_at_checked(bytes.len().saturating_sub(length)) else {
                return false;
            };
            let count = bytes.rchunks_exact(length).take_while(|chunk| *chunk == unit).count();
            count >= CIRCLES && count * length >= LEAST_CIRCLING && unit.iter().any(u8::is_ascii_alphanumeric)
        })
}

#[cfg(test)]
mod tests {
    use aios_protocol::InlineComplete;

    use super::super::place::Budget;
    use super::*;

    #[test]
    fn nonsense_is_not_shown() {
        let check = |prefix: &str, completion: &str, expect: bool| {
            let request = InlineComplete { prefix: prefix.into(), ..InlineComplete::default() };
            let place = Place::of(&request, Budget { before: 1000, after: 1000 });
            assert_eq!(is_worth_showing(&place, completion), expect, "{prefix:?} {completion:?}");
        };
        check("x = ", "1", true);
        check("x = ", "", false);
        check("x = ", " \n\t", false);
        check("log(\"a\")\nlog(", "\"a\")", false);
        check("log(\"a\")\nlog(", "\"b\")", true);
        check("first()\nsecond()\n", "first()\nsecond()", false);
        check("}\n", "}", true);
        check("# ", "----------------------------------", true);
        check("x = ", "1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2,", false);
        check("x = ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false);
        check("", "print(1)\nprint(1)\nprint(1)", false);
        check("x = ", "[0, 0, 0, 0]", true);
        check("s = ", "'ääääääääääää'", true);
    }
}
