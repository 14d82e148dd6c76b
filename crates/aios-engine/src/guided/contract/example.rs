//! Examples: one line of a contract that says what a call gives.

/// An example, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Example {
    /// Statements to run first.
    pub(crate) setup: Vec<String>,
    /// The call, or the request of a route: `GET /items/1`.
    pub(crate) subject: String,
    /// What it gives.
    pub(crate) expect: Expect,
}

/// What an example expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expect {
    /// This value, as code.
    Value(String),
    /// An error, by the name of its class.
    Raises(String),
    /// This text on standard output, as code.
    Prints(String),
    /// A status and perhaps a body, as JSON.
    Response {
        /// The HTTP status.
        status: u16,
        /// The body, if the example shows one.
        body: Option<String>,
    },
}

/// Words and signs between a call and what it gives, the longer ones first.
const OPERATORS: [&str; 10] =
    [" === ", " == ", " raises ", " throws ", " prints ", " returns ", " => ", " -> ", " → ", " is "];

impl Example {
    /// Reads a line such as `add(1, 2) == 3`; nothing when it is cut off or says nothing that can be run.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let line = line.trim().trim_matches('`').trim();
        let (at, operator) =
            OPERATORS.iter().find_map(|operator| Some((outside(line, operator)?, *operator)))?;
        let (left, right) = (line.get(..at)?.trim(), line.get(at + operator.len()..)?);
        let right = without_comment(right);
        if right.is_empty() || !is_balanced(left) || !is_balanced(right) {
            return None;
        }
        let mut setup: Vec<String> =
            split_outside(left, ';').into_iter().map(|part| part.trim().to_owned()).collect();
        let subject = setup.pop()?;
        if let Some(response) = response(&subject, right) {
            return Some(Self { setup: Vec::new(), subject, expect: response });
        }
        if !subject.contains('(') || !subject.ends_with([')', ']']) {
            return None;
        }
        let expect = match operator {
            " raises " | " throws " => Expect::Raises(error_name(right)?.to_owned()),
            " prints " => Expect::Prints(right.to_owned()).checked()?,
            _ => match error_name(right) {
                Some(name) if is_error(name) => Expect::Raises(name.to_owned()),
                _ => Expect::Value(right.to_owned()).checked()?,
            },
        };
        Some(Self { setup, subject, expect })
    }
}

impl Expect {
    /// Only literals: an example that computes its own answer is no example.
    fn checked(self) -> Option<Self> {
        let (Self::Value(code) | Self::Prints(code)) = &self else { return Some(self) };
        let first = code.chars().next()?;
        let literal = first.is_ascii_digit() || "\"'[{(-.`".contains(first);
        let word = ["True", "False", "None", "true", "false", "null", "undefined", "NaN", "set(", "Infinity"];
        (literal || word.iter().any(|word| code.starts_with(word))).then_some(self)
    }
}

/// `GET /items/1` with `200 {"id": 1}`.
fn response(subject: &str, right: &str) -> Option<Expect> {
    let (method, rest) = subject.split_once(' ')?;
    if !METHODS.contains(&method) || !rest.trim_start().starts_with('/') {
        return None;
    }
    let digits = right.get(..3)?;
    let status: u16 = digits.parse().ok().filter(|status| (100..600).contains(status))?;
    let body = right.get(3..)?.trim();
    let body = serde_json::from_str::<serde_json::Value>(body).ok().map(|_| body.to_owned());
    Some(Expect::Response { status, body })
}

/// HTTP methods, as routes name them.
pub(crate) const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

fn error_name(text: &str) -> Option<&str> {
    let name = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).next()?;
    (!name.is_empty() && name.starts_with(|c: char| c.is_alphabetic())).then_some(name)
}

fn is_error(name: &str) -> bool {
    name.ends_with("Error") || name.ends_with("Exception") || name == "StopIteration"
}

/// The text without what follows a `#` or `//` outside of quotes.
fn without_comment(text: &str) -> &str {
    let end =
        ["  #", " # ", " // "].iter().filter_map(|sign| outside(text, sign)).min().unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim().trim_end_matches(';').trim()
}

/// Walks a text and tells of each byte position whether it lies outside of quotes and brackets.
fn walk(text: &str, mut visit: impl FnMut(usize, bool) -> bool) -> Option<bool> {
    let (mut quote, mut depth, mut escaped) = (None, 0_i32, false);
    for (at, c) in text.char_indices() {
        if quote.is_none() && visit(at, depth == 0) {
            return None;
        }
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return Some(false);
        }
    }
    Some(quote.is_none() && depth == 0)
}

/// Whether quotes and brackets are closed.
pub(crate) fn is_balanced(text: &str) -> bool {
    walk(text, |_, _| false) == Some(true)
}

/// The first position of `sign` outside of quotes and brackets.
pub(crate) fn outside(text: &str, sign: &str) -> Option<usize> {
    let mut found = None;
    walk(text, |at, top| {
        if top && text.get(at..).is_some_and(|rest| rest.starts_with(sign)) {
            found = Some(at);
        }
        found.is_some()
    });
    found
}

fn split_outside(text: &str, sign: char) -> Vec<&str> {
    let (mut parts, mut begun) = (Vec::new(), 0);
    walk(text, |at, top| {
        if top && text.get(at..).is_some_and(|rest| rest.starts_with(sign)) {
            parts.push(text.get(begun..at).unwrap_or_default());
            begun = at + sign.len_utf8();
        }
        false
    });
    parts.push(text.get(begun..).unwrap_or_default());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        match Example::read(line) {
            None => "-".into(),
            Some(Example { setup, subject, expect }) => {
                let setup = if setup.is_empty() { String::new() } else { format!("{setup:?} ") };
                match expect {
                    Expect::Value(code) => format!("{setup}{subject} = {code}"),
                    Expect::Raises(name) => format!("{setup}{subject} ! {name}"),
                    Expect::Prints(text) => format!("{setup}{subject} > {text}"),
                    Expect::Response { status, body } => {
                        format!("{subject} {status} {}", body.unwrap_or_default())
                    }
                }
            }
        }
    }

    #[test]
    fn lines_as_the_model_writes_them() {
        let check = |line: &str, expect: &str| assert_eq!(shown(line), expect, "{line}");
        check("add(1, 2) == 3", "add(1, 2) = 3");
        check("`divide(2, 10) == 0.2`", "divide(2, 10) = 0.2");
        check("divide(1, 0) == ValueError", "divide(1, 0) ! ValueError");
        check("divide(1, 0) raises ZeroDivisionError: division by zero", "divide(1, 0) ! ZeroDivisionError");
        check("toCelsius(-500) throws RangeError", "toCelsius(-500) ! RangeError");
        check("slugify(\"a == b\") == \"a-b\"  # spaces", "slugify(\"a == b\") = \"a-b\"");
        check("main() prints \"Hello, World!\"", "main() > \"Hello, World!\"");
        check("s = Stack(); s.push(1); s.pop() == 1", "[\"s = Stack()\", \"s.push(1)\"] s.pop() = 1");
        check("GET /health -> 200 {\"status\": \"ok\"}", "GET /health 200 {\"status\": \"ok\"}");
        check("GET /items/99 -> 404", "GET /items/99 404 ");
        check(
            "parseCsv(\"a,b\\n1,2\") === [[\"a\", \"b\"], [\"1\", \"2\"]]",
            "parseCsv(\"a,b\\n1,2\") = [[\"a\", \"b\"], [\"1\", \"2\"]]",
        );
    }

    #[test]
    fn what_cannot_be_run_is_no_example() {
        for line in [
            "",
            "stack = Stack()",
            "testParseCsv(\"name,age,city\\nAlice,30\") === [[\"name\", \"age\", ",
            "fizzbuzz(15) == \"1 2 Fizz 4",
            "add(1, 2) == a + b",
            "add == 3",
            "to_roman(4) == the numeral",
            "GET /health -> ok",
        ] {
            assert_eq!(shown(line), "-", "{line}");
        }
    }
}
