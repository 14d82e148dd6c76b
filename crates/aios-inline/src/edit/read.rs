//! Reads what models answer to an edit: a block among words, bare code, or something else. Pure.

use crate::fence::{Block, blocks, without_end};

/// Characters of a summary; the rest of a long one says nothing new.
const LONGEST_SUMMARY: usize = 200;

/// A reply.
#[derive(Debug)]
pub(super) struct Reply<'a> {
    /// What it says was done.
    pub(super) summary: Option<String>,
    blocks: Vec<Block<'a>>,
    /// The code, where there is no block.
    bare: &'a str,
}

impl<'a> Reply<'a> {
    pub(super) fn read(reply: &'a str) -> Self {
        let (blocks, behind) = blocks(reply);
        if blocks.is_empty() {
            let (summary, bare) = bare(reply);
            return Self { summary, blocks, bare };
        }
        let said = || blocks.iter().map(|block| block.before).chain([behind]);
        let named = said().find_map(|text| text.lines().find_map(named_summary));
        let summary = named.or_else(|| said().find_map(sentence));
        Self { summary, blocks, bare: "" }
    }

    /// The first block, as far as it has come; nothing while there is none.
    pub(super) fn coming(&self) -> Option<&'a str> {
        self.blocks.first().map(|block| if block.is_closed { block.code } else { without_end(block.code) })
    }

    /// Whether the code is there to its end.
    pub(super) fn has_ended(&self) -> bool {
        self.blocks.first().is_some_and(|block| block.is_closed)
    }

    /// The code: the first block that is a change, for some show first what was.
    pub(super) fn code(&self, is_change: impl Fn(&str) -> bool) -> Option<&'a str> {
        let code = |block: &Block<'a>| if block.is_closed { block.code } else { without_end(block.code) };
        let mut all = self.blocks.iter().map(code);
        let first = all.clone().next();
        let bare = Some(self.bare).filter(|bare| !bare.trim().is_empty() && !is_prose(bare));
        all.find(|code| is_change(code)).or(first).or(bare)
    }
}

/// A reply without a block: the code is all but the words that models put around it.
fn bare(reply: &str) -> (Option<String>, &str) {
    let mut summary = None;
    let mut rest = reply.trim_matches('\n');
    while let Some((line, more)) = rest.split_once('\n') {
        let named = named_summary(line);
        let is_talk = line.trim_end().ends_with(':')
            && ["here", "sure", "certainly", "of course", "okay", "the edited", "the updated"]
                .iter()
                .any(|word| line.to_lowercase().starts_with(word));
        if named.is_none() && !is_talk && !line.trim().is_empty() {
            break;
        }
        summary = summary.or(named);
        rest = more;
    }
    if let Some((lines, last)) = rest.rsplit_once('\n')
        && let Some(named) = named_summary(last)
    {
        return (summary.or(Some(named)), lines);
    }
    match named_summary(rest) {
        Some(named) => (Some(named), ""),
        None => (summary, rest.strip_prefix('`').and_then(|code| code.strip_suffix('`')).unwrap_or(rest)),
    }
}

/// Sentences, such as those in which a model says that it cannot do it.
fn is_prose(text: &str) -> bool {
    text.trim().contains(' ')
        && text.trim_end().ends_with(['.', '?', '!'])
        && !text.contains(['=', '(', ')', '{', '}', '[', ']', ';', '<', '>'])
}

/// `Summary: …`, however it is dressed up.
fn named_summary(line: &str) -> Option<String> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '#' | '-' | '_'));
    let (name, rest) = line.split_once(':')?;
    // In small letters it may be code.
    let is_summary = matches!(name.trim_end_matches(['*', '_', ' ']), "Summary" | "SUMMARY");
    is_summary.then(|| tidy(rest)).flatten()
}

/// The first sentence of what is said around a block; headings and announcements are none.
fn sentence(text: &str) -> Option<String> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.ends_with(':') && !line.starts_with('#')).find_map(|line| {
        let end = line.find(". ").map_or(line.len(), |at| at + 1);
        tidy(&line[..end])
    })
}

fn tidy(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '"'));
    let short: String = text.chars().take(LONGEST_SUMMARY).collect();
    (!short.is_empty()).then_some(short)
}

/// What was done, as far as the lines tell.
pub(super) fn summary_of(code: &str, edited: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (code.lines().collect(), edited.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[same..], &new[same..]);
    let same = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let lines = |count: usize| if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
    match (old.len() - same, new.len() - same) {
        (0, 0) => "Nothing was changed".into(),
        (0, added) => format!("Added {}", lines(added)),
        (removed, 0) => format!("Removed {}", lines(removed)),
        (removed, added) if removed == added => format!("Changed {}", lines(added)),
        (removed, added) => format!("Replaced {} by {}", lines(removed), lines(added)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_of_all_kinds() {
        let check = |reply: &str, code: Option<&str>, summary: Option<&str>| {
            let read = Reply::read(reply);
            assert_eq!(read.code(|code| code != "old\n"), code, "{reply:?}");
            assert_eq!(read.summary.as_deref(), summary, "{reply:?}");
        };
        check("Summary: Added it.\n\n```py\nx\n```\n", Some("x\n"), Some("Added it."));
        check("**Summary:** Added it\n```py\nx\n```", Some("x\n"), Some("Added it"));
        check("```py\nx\n```\nSummary: done", Some("x\n"), Some("done"));
        check("```\nx\n```", Some("x\n"), None);
        check("Here is the code:\n```\nx\n```\nI added x. And more.", Some("x\n"), Some("I added x."));
        check("Before:\n```\nold\n```\nAfter:\n```\nnew\n```", Some("new\n"), None);
        check("```\nold\n```", Some("old\n"), None);
        check("```\nx\ny", Some("x\ny"), None);
        check("```\nx\n``", Some("x"), None);
        check("```\n```\nSummary: Removed it", Some(""), Some("Removed it"));
        check("x = 1\ny = 2\n", Some("x = 1\ny = 2"), None);
        check("Sure, here it is:\n\nx = 1", Some("x = 1"), None);
        check("Summary: set x\nx = 1", Some("x = 1"), Some("set x"));
        check("x = 1\nSummary: set x", Some("x = 1"), Some("set x"));
        check("`x = 1`", Some("x = 1"), None);
        check("I'm sorry, I cannot do that.", None, None);
        check("print(\"Hi.\")", Some("print(\"Hi.\")"), None);
        check("summary: str\nx: int", Some("summary: str\nx: int"), None);
        check("Summary: nothing", None, Some("nothing"));
        check("", None, None);
        check(" \n\n", None, None);
        check("````\n```\nx\n```\n````", Some("```\nx\n```\n"), None);
    }

    #[test]
    fn summaries_are_short() {
        let long = format!("Summary: {}\n```\nx\n```", "äb ".repeat(500));
        let summary = Reply::read(&long).summary.unwrap();
        assert_eq!(summary.chars().count(), LONGEST_SUMMARY);
    }

    #[test]
    fn without_words_the_lines_tell() {
        let check = |code: &str, edited: &str, expect: &str| assert_eq!(summary_of(code, edited), expect);
        check("a\nb\n", "a\nb\n", "Nothing was changed");
        check("a\nb\n", "a\nx\nb\n", "Added 1 line");
        check("a\nb\nc\n", "c\n", "Removed 2 lines");
        check("a\nb\n", "a\nx\n", "Changed 1 line");
        check("a\n", "x\ny\n", "Replaced 1 line by 2 lines");
        check("a\na\n", "a\na\na\n", "Added 1 line");
    }
}
