//! Claims: the single things that a test says about the product. Pure.
//!
//! A small model's test often says four things that are right and one that is not. Taken apart, each can be tried and
//! judged by itself.

use super::contract::{is_balanced, outside};
use super::language::Language;

/// A test taken apart; put together again, its claims are the test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claims {
    head: String,
    tail: &'static str,
    claims: Vec<Claim>,
}

/// One claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    /// Its lines, as they stand in the test.
    pub(super) text: String,
    /// The claim up to the value that it expects, where it expects one: `assert add(1, 2) ==`.
    pub(super) question: Option<String>,
    /// The value that it expects.
    pub(super) answer: String,
}

impl Claims {
    /// Takes a test apart; nothing when its statements build on each other.
    pub(super) fn of(language: Language, head: &str, text: &str, tail: &'static str) -> Option<Self> {
        let body = text.strip_prefix(head)?;
        let body = body.strip_suffix(tail).unwrap_or(body);
        let mut statements: Vec<String> = Vec::new();
        let indent = body.len() - body.trim_start_matches(' ').len();
        for line in body.lines().filter(|line| !line.trim().is_empty()) {
            let depth = line.len() - line.trim_start().len();
            if line.trim_start().starts_with(['#', '/']) {
                continue;
            }
            match statements.last_mut() {
                Some(last) if depth > indent || !is_balanced(last) => {
                    last.push('\n');
                    last.push_str(line);
                }
                _ => statements.push(line.to_owned()),
            }
        }
        let claims = statements.into_iter().map(|text| claim(language, text)).collect::<Option<Vec<_>>>()?;
        (claims.len() > 1).then(|| Self { head: head.to_owned(), tail, claims })
    }

    /// The claims.
    pub(super) fn all(&self) -> &[Claim] {
        &self.claims
    }

    /// A test of one claim alone, under another name.
    pub(super) fn alone(&self, at: usize, name: &str, number: &str) -> Option<String> {
        let claim = self.claims.get(at)?;
        Some(format!("{}{}{}", self.head.replacen(name, number, 1), claim.text, self.tail))
    }

    /// The test with these claims only; nothing when none is left.
    pub(super) fn only(&self, keep: impl Fn(usize) -> bool) -> Option<String> {
        let kept: Vec<&str> = self
            .claims
            .iter()
            .enumerate()
            .filter(|(at, _)| keep(*at))
            .map(|(_, claim)| claim.text.as_str())
            .collect();
        (!kept.is_empty()).then(|| format!("{}{}{}", self.head, kept.join("\n"), self.tail))
    }
}

fn claim(language: Language, text: String) -> Option<Claim> {
    let line = text.trim();
    if language == Language::JavaScript {
        if !line.starts_with("assert") {
            return None;
        }
        let calls = ["assert.deepStrictEqual(", "assert.strictEqual(", "assert.equal(", "assert.deepEqual("];
        let split = calls.iter().find_map(|call| {
            let rest = line.strip_prefix(call)?;
            let at = call.len() + outside(rest, ", ")?;
            Some((line.get(..=at)?, line.get(at + 1..)?.trim()))
        });
        let answer =
            split.map_or("", |(_, answer)| answer.trim_end_matches(';').strip_suffix(')').unwrap_or(answer));
        let answer = answer.to_owned();
        return Some(Claim { question: split.map(|(question, _)| question.to_owned()), answer, text });
    }
    if line.starts_with("with pytest.raises(") {
        return Some(Claim { text, question: None, answer: String::new() });
    }
    let said = line.strip_prefix("assert ")?;
    let split = [" == ", " is "].iter().find_map(|sign| {
        let (call, answer) = said.rsplit_once(sign)?;
        (is_balanced(call) && is_balanced(answer))
            .then(|| (format!("assert {call}{}", sign.trim_end()), answer.trim().to_owned()))
    });
    let (question, answer) =
        split.map_or((None, String::new()), |(question, answer)| (Some(question), answer));
    Some(Claim { text, question, answer })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(language: Language, head: &str, text: &str, tail: &'static str) -> String {
        let Some(claims) = Claims::of(language, head, text, tail) else { return "-".into() };
        let all = claims
            .all()
            .iter()
            .map(|claim| format!("{} ? {}", claim.question.as_deref().unwrap_or("·"), claim.answer));
        all.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn tests_as_the_model_writes_them() {
        let head = "def test_slugify():\n";
        let text = "def test_slugify():\n    assert slugify(\" \") == \"-\"\n    assert slugify(\n        \"a\"\n    ) == \"a\"\n    \
            with pytest.raises(ValueError):\n        slugify(None)\n    assert is_on() is True";
        let expect = "assert slugify(\" \") == ? \"-\"\nassert slugify(\n        \"a\"\n    ) == ? \"a\"\n· ? \nassert is_on() is ? True";
        assert_eq!(shown(Language::Python, head, text, ""), expect);

        let claims = Claims::of(Language::Python, head, text, "").unwrap();
        assert_eq!(
            claims.only(|at| at == 0).unwrap(),
            "def test_slugify():\n    assert slugify(\" \") == \"-\""
        );
        assert_eq!(
            claims.alone(3, "test_slugify", "test_c").unwrap(),
            "def test_c():\n    assert is_on() is True"
        );
        assert_eq!(claims.only(|_| false), None);
    }

    #[test]
    fn javascript_too() {
        let head = "test('parseCsv', () => {\n";
        let text = "test('parseCsv', () => {\n  assert.deepStrictEqual(parseCsv(\"a,b\\n1,2\"), [[\"a\", \"b\"], [\"1\", \"2\"]]);\n  \
            assert.deepStrictEqual(parseCsv(\"\"), [[]]);\n});";
        // The last comma outside of brackets stands before the expected value.
        let expect = "assert.deepStrictEqual(parseCsv(\"a,b\\n1,2\"), ? [[\"a\", \"b\"], [\"1\", \"2\"]]\n\
            assert.deepStrictEqual(parseCsv(\"\"), ? [[]]";
        assert_eq!(shown(Language::JavaScript, head, text, "\n});"), expect);
    }

    #[test]
    fn statements_that_build_on_each_other_stay_together() {
        let head = "def test_push():\n";
        assert_eq!(
            shown(Language::Python, head, "def test_push():\n    s = Stack()\n    assert s.pop() == 1", ""),
            "-"
        );
        assert_eq!(shown(Language::Python, head, "def test_push():\n    assert f() == 1", ""), "-");
    }
}
