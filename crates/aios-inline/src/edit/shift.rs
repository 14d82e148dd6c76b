//! The code that is edited: how it is shown, and how its edited form takes its place. Pure.

use crate::lines::indent;

/// A piece of code, with `\n` at the ends of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) code: String,
    /// Blank lines at its beginning.
    lead: String,
    /// White space at its end.
    tail: String,
    /// The indentation of its first line that says something.
    first: String,
    /// That of the lines of code which is inserted where nothing was.
    rest: Option<String>,
}

impl Selection {
    /// `above` tells how far an empty selection is indented.
    pub(super) fn new(code: &str, above: &str) -> Self {
        if code.trim().is_empty() {
            let line = code.split('\n').next().unwrap_or_default();
            let above = above.rsplit('\n').next().unwrap_or_default();
            let rest = if line.is_empty() && above.trim().is_empty() { above } else { line };
            return Self {
                code: code.to_owned(),
                lead: String::new(),
                tail: code[line.len()..].to_owned(),
                first: line.to_owned(),
                rest: Some(rest.to_owned()),
            };
        }
        let text = code.len() - code.trim_start().len();
        let start = code[..text].rfind('\n').map_or(0, |at| at + 1);
        Self {
            code: code.to_owned(),
            lead: code[..start].to_owned(),
            tail: code[code.trim_end().len()..].to_owned(),
            first: indent(&code[start..]).to_owned(),
            rest: None,
        }
    }

    /// The code for the model: without what all its lines are indented by.
    pub(super) fn shown(&self) -> String {
        let lines = || self.code.lines().filter(|line| !line.trim().is_empty());
        if !lines().all(|line| line.starts_with(&self.first)) {
            return self.code.clone();
        }
        let mut shown: String = self
            .code
            .split_inclusive('\n')
            .map(|line| {
                line.strip_prefix(&self.first).unwrap_or_else(|| line.trim_start_matches([' ', '\t']))
            })
            .collect();
        shown.truncate(shown.trim_end().len());
        shown.push('\n');
        shown
    }

    /// The edited code in the place of the code.
    pub(super) fn put(&self, edited: &str) -> String {
        let shifted = self.shifted(edited);
        if shifted.is_empty() && self.rest.is_none() {
            // All of it was removed, its line too.
            return String::new();
        }
        format!("{}{shifted}{}", self.lead, self.tail)
    }

    /// The same for code that is still coming, as far as it is certain.
    pub(super) fn coming(&self, edited: &str) -> String {
        let shifted = self.shifted(edited);
        if shifted.is_empty() { shifted } else { format!("{}{shifted}", self.lead) }
    }

    /// Indents lines as the selection was, without blank ones around them.
    fn shifted(&self, edited: &str) -> String {
        let edited = edited.trim_end();
        let start = edited.len() - edited.trim_start().len();
        let edited = &edited[edited[..start].rfind('\n').map_or(0, |at| at + 1)..];
        let given = indent(edited);
        let mut lines = Vec::new();
        for line in edited.lines() {
            lines.push(match line.strip_prefix(given) {
                _ if line.trim().is_empty() => String::new(),
                Some(line) if lines.is_empty() => format!("{}{line}", self.first),
                Some(line) => format!("{}{line}", self.rest.as_ref().unwrap_or(&self.first)),
                // It is indented less than the first one.
                None => less(line, given, self.rest.as_ref().unwrap_or(&self.first)),
            });
        }
        lines.join("\n")
    }
}

/// A line that is indented less than `given`, as much less than `wanted`.
fn less(line: &str, given: &str, wanted: &str) -> String {
    let missing = given.len() - indent(line).len();
    let kept = wanted.get(..wanted.len().saturating_sub(missing)).unwrap_or_default();
    format!("{kept}{}", line.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_shown_without_its_indentation() {
        let check =
            |code: &str, expect: &str| assert_eq!(Selection::new(code, "").shown(), expect, "{code:?}");
        check("a\n  b\n", "a\n  b\n");
        check("    a\n\n      b", "a\n\n  b\n");
        check("    a\nb", "    a\nb");
        check("\n\ta\n \n", "\na\n");
    }

    #[test]
    fn edited_code_stands_as_the_code_did() {
        let check = |code: &str, edited: &str, expect: &str| {
            assert_eq!(Selection::new(code, "").put(edited), expect, "{code:?} {edited:?}");
        };
        check("a\n", "b", "b\n");
        check("a", "b\n", "b");
        check("a\n\n", "b\n", "b\n\n");
        check("\n\n    a\n", "b\n  c", "\n\n    b\n      c\n");
        check("    a\n", "    b\n    c\n", "    b\n    c\n");
        check("    a\n", "\n\nb\n\n\nc\n\n", "    b\n\n\n    c\n");
        check("a):\n        b\n    c", "x):\n        b\n    c\n", "x):\n        b\n    c");
        check("a\n", "        b\n            c\n", "b\n    c\n");
        check("        a\n    b\n", "        x\n    y\n", "        x\n    y\n");
        check("        a\n    b\n", "    x\ny\n", "        x\n    y\n");
        check("\ta\n", "b\n\tc\n", "\tb\n\t\tc\n");
        check("    a\n", "", "");
        check("a", "b   ", "b");
    }

    #[test]
    fn code_is_inserted_where_nothing_was() {
        let check = |code: &str, above: &str, expect: &str| {
            assert_eq!(Selection::new(code, above).put("a\n  b\n"), expect, "{code:?} {above:?}");
        };
        check("", "", "a\n  b");
        check("", "def f():\n    ", "a\n      b");
        check("", "x = ", "a\n  b");
        check("    \n", "", "    a\n      b\n");
        check("\n", "", "a\n  b\n");
    }

    #[test]
    fn what_comes_is_the_beginning_of_what_is_put() {
        let edited = "def f():\n\n    return 1\n\n\nx = 1\n";
        for code in ["a", "\n\n  a\n", "", "    "] {
            let selection = Selection::new(code, "");
            let whole = selection.put(edited);
            for cut in 0..edited.len() {
                let coming = selection.coming(&edited[..cut]);
                assert!(whole.starts_with(&coming), "{code:?}: {coming:?} of {whole:?}");
            }
        }
    }
}
