//! What is known of languages, by the names of files. Pure.

/// A language, as far as completions and fences need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Language {
    /// The word after an opening fence.
    pub(crate) fence: &'static str,
    /// Words, besides brackets, with which a line belongs to the block above though it is not indented deeper.
    pub(crate) goes_on: &'static [&'static str],
}

const PYTHON: Language =
    Language { fence: "python", goes_on: &["else", "elif", "except", "finally", "case"] };
const RUBY: Language =
    Language { fence: "ruby", goes_on: &["end", "else", "elsif", "when", "rescue", "ensure"] };
const LUA: Language = Language { fence: "lua", goes_on: &["end", "else", "elseif", "until"] };
const SHELL: Language =
    Language { fence: "bash", goes_on: &["fi", "done", "esac", "else", "elif", "then", "do"] };
const OTHER: Language = Language { fence: "", goes_on: &[] };

/// Languages whose blocks end with brackets, or whose lines stand for themselves.
const PLAIN: &[(&[&str], &str)] = &[
    (&["rs"], "rust"),
    (&["js", "mjs", "cjs", "jsx"], "javascript"),
    (&["ts", "mts", "cts"], "typescript"),
    (&["tsx"], "tsx"),
    (&["go"], "go"),
    (&["java"], "java"),
    (&["kt", "kts"], "kotlin"),
    (&["swift"], "swift"),
    (&["c", "h"], "c"),
    (&["cc", "cpp", "cxx", "hpp", "hh"], "cpp"),
    (&["cs"], "csharp"),
    (&["php"], "php"),
    (&["html", "htm"], "html"),
    (&["css", "scss"], "css"),
    (&["vue"], "vue"),
    (&["json"], "json"),
    (&["yaml", "yml"], "yaml"),
    (&["toml"], "toml"),
    (&["sql"], "sql"),
    (&["md", "markdown"], "markdown"),
];

impl Language {
    /// The language of a file; nothing special where there is no name, or an unknown one.
    pub(crate) fn of(path: Option<&str>) -> Self {
        let name = path.and_then(|path| path.rsplit(['/', '\\']).next()).unwrap_or_default();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        match &*ending {
            "py" | "pyi" => PYTHON,
            "rb" => RUBY,
            "lua" => LUA,
            "sh" | "bash" | "zsh" => SHELL,
            ending => {
                let found = PLAIN.iter().find(|(endings, _)| endings.contains(&ending));
                found.map_or(OTHER, |(_, fence)| Self { fence, ..OTHER })
            }
        }
    }

    /// Whether a line, without its indentation, belongs to the block above.
    pub(crate) fn goes_on_with(&self, line: &str) -> bool {
        line.starts_with([')', ']', '}']) || {
            let word = line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            self.goes_on.contains(&word)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn files_tell_their_language() {
        let check = |path: Option<&str>, fence: &str| assert_eq!(Language::of(path).fence, fence, "{path:?}");
        check(Some("src/app.PY"), "python");
        check(Some("C:\\work\\main.rs"), "rust");
        check(Some("a.b/Makefile"), "");
        check(Some(".ts"), "typescript");
        check(Some(""), "");
        check(None, "");
    }

    #[test]
    fn lines_that_belong_to_the_block_above() {
        let check = |path: &str, line: &str, expect: bool| {
            assert_eq!(Language::of(Some(path)).goes_on_with(line), expect, "{path} {line}");
        };
        check("a.py", "else:", true);
        check("a.py", "elsewhere = 1", false);
        check("a.py", ")", true);
        check("a.js", "} else {", true);
        check("a.js", "end", false);
        check("a.rb", "end", true);
    }
}
