//! Brace expansion: `a{b,c}` is `ab ac`.

/// Characters with whether they were quoted.
type Chars = Vec<(char, bool)>;

/// More words than this are not made, nor of a longer word; an honest command has less.
const MOST: usize = 256;
const LONGEST: usize = 1024;

/// The words that a word becomes; itself when it has no braces with a comma.
pub(super) fn expand(word: Chars) -> Vec<Chars> {
    if word.len() > LONGEST {
        return vec![word];
    }
    let mut done = Vec::new();
    let mut todo = vec![word];
    while let Some(word) = todo.pop() {
        match first_group(&word) {
            Some((open, commas, close)) if todo.len() + done.len() < MOST => {
                let bounds: Vec<usize> = [open].into_iter().chain(commas).chain([close]).collect();
                let alternatives = bounds
                    .windows(2)
                    .map(|pair| [&word[..open], &word[pair[0] + 1..pair[1]], &word[close + 1..]].concat());
                // The first is taken from the end next, so that the order stays.
                todo.extend(alternatives.rev());
            }
            _ => done.push(word),
        }
    }
    done
}

/// The first `{ , }` outside quotes: where it opens, its commas, and where it closes.
fn first_group(word: &Chars) -> Option<(usize, Vec<usize>, usize)> {
    let is = |at: usize, wanted: char| word.get(at) == Some(&(wanted, false));
    (0..word.len()).filter(|open| is(*open, '{')).find_map(|open| {
        let (mut depth, mut commas) = (0_usize, Vec::new());
        for at in open + 1..word.len() {
            if is(at, '{') {
                depth += 1;
            } else if is(at, '}') && depth > 0 {
                depth -= 1;
            } else if is(at, ',') && depth == 0 {
                commas.push(at);
            } else if is(at, '}') {
                return (!commas.is_empty()).then_some((open, commas, at));
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_multiply_words() {
        let check = |text: &str, expect: &[&str]| {
            let words = expand(text.chars().map(|c| (c, false)).collect());
            let words: Vec<String> = words.iter().map(|word| word.iter().map(|(c, _)| c).collect()).collect();
            assert_eq!(words, expect, "{text}");
        };
        check("{rm,-rf,/}", &["rm", "-rf", "/"]);
        check("a{b,c}d", &["abd", "acd"]);
        check("s{,}udo", &["sudo", "sudo"]);
        check("{a,{b,c}}", &["a", "b", "c"]);
        check("{a,b}{c,d}", &["ac", "ad", "bc", "bd"]);
        check("{}", &["{}"]);
        check("{a}", &["{a}"]);
        check("{a,b", &["{a,b"]);
    }

    #[test]
    fn a_bomb_stays_small() {
        let bomb: Chars = "{a,b}".repeat(40).chars().map(|c| (c, false)).collect();
        assert!(expand(bomb).len() <= 2 * MOST);
    }
}
