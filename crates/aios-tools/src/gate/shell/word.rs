//! Words: quotes, escapes and expansions, as far as they can be known without running anything.

use super::{DEEPEST, Parser, Script, Stage, UNKNOWN, braces, escapes};

/// A word after quote removal and expansion.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::gate) struct Word {
    /// Its text; `UNKNOWN` stands for what only the shell can know.
    pub(in crate::gate) text: String,
    /// Whether it holds `*`, `?` or `[` outside quotes.
    pub(in crate::gate) glob: bool,
    /// Commands whose output becomes a part of it, or which it names as a file.
    pub(in crate::gate) substitutions: Vec<Script>,
}

impl Word {
    /// The name and value of `NAME=value`.
    pub(in crate::gate) fn assignment(&self) -> Option<(&str, &str)> {
        let (name, value) = self.text.split_once('=')?;
        let name = name.strip_suffix('+').unwrap_or(name);
        let is_name = name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
            && name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic());
        is_name.then_some((name, value))
    }
}

/// A word while it is read: each character with whether it was quoted.
#[derive(Default)]
pub(super) struct Reading {
    chars: Vec<(char, bool)>,
    has_quotes: bool,
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
                    self.at += 2;
                    let script = self.list(Some(")"));
                    word.push(UNKNOWN, true);
                    word.substitutions.push(script);
                }
                ' ' | '\t' | '\n' | '\r' | ';' | '&' | '|' | '(' | ')' | '<' | '>' => break,
                '\\' => {
                    if let Some(escaped) = self.peek(1).filter(|c| *c != '\n') {
                        word.push(escaped, true);
                    }
                    self.at += 2;
                }
                '\'' => self.single_quoted(&mut word),
                '"' => {
                    self.at += 1;
                    self.double_quoted(&mut word);
                }
                '$' => self.dollar(&mut word, false),
                '`' => self.backquoted(&mut word, false),
                _ => {
                    word.push(c, false);
                    self.at += 1;
                }
            }
        }
        word.finish()
    }

    fn single_quoted(&mut self, word: &mut Reading) {
        self.at += 1;
        word.has_quotes = true;
        while let Some(c) = self.peek(0) {
            self.at += 1;
            if c == '\'' {
                break;
            }
            word.push(c, true);
        }
    }

    fn double_quoted(&mut self, word: &mut Reading) {
        let inner = self.quoted_until(Some('"'), false);
        word.has_quotes = true;
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
                    self.at += 1;
                    break;
                }
                '"' if until == Some('}') => {
                    self.at += 1;
                    self.double_quoted(&mut read);
                }
                '\'' if quotes_inside => self.single_quoted(&mut read),
                '\\' => {
                    match self.peek(1) {
                        Some('\n') => {}
                        Some(escaped @ ('$' | '`' | '"' | '\\' | '}')) => read.push(escaped, true),
                        Some(other) => read.push_text(&format!("\\{other}"), true),
                        None => read.push('\\', true),
                    }
                    self.at += 2;
                }
                '$' => self.dollar(&mut read, true),
                '`' => self.backquoted(&mut read, true),
                _ => {
                    read.push(c, true);
                    self.at += 1;
                }
            }
        }
        read
    }

    fn dollar(&mut self, word: &mut Reading, quoted: bool) {
        if self.depth >= DEEPEST {
            self.at = self.chars.len();
            return;
        }
        match self.peek(1) {
            Some('\'') if !quoted => {
                self.at += 2;
                let from = self.at;
                while self.peek(0).is_some_and(|c| c != '\'') {
                    self.at += if self.peek(0) == Some('\\') { 2 } else { 1 };
                }
                self.at = self.at.min(self.chars.len());
                word.push_text(&escapes::decode(&self.chars[from..self.at]), true);
                word.has_quotes = true;
                self.at += 1;
            }
            Some('"') if !quoted => {
                self.at += 2;
                self.double_quoted(word);
            }
            Some('(') => {
                if self.peek(2) == Some('(')
                    && let Some(end) = self.end_of_arithmetic(3)
                {
                    self.at += 3;
                    let inner: String = self.chars[self.at..end].iter().collect();
                    self.at = end + 2;
                    let inner = Parser::new(&inner, self.variables.clone(), self.depth + 1).quoted();
                    word.push(UNKNOWN, true);
                    word.substitutions.extend(inner.substitutions);
                } else {
                    self.at += 2;
                    let script = self.list(Some(")"));
                    word.push_output(script, quoted);
                }
            }
            Some('{') => {
                self.at += 2;
                self.braced_parameter(word, quoted);
            }
            Some(c) if c == '_' || c.is_ascii_alphabetic() => {
                self.at += 1;
                let name = self.name();
                self.variable(&name, word, quoted);
            }
            // Nobody gave the command line any positional parameters.
            Some('@' | '*' | '1'..='9') => self.at += 2,
            Some('?' | '#' | '$' | '!' | '-' | '0') => {
                self.at += 2;
                word.push(UNKNOWN, true);
            }
            _ => {
                self.at += 1;
                word.push('$', quoted);
            }
        }
    }

    fn name(&mut self) -> String {
        let from = self.at;
        while self.peek(0).is_some_and(|c| c == '_' || c.is_ascii_alphanumeric()) {
            self.at += 1;
        }
        self.chars[from..self.at].iter().collect()
    }

    fn variable(&self, name: &str, word: &mut Reading, quoted: bool) {
        match self.variables.get(name) {
            Some(value) => word.push_text(value, quoted),
            None if name == "IFS" => word.push(' ', quoted),
            None => word.push(UNKNOWN, true),
        }
    }

    /// What follows `${`: a name, and perhaps an operator with a text.
    fn braced_parameter(&mut self, word: &mut Reading, quoted: bool) {
        let name = self.name();
        if matches!(self.peek(0), Some('@' | '*')) {
            self.at += 1;
        }
        let operator_at = self.at;
        while self.peek(0).is_some_and(|c| matches!(c, ':' | '-' | '=')) {
            self.at += 1;
        }
        let is_default = self.at > operator_at;
        self.depth += 1;
        let rest = self.quoted_until(Some('}'), !quoted);
        self.depth -= 1;
        let is_positional = name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit());
        if is_default && (is_positional || !self.variables.contains_key(&name)) && name != "IFS" {
            word.chars.extend(rest.chars.iter().map(|(c, _)| (*c, quoted)));
        } else if rest.chars.is_empty() && is_positional {
            // Empty, as `$@` is.
        } else if rest.chars.is_empty() || name == "IFS" {
            self.variable(&name, word, quoted);
        } else {
            word.push(UNKNOWN, true);
        }
        word.substitutions.extend(rest.substitutions);
    }

    fn backquoted(&mut self, word: &mut Reading, quoted: bool) {
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.peek(0) {
            self.at += 1;
            match c {
                '`' => break,
                '\\' if matches!(self.peek(0), Some('`' | '\\' | '$')) => {
                    text.extend(self.peek(0));
                    self.at += 1;
                }
                _ => text.push(c),
            }
        }
        let script = Parser::new(&text, self.variables.clone(), self.depth + 1).list(None);
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
