//! Code out of replies. Pure.

/// The code of a reply, given what was forced in front of it.
///
/// `forced` opens a fenced block; the reply goes on in it and usually ends at the closing fence, which the stop text
/// cut off. A model that opens another block or adds prose loses what is outside of the first one.
pub(super) fn code(forced: &str, reply: &str) -> String {
    let whole = format!("{forced}{reply}").replace("\r\n", "\n");
    let inside = match whole.split_once("```") {
        // The rest of the fence's line names the language.
        Some((_, rest)) => rest.split_once('\n').map_or("", |(_, rest)| rest),
        None => whole.as_str(),
    };
    let inside = inside.split("\n```").next().unwrap_or(inside);
    let mut lines: Vec<&str> = inside.lines().map(str::trim_end).collect();
    while lines.first().is_some_and(|line| line.is_empty() || names_the_file(line)) {
        lines.remove(0);
    }
    while lines.last().is_some_and(|line| line.is_empty() || *line == "```") {
        lines.pop();
    }
    let mut code = lines.join("\n");
    code.push('\n');
    code
}

/// `FILE: a.py`, which the model sometimes repeats inside of the block.
fn names_the_file(line: &str) -> bool {
    let line = line.trim_start_matches(['#', '/', ' ', '*']);
    line.strip_prefix("FILE:").is_some_and(|rest| super::contract::looks_like_path(rest.trim()))
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn code_is_what_stands_in_the_first_block() {
        let check =
            |forced: &str, reply: &str, expect: &str| assert_eq!(code(forced, reply), expect, "{reply:?}");
        check("```python\ndef add", "(a, b):\n    return a + b\n\n", "def add(a, b):\n    return a + b\n");
        check("```python\n", "# FILE: a.py\nx = 1  \n```\nThis sets x.\n```\ny", "x = 1\n");
        check("", "Sure!\n```js\nlet a;\r\nlet b;\n```", "let a;\nlet b;\n");
        check("```python\n", "s = \"a``b\"", "s = \"a``b\"\n");
        check("```python\n", "", "\n");
    }
}
