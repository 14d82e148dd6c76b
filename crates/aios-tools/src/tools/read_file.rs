//! Reads a file or some lines of it.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::ToolContext;
use crate::error::ToolError;
use crate::gate::Permit;
use crate::tool::{PathArgument, Reply, Tool};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadFile {
    path: PathArgument,
    /// from 1
    start_line: Option<usize>,
    /// inclusive
    end_line: Option<usize>,
}

#[async_trait]
impl Tool for ReadFile {
    const NAME: &'static str = "read_file";
    const DESCRIPTION: &'static str = "Read a text file, or a range of its lines.";
    const READ_ONLY: bool = true;
    const BUDGET: usize = 32 * 1024;

    async fn run(&self, _permit: Permit, cx: &ToolContext) -> Result<Reply, ToolError> {
        let path = &self.path.0;
        let text = read_text(path, cx).await?;
        if text.is_empty() {
            return Ok(Reply::ok(format!("{path} is empty")));
        }
        match excerpt(&text, self.start_line, self.end_line, Self::BUDGET) {
            Ok(excerpt) => Ok(Reply::ok(excerpt)),
            Err(reason) => Err(ToolError::TellModel(format!("{path}: {reason}"))),
        }
    }
}

/// Reads a file that must be text.
pub(super) async fn read_text(
    path: &aios_core::WorkspacePath,
    cx: &ToolContext,
) -> Result<String, ToolError> {
    let bytes = cx.workspace.read(path).await?;
    String::from_utf8(bytes).map_err(|error| {
        let bytes = error.as_bytes().len();
        ToolError::TellModel(format!("{path} is not a text file in UTF-8 ({bytes} bytes)"))
    })
}

/// The lines asked for as they are; with a first line that says which they are if some of them had to be left out.
fn excerpt(text: &str, start: Option<usize>, end: Option<usize>, budget: usize) -> Result<String, String> {
    const HEADER: usize = 120;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let first = start.unwrap_or(1).max(1);
    let last = end.unwrap_or(lines.len()).min(lines.len());
    if first > lines.len() {
        return Err(format!("start_line is {first}, but the file has {} lines", lines.len()));
    }
    if last < first {
        return Err(format!("end_line {last} is before start_line {first}"));
    }
    let mut shown = String::new();
    for (number, line) in (first..=last).zip(&lines[first - 1..]) {
        if shown.len() + line.len() + HEADER > budget {
            if shown.is_empty() {
                let part = &line[..line.floor_char_boundary(budget - HEADER)];
                return Ok(format!(
                    "[line {number} of {}, cut: it has {} bytes]\n{part}",
                    lines.len(),
                    line.len()
                ));
            }
            let next = format!("read on with start_line {number}");
            return Ok(format!("[lines {first}-{} of {}; {next}]\n{shown}", number - 1, lines.len()));
        }
        shown.push_str(line);
    }
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn lines_are_given_as_they_are() {
        let check = |text: &str, start, end, expect: Result<&str, &str>| {
            let said = excerpt(text, start, end, 1000);
            assert_eq!(said.as_deref().map_err(String::as_str), expect, "{text:?} {start:?} {end:?}");
        };
        check("a\r\nb\n", None, None, Ok("a\r\nb\n"));
        check("a\nb\nc", Some(2), None, Ok("b\nc"));
        check("a\nb\nc", Some(2), Some(2), Ok("b\n"));
        check("a\nb\nc", Some(0), Some(99), Ok("a\nb\nc"));
        check("a\nb\n", Some(3), None, Err("start_line is 3, but the file has 2 lines"));
        check("a\nb\nc\n", Some(3), Some(2), Err("end_line 2 is before start_line 3"));
    }

    #[test]
    fn a_long_file_is_read_in_pieces() {
        let text: String = (1..=100).map(|line| format!("this is line {line:03}\n")).collect();
        let piece = excerpt(&text, None, None, 500).unwrap();
        assert!(piece.len() <= 500);
        let (header, lines) = piece.split_once('\n').unwrap();
        assert!(header.starts_with("[lines 1-22 of 100; read on with start_line 23"), "{header}");
        assert!(lines.ends_with("line 022\n"));
    }

    #[test]
    fn one_endless_line_is_cut() {
        let piece = excerpt(&"é".repeat(5000), None, None, 500).unwrap();
        assert!(
            piece.len() <= 500 && piece.starts_with("[line 1 of 1, cut: it has 10000 bytes]\n"),
            "{piece}"
        );
    }
}
