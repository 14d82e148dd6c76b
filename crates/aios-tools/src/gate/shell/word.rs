//! Words: quotes, escapes and expansions, as far as they can be known without running anything.

use super::{DEEPEST, Parser, Script, Stage, UNKNOWN, braces, ends_word, escapes};

/// A word after quote removal and expansion.
#[derive(Debug, Clone, Default)]
pub(in crate::gate) struct Word {
    /// Its text; `UNKNOWN` stands for what only the shell can know.
    pub(in crate::gate) text: String,
    /// Whether it holds `*`, `?` or `[` outside quotes.
    pub(in crate::gate) glob: bool,
    /// Commands whose output becomes a part of it, or which it names as a file.
    pub(in crate::gate) substitutions: Vec<Script>,
}

/// The name and value of `NAME=value`.
pub(in crate::gate) fn assignment(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let name = name.strip_suffix('+').unwrap_or(name);
    let is_name = name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic())
        && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric());
    is_name.then_some((name, value))
}

/// A word while it is read: each character with whether it was quoted.
#[derive(Default)]
struct Reading {
    chars: Vec<(char, bool)>,
    has_quotes: bool,
    /// It holds `$@` without anything in it, which makes no word even in quotes.
    has_nothing: bool,
    substitutions: Vec<Script>,
}

impl Reading {
    fn push(&mut self, c: char, quoted: bool) {
        self.chars.push((c, quoted));
    }

    fn push_text(&mut self, text: &str, quoted: bool) {
        self.chars.extend(text.chars().map(|c| (c, quoted)));
    }

    fn push_output(&mut self, script: Script, quoted: bool) {
        match script.literal_output() {
            Some(text) => self.push_text(text.trim_end_matches('\n'), quoted),
            None if script.0.is_empty() => {}
            None => self.push(UNKNOWN, true),
        }
        self.substitutions.push(script);
    }

    /// The words that the shell makes of it: braces multiply it, blanks from expansions split it.
    fn finish(self) -> Vec<Word> {
        let mut words: Vec<Word> = Vec::new();
        for chars in braces::expand(self.chars) {
            for part in chars.split(|(c, quoted)| !quoted && c.is_whitespace()) {
                if !part.is_empty() || self.has_quotes {
                    words.push(Word {
                        text: part.iter().map(|(c, _)| c).collect(),
                        glob: part.iter().any(|(c, quoted)| !quoted && matches!(c, '*' | '?' | '[')),
                        substitutions: Vec::new(),
                    });
                }
            }
        }
        if let Some(first) = words.first_mut() {
            first.substitutions = self.substitutions;
        }
        words
    }
}

impl Parser {
    /// Reads one word; several or none come of it when expansions say so.
    pub(super) fn word(&mut self) -> Vec<Word> {
        let mut word = Reading::default();
        while let Some(c) = self.peek(0) {
            match c {
                '<' | '>' if self.peek(1) == Some('(') => {
                    self.take(2);
                    let script = self.list(Some(")"));
                    // Without a command it names no file and is nothing.
                    if !script.0.is_empty() {
                        word.push(UNKNOWN, true);
                        word.substitutions.push(script);
                    }
                }
                _ if ends_word(c) => break,
                '\\' => {
                    self.take(1);
                    word.chars.extend(self.literal().map(|escaped| (escaped, true)));
                }
                '\'' => self.single_quoted(&mut word),
                '"' => self.double_quoted(&mut word),
                '$' => self.dollar(&mut word, false),
                '`' => self.backquoted(&mut word, false),
                _ => {
                    word.push(c, false);
                    self.take(1);
                }
            }
        }
        word.finish()
    }

    /// The next character as it stands there.
    fn literal(&mut self) -> Option<char> {
        let c = self.chars.get(self.at).copied();
        self.at += usize::from(c.is_some());
        c
    }

    fn single_quoted(&mut self, word: &mut Reading) {
        self.take(1);
        word.has_quotes = true;
        while let Some(c) = self.literal().filter(|c| *c != '\'') {
            word.push(c, true);
        }
    }

    /// `$'…'`, where escapes are decoded; what is left of it is at the quote.
    fn ansi_quoted(&mut self, word: &mut Reading) {
        self.take(1);
        word.has_quotes = true;
        let mut text = Vec::new();
        while let Some(c) = self.literal().filter(|c| *c != '\'') {
            text.push(c);
            if c == '\\' {
                text.extend(self.literal());
            }
        }
        word.push_text(&escapes::decode(&text), true);
    }

    fn double_quoted(&mut self, word: &mut Reading) {
        self.take(1);
        let inner = self.quoted_until(Some('"'), false);
        word.has_quotes |= !(inner.has_nothing && inner.chars.is_empty());
        word.chars.extend(inner.chars);
        word.substitutions.extend(inner.substitutions);
    }

    /// Everything that is left, as a text in which only expansions happen.
    pub(super) fn quoted(&mut self) -> Word {
        let read = self.quoted_until(None, false);
        Word {
            text: read.chars.iter().map(|(c, _)| c).collect(),
            glob: false,
            substitutions: read.substitutions,
        }
    }

    fn quoted_until(&mut self, until: Option<char>, quotes_inside: bool) -> Reading {
        let mut read = Reading::default();
        while let Some(c) = self.peek(0) {
            match c {
                _ if Some(c) == until => {
                    self.take(1);
                    break;
                }
                '"' if until == Some('}') => self.double_quoted(&mut read),
                '\'' if quotes_inside => self.single_quoted(&mut read),
                '\\' => {
                    self.take(1);
                    match self.literal() {
                        Some(escaped @ ('$' | '`' | '"' | '\\' | '}')) => read.push(escaped, true),
                        other => {
                            read.push('\\', true);
                            read.chars.extend(other.map(|other| (other, true)));
                        }
                    }
                }
                '$' => self.dollar(&mut read, true),
                '`' => self.backquoted(&mut read, true),
                _ => {
                    read.push(c, true);
                    self.take(1);
                }
            }
        }
        read
    }

    fn dollar(&mut self, word: &mut Reading, quoted: bool) {
        if self.depth >= DEEPEST {
            return self.skip_all();
        }
        let next = self.peek(1);
        match next {
            Some('\'') if !quoted => {
                self.take(1);
                self.ansi_quoted(word);
            }
            Some('"') if !quoted => {
                self.take(1);
                self.double_quoted(word);
            }
            Some('(') => {
                if self.peek(2) == Some('(')
                    && let Some(inner) = self.arithmetic(3)
                {
                    let inner = self.inner(&inner).quoted();
                    word.push(UNKNOWN, true);
                    word.substitutions.extend(inner.substitutions);
                } else {
                    self.take(2);
                    let script = self.list(Some(")"));
                    word.push_output(script, quoted);
                }
            }
            Some('{') => {
                self.take(2);
                self.braced_parameter(word, quoted);
            }
            Some('?' | '#' | '$' | '!' | '-') => {
                self.take(2);
                word.push(UNKNOWN, true);
            }
            _ => {
                self.take(1);
                match self.name() {
                    Some(name) => self.push_value(self.variables.get(&name), &name, word, quoted),
                    None => word.push('$', quoted),
                }
            }
        }
    }

    /// The name of a variable or positional parameter that begins here.
    fn name(&mut self) -> Option<String> {
        let first = self.peek(0).filter(|c| matches!(c, '@' | '*' | '_') || c.is_ascii_alphanumeric())?;
        self.take(1);
        let mut name = String::from(first);
        if first == '_' || first.is_ascii_alphabetic() {
            while let Some(c) = self.peek(0).filter(|c| *c == '_' || c.is_ascii_alphanumeric()) {
                name.push(c);
                self.take(1);
            }
        }
        Some(name)
    }

    fn push_value(&self, value: Option<String>, name: &str, word: &mut Reading, quoted: bool) {
        let splits = name == "@" || !quoted;
        match value {
            None if name == "IFS" => word.push(' ', quoted),
            None => word.has_nothing |= name == "@",
            Some(value) if value.contains(UNKNOWN) => word.push_text(&value, true),
            Some(value) => word.push_text(&value, !splits),
        }
    }

    /// What follows `${`: a name, and perhaps an operator with a text.
    fn braced_parameter(&mut self, word: &mut Reading, quoted: bool) {
        let name = self.name().unwrap_or_default();
        let mut operator = String::new();
        while let Some(c) = self.peek(0).filter(|c| matches!(c, ':' | '-' | '=' | '+' | '?')) {
            operator.push(c);
            self.take(1);
        }
        self.depth += 1;
        let rest = self.quoted_until(Some('}'), !quoted);
        self.depth -= 1;
        let value = self.variables.get(&name);
        let is_set = value.as_ref().is_some_and(|value| !value.is_empty() || !operator.starts_with(':'));
        match operator.trim_start_matches(':') {
            // `${#x}`, `${!x}`
            _ if name.is_empty() => word.push(UNKNOWN, true),
            _ if name == "IFS" => word.push(' ', quoted),
            "-" | "=" if !is_set => {
                let text: String = rest.chars.iter().map(|(c, _)| c).collect();
                if operator.ends_with('=') {
                    self.variables.set(&name, &text);
                }
                word.push_text(&text, quoted);
            }
            "+" if is_set => word.chars.extend(rest.chars.iter().map(|(c, _)| (*c, quoted))),
            "+" => {}
            "" if !rest.chars.is_empty() && value.is_some() => word.push(UNKNOWN, true),
            _ => self.push_value(value, &name, word, quoted),
        }
        word.substitutions.extend(rest.substitutions);
    }

    fn backquoted(&mut self, word: &mut Reading, quoted: bool) {
        self.take(1);
        let mut text = String::new();
        while let Some(c) = self.literal().filter(|c| *c != '`') {
            let escaped =
                self.chars.get(self.at).filter(|next| c == '\\' && matches!(next, '`' | '\\' | '$'));
            text.push(*escaped.unwrap_or(&c));
            self.at += usize::from(escaped.is_some());
        }
        let script = self.inner(&text).list(None);
        word.push_output(script, quoted);
    }
}

impl Script {
    /// What it prints, if it is a plain `echo`, `printf` or `cat` of something written out.
    pub(in crate::gate) fn literal_output(&self) -> Option<String> {
        match self.0.as_slice() {
            [pipeline] => match pipeline.0.as_slice() {
                [stage] => stage.literal_output(),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Stage {
    /// What it prints, if it is a plain `echo`, `printf` or `cat` of something written out.
    pub(in crate::gate) fn literal_output(&self) -> Option<String> {
        let (program, arguments) = self.words.split_first()?;
        if arguments.iter().any(|word| word.glob || word.text.contains(UNKNOWN)) {
            return None;
        }
        let texts: Vec<&str> = arguments.iter().map(|word| word.text.as_str()).collect();
        let raw = match (program.text.as_str(), texts.as_slice()) {
            ("echo", _) => {
                let flags =
                    texts.iter().take_while(|text| matches!(**text, "-n" | "-e" | "-E" | "-ne" | "-en"));
                texts[flags.count()..].join(" ")
            }
            ("printf", [format, values @ ..]) if format.contains("%s") => {
                format.replacen("%s", &values.join(" "), 1)
            }
            ("printf", [format]) => (*format).to_owned(),
            ("cat", [] | ["-"]) => return Some(self.input.first()?.borrow().text.clone()),
            _ => return None,
        };
        Some(escapes::decode(&raw.chars().collect::<Vec<_>>()))
    }
}
