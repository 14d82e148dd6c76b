//! A shell command line, taken apart as far as needed to see which programs it would start.
//!
//! Pure. Forgiving where a shell is not: what stands before a syntax error is still seen, because a shell runs it. Knows
//! no policy. (brush-parser was tried: 33 more crates, a test library and C among them, and no tree after an error.)

mod braces;
mod escapes;
mod word;

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

pub(super) use word::Word;

/// Stands for a part of a word that only the shell can know.
pub(super) const UNKNOWN: char = '\u{fffc}';

/// Pipelines in the order in which they are written, whether `;`, `&`, `&&` or `||` joins them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Script(pub(super) Vec<Pipeline>);

/// Commands joined by `|`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Pipeline(pub(super) Vec<Stage>);

/// One command: simple, or a compound such as `( … )`, `if`, `for` or a function's definition.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Stage {
    /// The words of a simple command, assignments in front included.
    pub(super) words: Vec<Word>,
    /// Words that start nothing: what `for` and `case` go through, files of redirections.
    pub(super) data: Vec<Word>,
    /// What its standard input is, where it is written out: here-documents and here-strings. A document is only known at
    /// the end of its line, hence the cell.
    pub(super) input: Vec<Rc<RefCell<Word>>>,
    /// The commands of a compound.
    pub(super) body: Script,
}

/// Takes a command line apart. Nesting deeper than any honest command's is not followed.
pub(super) fn parse(text: &str) -> Script {
    Parser::new(text, HashMap::new(), 0).list(None)
}

/// Literal values of variables that the command line itself sets.
type Variables = HashMap<String, String>;

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: usize,
    variables: Variables,
    /// Here-documents whose text begins after the current line.
    pending: VecDeque<HereDocument>,
}

struct HereDocument {
    end: String,
    strip_tabs: bool,
    expand: bool,
    text: Rc<RefCell<Word>>,
}

const DEEPEST: usize = 40;

impl Parser {
    fn new(text: &str, variables: Variables, depth: usize) -> Self {
        Self { chars: text.chars().collect(), at: 0, depth, variables, pending: VecDeque::new() }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(ahead, c)| self.peek(ahead) == Some(c))
    }

    fn eat(&mut self, text: &str) -> bool {
        let there = self.starts_with(text);
        if there {
            self.at += text.chars().count();
        }
        there
    }

    /// Skips blanks, joined lines and a comment; stays before a newline.
    fn blanks(&mut self) {
        loop {
            match self.peek(0) {
                Some(' ' | '\t' | '\r') => self.at += 1,
                Some('\\') if self.peek(1) == Some('\n') => self.at += 2,
                Some('#') => {
                    while self.peek(0).is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    fn newline(&mut self) {
        self.at += 1;
        while let Some(document) = self.pending.pop_front() {
            self.here_document(&document);
        }
    }

    /// Commands up to the keyword or bracket that ends them, which is taken too.
    fn list(&mut self, until: Option<&str>) -> Script {
        let mut script = Script::default();
        if self.depth >= DEEPEST {
            self.at = self.chars.len();
            return script;
        }
        self.depth += 1;
        loop {
            self.blanks();
            match self.peek(0) {
                None => break,
                Some('\n') => self.newline(),
                Some(';' | '&' | '|') => {
                    if until == Some("esac") && (self.starts_with(";;") || self.starts_with(";&")) {
                        break;
                    }
                    self.at += 1;
                }
                Some(')') => {
                    self.at += 1;
                    if until == Some(")") {
                        break;
                    }
                }
                Some(_) => {
                    let keyword = self.keyword();
                    if until.is_some() && keyword.as_deref() == until {
                        if until != Some("esac") {
                            self.at += keyword.map_or(0, |keyword| keyword.len());
                        }
                        break;
                    }
                    let before = self.at;
                    script.0.push(self.pipeline());
                    if self.at == before {
                        self.at += 1;
                    }
                }
            }
        }
        self.depth -= 1;
        script
    }

    fn pipeline(&mut self) -> Pipeline {
        let mut stages = vec![self.command()];
        loop {
            self.blanks();
            if self.starts_with("||") || !self.eat("|") {
                return Pipeline(stages);
            }
            self.eat("&");
            self.blanks();
            while self.peek(0) == Some('\n') {
                self.newline();
                self.blanks();
            }
            stages.push(self.command());
        }
    }

    /// The bare word that begins here, if it is one.
    fn keyword(&self) -> Option<String> {
        let bare =
            |c: &&char| c.is_ascii_alphanumeric() || matches!(c, '{' | '}' | '!' | '[' | ']' | '_' | '-');
        let word: String = self.chars[self.at..].iter().take_while(bare).collect();
        let ends = self.peek(word.len()).is_none_or(|c| c.is_whitespace() || ";&|()<>".contains(c));
        (ends && !word.is_empty()).then_some(word)
    }

    fn command(&mut self) -> Stage {
        let mut stage = Stage::default();
        loop {
            self.blanks();
            if self.peek(0) == Some('(') {
                stage.body = self.parentheses();
                break;
            }
            let Some(keyword) = self.keyword() else { break };
            let end = match keyword.as_str() {
                "{" => "}",
                "if" => "fi",
                "while" | "until" | "for" | "select" => "done",
                "case" => "esac",
                "[[" => "]]",
                "!" | "then" | "else" | "elif" | "do" | "fi" | "done" | "esac" | "}" | "time" | "coproc" => {
                    self.at += keyword.len();
                    continue;
                }
                "function" => {
                    self.at += keyword.len();
                    self.blanks();
                    self.word();
                    self.blanks();
                    self.eat("()");
                    self.newlines();
                    continue;
                }
                "-p" if stage.words.is_empty() => {
                    self.at += keyword.len();
                    continue;
                }
                _ => break,
            };
            self.at += keyword.len();
            match keyword.as_str() {
                "case" => stage.body = self.case(&mut stage.data),
                "[[" => self.test(&mut stage.data),
                "for" | "select" => {
                    self.words_until_end_of_line(&mut stage.data);
                    stage.body = self.list(Some(end));
                }
                _ => stage.body = self.list(Some(end)),
            }
            break;
        }
        self.words(&mut stage);
        stage
    }

    fn newlines(&mut self) {
        self.blanks();
        while self.peek(0) == Some('\n') {
            self.newline();
            self.blanks();
        }
    }

    /// `( … )`, or `(( … ))`: arithmetic to one shell, two subshells to another.
    fn parentheses(&mut self) -> Script {
        if self.starts_with("((")
            && let Some(end) = self.end_of_arithmetic(2)
        {
            let inner: String = self.chars[self.at + 2..end].iter().collect();
            self.at = end + 2;
            return Parser::new(&inner, self.variables.clone(), self.depth + 1).list(None);
        }
        self.at += 1;
        self.list(Some(")"))
    }

    /// Where the `))` stands that ends the arithmetic which begins `ahead`; nothing when it is none.
    fn end_of_arithmetic(&self, ahead: usize) -> Option<usize> {
        let mut open = 0_usize;
        for at in self.at + ahead..self.chars.len() {
            match self.chars[at] {
                '(' => open += 1,
                ')' if open == 0 => return (self.chars.get(at + 1) == Some(&')')).then_some(at),
                ')' => open -= 1,
                _ => {}
            }
        }
        None
    }

    fn case(&mut self, data: &mut Vec<Word>) -> Script {
        let mut script = Script::default();
        self.blanks();
        data.extend(self.word());
        self.newlines();
        self.eat("in");
        loop {
            self.newlines();
            if self.peek(0).is_none() || self.keyword().as_deref() == Some("esac") {
                self.eat("esac");
                return script;
            }
            while self.peek(0).is_some_and(|c| c != ')') {
                let before = self.at;
                data.extend(self.word());
                if self.at == before {
                    self.at += 1;
                }
            }
            self.eat(")");
            script.0.extend(self.list(Some("esac")).0);
            while self.peek(0).is_some_and(|c| matches!(c, ';' | '&')) {
                self.at += 1;
            }
        }
    }

    fn test(&mut self, data: &mut Vec<Word>) {
        loop {
            self.blanks();
            if self.eat("]]") || self.peek(0).is_none() {
                return;
            }
            let before = self.at;
            data.extend(self.word());
            if self.at == before {
                if self.peek(0) == Some('\n') { self.newline() } else { self.at += 1 }
            }
        }
    }

    fn words_until_end_of_line(&mut self, data: &mut Vec<Word>) {
        loop {
            self.blanks();
            match self.peek(0) {
                None | Some('\n' | ';') => return,
                Some('(') if self.starts_with("((") => {
                    if let Some(end) = self.end_of_arithmetic(2) {
                        self.at = end + 2;
                    }
                }
                _ if self.keyword().as_deref() == Some("do") => return,
                _ => {}
            }
            let before = self.at;
            data.extend(self.word());
            if self.at == before {
                self.at += 1;
            }
        }
    }

    /// The rest of a command: its words and redirections.
    fn words(&mut self, stage: &mut Stage) {
        let compound = !stage.body.0.is_empty() || !stage.data.is_empty();
        loop {
            self.blanks();
            match self.peek(0) {
                None | Some('\n' | ';' | '|' | ')') => break,
                Some('&') if self.peek(1) == Some('>') => {
                    self.at += 1;
                    self.redirection(stage);
                }
                Some('&') => break,
                Some('<' | '>') if self.peek(1) != Some('(') => self.redirection(stage),
                // `name() …` defines a function.
                Some('(') if stage.words.len() == 1 => {
                    self.at += 1;
                    self.blanks();
                    self.eat(")");
                    self.newlines();
                    stage.words.clear();
                    *stage = self.command();
                    return;
                }
                Some('(') => break,
                Some(_) => {
                    let from = self.at;
                    let words = self.word();
                    if matches!(self.peek(0), Some('<' | '>')) && is_descriptor(&self.chars[from..self.at]) {
                        continue;
                    }
                    if compound { stage.data.extend(words) } else { stage.words.extend(words) }
                }
            }
        }
        self.remember_assignments(&stage.words);
    }

    /// A command that only assigns sets variables for what follows.
    fn remember_assignments(&mut self, words: &[Word]) {
        let words = match words.split_first() {
            Some((first, rest))
                if ["export", "declare", "local", "readonly", "typeset"].contains(&first.text.as_str()) =>
            {
                rest
            }
            _ => words,
        };
        let assignments: Vec<_> = words.iter().map_while(Word::assignment).collect();
        const MOST: usize = 64;
        if assignments.len() == words.len() && self.variables.len() + words.len() <= MOST {
            for (name, value) in assignments {
                self.variables.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    fn redirection(&mut self, stage: &mut Stage) {
        if self.eat("<<<") {
            self.blanks();
            stage.input.extend(self.word().into_iter().map(|word| Rc::new(RefCell::new(word))));
        } else if self.eat("<<") {
            let strip_tabs = self.eat("-");
            self.blanks();
            let (end, expand) = self.delimiter();
            let text = Rc::new(RefCell::new(Word::default()));
            stage.input.push(Rc::clone(&text));
            self.pending.push_back(HereDocument { end, strip_tabs, expand, text });
        } else {
            while self.peek(0).is_some_and(|c| matches!(c, '<' | '>' | '&' | '|')) && !self.starts_with("<(")
            {
                self.at += 1;
            }
            self.blanks();
            stage.data.extend(self.word());
        }
    }

    /// The word that ends a here-document, and whether the document's expansions happen. Nothing in it is expanded.
    fn delimiter(&mut self) -> (String, bool) {
        let (mut end, mut expand, mut quote) = (String::new(), true, None);
        while let Some(c) = self.peek(0) {
            match c {
                '\'' | '"' if quote.is_none() || quote == Some(c) => {
                    expand = false;
                    quote = if quote.is_none() { Some(c) } else { None };
                }
                '\\' if quote != Some('\'') => {
                    expand = false;
                    self.at += 1;
                    end.extend(self.peek(0));
                }
                _ if quote.is_none() && (c.is_whitespace() || ";&|()<>".contains(c)) => break,
                _ => end.push(c),
            }
            self.at += 1;
        }
        (end, expand)
    }

    fn here_document(&mut self, document: &HereDocument) {
        let mut body = String::new();
        while self.at < self.chars.len() {
            let rest = &self.chars[self.at..];
            let length = rest.iter().position(|c| *c == '\n').unwrap_or(rest.len());
            let line: String = rest[..length].iter().collect();
            self.at = (self.at + length + 1).min(self.chars.len());
            let line = if document.strip_tabs { line.trim_start_matches('\t') } else { &line };
            // `<<$'END'` ends at `END` for one shell and at `$END` for another.
            if line == document.end || !document.expand && line == document.end.trim_start_matches('$') {
                break;
            }
            body.push_str(line);
            body.push('\n');
        }
        *document.text.borrow_mut() = if document.expand {
            Parser::new(&body, self.variables.clone(), self.depth + 1).quoted()
        } else {
            Word { text: body, ..Word::default() }
        };
    }
}

/// Whether this, right before `<` or `>`, names a file descriptor: `2` or `{name}`.
fn is_descriptor(word: &[char]) -> bool {
    let named = word.len() > 2 && word[0] == '{' && word[word.len() - 1] == '}' && !word.contains(&',');
    named || word.iter().all(char::is_ascii_digit)
}

#[cfg(test)]
mod tests;
