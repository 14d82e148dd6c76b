//! The grammar that keeps the model's short form of a contract regular. Pure.

use super::kinds::{Entries, Kind};
use super::language::Language;
use super::objective::Mentions;

/// Items of a file at most: a small model that goes on longer repeats itself.
const MAX_ITEMS: usize = 8;

/// GBNF for what follows `FILE:` in the reply, closing fence included.
///
/// A path that is given leaves the model no choice, and neither do routes that the objective names. The text begins
/// with a space, because the model's words do: cut before it, they come out maimed.
pub(super) fn contract_grammar(kind: &Kind, path: Option<&str>, mentions: &Mentions) -> String {
    let path = match path {
        Some(path) => quoted(path),
        None => format!(r#"[a-z] [a-z0-9_]{{1,30}} "{}""#, ending(kind)),
    };
    // Small models like functions that wait for nothing.
    let may_wait = if mentions.waiting { r#"("async ")? "# } else { "" };
    let mut rules = match kind.entries {
        Entries::Functions if kind.language == Language::JavaScript => {
            vec![r#"item ::= "export " ("async ")? "function " name "(" params ")" about"#.to_owned()]
        }
        Entries::Functions => vec![format!(r#"item ::= {may_wait}{PYTHON_FUNCTION} about"#)],
        Entries::Classes => vec![
            format!(
                r#"item ::= "class " [A-Z] name "\n" "DOES: " text "\n" ("    " {PYTHON_FUNCTION} member){{1,8}}"#
            ),
            r#"member ::= "\n    DOES: " text "\n" ("    EXAMPLE: " line "\n"){0,2}"#.to_owned(),
        ],
        Entries::Routes if !mentions.routes.is_empty() => {
            let routes: Vec<String> = mentions.routes.iter().map(|route| quoted(route)).collect();
            let items: Vec<String> = routes.iter().map(|route| format!("{route} about")).collect();
            return format!("root ::= \" \" {path} \"\\n\" {} \"```\"\n{COMMON}", items.join(" "));
        }
        Entries::Routes => vec![
            r#"item ::= ("GET" | "POST" | "PUT" | "PATCH" | "DELETE") " /" [a-z0-9/{}<>:_-]{0,40} about"#
                .to_owned(),
        ],
        Entries::Parts => vec![r#"item ::= text "\nDOES: " text "\n" ("\n")?"#.to_owned()],
    };
    let most = if kind.entries == Entries::Classes { 2 } else { MAX_ITEMS };
    rules.insert(0, format!("root ::= \" \" {path} \"\\n\" item{{1,{most}}} \"```\""));
    rules.push(COMMON.to_owned());
    rules.join("\n")
}

const PYTHON_FUNCTION: &str = r#""def " name "(" params ")" (" -> " [^:\n]{1,24})?"#;

const COMMON: &str = r#"about ::= "\nDOES: " text "\n" ("EXAMPLE: " line "\n"){0,2} ("\n")?
name ::= [a-zA-Z_] [a-zA-Z_0-9]{0,40}
params ::= [^()\n]{0,80}
text ::= [^`\n]{8,200}
line ::= [^`\n]{5,240} [^`\n,(\[{= ]
"#;

/// GBNF for the body of a test of a plain function: a few claims, each of which stands by itself.
pub(super) fn claims_grammar(language: Language) -> String {
    let claim = match language {
        Language::JavaScript => {
            r#"root ::= claim{1,4} "});"
claim ::= "  assert." ("deepStrictEqual" | "strictEqual" | "throws") "(" line ");\n""#
        }
        _ => {
            r#"root ::= claim{1,4} ("\n" | "```")
claim ::= "    assert " line "\n" | "    with pytest.raises(" [a-zA-Z.]{3,40} "):\n        " line "\n""#
        }
    };
    format!("{claim}\nline ::= [^`\\n]{{3,160}} [^`\\n,(\\[{{= ]\n")
}

/// A grammar that allows exactly these words, of which the model chooses one.
pub(super) fn one_of(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(&format!(" {word}"))).collect();
    format!("root ::= {}\n", words.join(" | "))
}

fn ending(kind: &Kind) -> &'static str {
    match kind.language {
        Language::Python => ".py",
        Language::JavaScript => ".mjs",
        Language::Html => ".html",
        // The model chooses.
        Language::Other => "\" \".\" [a-z]{1,5} \"",
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
