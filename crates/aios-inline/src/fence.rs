//! Fenced blocks: writing code into a prompt, and finding it in a reply. Pure.

/// A fenced block of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block<'a> {
    /// What stands before it, since the last one.
    pub(crate) before: &'a str,
    /// Its lines, with all their ends.
    pub(crate) code: &'a str,
    /// Whether its end was seen.
    pub(crate) is_closed: bool,
}

/// The blocks of a reply, and what stands behind the last one.
pub(crate) fn blocks(reply: &str) -> (Vec<Block<'_>>, &str) {
    let mut found = Vec::new();
    let mut rest = reply;
    while let Some((before, mark, inside)) = open(rest) {
        match close(inside, mark) {
            Some((code, behind)) => {
                found.push(Block { before, code, is_closed: true });
                rest = behind;
            }
            None => {
                found.push(Block { before, code: inside, is_closed: false });
                return (found, "");
            }
        }
    }
    (found, rest)
}

/// The first opening fence: what stands before it, its marks, and what follows its line.
fn open(text: &str) -> Option<(&str, &str, &str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        if let Some(marks) = marks(line) {
            let info = &line.trim_start()[marks.len()..];
            if !info.contains('`') {
                return Some((&text[..start], marks, &text[end..]));
            }
        }
    }
    None
}

/// The code up to the closing fence, and what follows it.
fn close<'a>(text: &'a str, opening: &str) -> Option<(&'a str, &'a str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let is_end = marks(line).is_some_and(|marks| marks.starts_with(opening) && line.trim() == marks);
        if is_end {
            return Some((&text[..start], &text[at..]));
        }
    }
    None
}

/// Three or more marks of a kind at the beginning of a line.
fn marks(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let count = line.bytes().take_while(|byte| *byte == mark as u8).count();
    line.get(..count).filter(|marks| marks.len() >= 3)
}

/// Code that is still coming, without a last line that may become the closing fence.
pub(crate) fn without_end(code: &str) -> &str {
    let (lines, last) = code.rsplit_once('\n').map_or(("", code), |(lines, last)| (lines, last));
    if last.trim().chars().all(|c| matches!(c, '`' | '~')) { lines } else { code }
}

/// Code in a fence that nothing in it can close.
pub(crate) fn fenced(code: &str, language: &str) -> String {
    let longest = code.lines().filter_map(marks).map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let end = if code.is_empty() || code.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{language}\n{code}{end}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_whole_or_open() {
        let check = |reply: &str, expect: &[(&str, &str, bool)], behind: &str| {
            let (found, rest) = blocks(reply);
            let found: Vec<_> =
                found.iter().map(|block| (block.before, block.code, block.is_closed)).collect();
            assert_eq!((&*found, rest), (expect, behind), "{reply:?}");
        };
        check("no code", &[], "no code");
        check("```py\na\n```\nb", &[("", "a\n", true)], "b");
        check("Hi:\n```\na\n\n```", &[("Hi:\n", "a\n\n", true)], "");
        check("```\na", &[("", "a", false)], "");
        check("```", &[("", "", false)], "");
        check("````md\n```\nx\n```\n````\n", &[("", "```\nx\n```\n", true)], "");
        check("~~~\n```\n~~~", &[("", "```\n", true)], "");
        check("```a\n1\n```\nand\n```b\n2\n```", &[("", "1\n", true), ("and\n", "2\n", true)], "");
        check("  ```js\nlet s = '```';\n  ```", &[("", "let s = '```';\n", true)], "");
        check("``` a`b ```", &[], "``` a`b ```");
        check("```\n```", &[("", "", true)], "");
    }

    #[test]
    fn a_last_line_that_may_be_the_fence_is_held_back() {
        let check = |code: &str, expect: &str| assert_eq!(without_end(code), expect, "{code:?}");
        check("a\nb", "a\nb");
        check("a\n", "a");
        check("a\n``", "a");
        check("a\n  ", "a");
        check("``", "");
        check("a``", "a``");
    }

    #[test]
    fn what_is_fenced_comes_back() {
        for code in ["a\n", "", "```\nx\n```\n", "`````\n", "~~~\n"] {
            let text = fenced(code, "md");
            assert_eq!(blocks(&text).0, [Block { before: "", code, is_closed: true }], "{text}");
        }
        assert_eq!(fenced("a", "py"), "```py\na\n```");
    }
}
