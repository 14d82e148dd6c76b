//! A shell command line, taken apart as far as needed to see which programs it would start.
//!
//! Pure; knows no policy. Reads what bash and dash have in common and, where they differ, what either would run. Forgiving
//! where a shell is not: what stands before a syntax error is still seen, because a shell runs it. (brush-parser was
//! tried: 33 more crates, a test library and C among them, and no tree after an error.)

mod braces;
mod escapes;
mod grammar;
mod redirection;
mod variables;
mod word;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use redirection::HereDocument;
pub(super) use variables::Variables;
pub(super) use word::{Word, assignment};

/// Stands for a part of a word that only the shell can know.
pub(super) const UNKNOWN: char = '\u{fffc}';

/// Pipelines in the order in which they are written, whether `;`, `&`, `&&` or `||` joins them.
#[derive(Debug, Clone, Default)]
pub(super) struct Script(pub(super) Vec<Pipeline>);

/// Commands joined by `|`.
#[derive(Debug, Clone, Default)]
pub(super) struct Pipeline(pub(super) Vec<Stage>);

/// One command: simple, or a compound such as `( … )`, `if`, `for` or a function's definition.
#[derive(Debug, Clone, Default)]
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

/// A command line that was read, with what it leaves in its variables.
pub(super) struct Parsed {
    pub(super) script: Script,
    pub(super) variables: Variables,
}

/// Takes a command line apart that is run with these variables. Nesting deeper than any honest command's is not followed.
pub(super) fn parse(text: &str, variables: Variables) -> Parsed {
    let mut parser = Parser::new(text, variables, 0);
    Parsed { script: parser.list(None), variables: parser.variables }
}

const DEEPEST: usize = 40;

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: usize,
    variables: Variables,
    /// Here-documents whose text begins after the current line.
    pending: VecDeque<HereDocument>,
}

impl Parser {
    fn new(text: &str, variables: Variables, depth: usize) -> Self {
        Self { chars: text.chars().collect(), at: 0, depth, variables, pending: VecDeque::new() }
    }

    /// A parser for a part of the text that is a text of its own.
    fn inner(&self, text: &str) -> Self {
        Self::new(text, self.variables.clone(), self.depth + 1)
    }

    /// Where a character ahead stands. A backslash at the end of a line joins it with the next: neither is a character.
    fn place(&self, mut ahead: usize) -> usize {
        let mut at = self.at;
        loop {
            while self.chars.get(at..at + 2) == Some(&['\\', '\n']) {
                at += 2;
            }
            if ahead == 0 {
                return at.min(self.chars.len());
            }
            ahead -= 1;
            at += 1;
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.place(ahead)).copied()
    }

    /// Goes behind some characters, at least one.
    fn take(&mut self, characters: usize) {
        self.at = (self.place(characters.saturating_sub(1)) + 1).min(self.chars.len());
    }

    fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(ahead, c)| self.peek(ahead) == Some(c))
    }

    fn eat(&mut self, text: &str) -> bool {
        let there = self.starts_with(text);
        if there {
            self.take(text.len());
        }
        there
    }

    /// Gives up on a text that is nested too deeply.
    fn skip_all(&mut self) {
        self.at = self.chars.len();
    }

    /// Skips blanks and a comment; stays before a newline.
    fn blanks(&mut self) {
        loop {
            match self.peek(0) {
                Some(' ' | '\t' | '\r') => self.take(1),
                Some('#') => {
                    let comment = &self.chars[self.place(0)..];
                    self.at = self.place(0) + comment.iter().take_while(|c| **c != '\n').count();
                }
                _ => return,
            }
        }
    }

    fn newlines(&mut self) {
        self.blanks();
        while self.peek(0) == Some('\n') {
            self.newline();
            self.blanks();
        }
    }

    /// The text of the arithmetic that begins `ahead`, up to its `))`, which is taken; nothing when it is none.
    fn arithmetic(&mut self, ahead: usize) -> Option<String> {
        let (before, from) = (self.at, self.place(ahead));
        let mut open = 0_usize;
        for at in from..self.chars.len() {
            match self.chars[at] {
                '(' => open += 1,
                ')' if open > 0 => open -= 1,
                ')' => {
                    self.at = at;
                    if self.eat("))") {
                        return Some(self.chars[from..at].iter().collect());
                    }
                    break;
                }
                _ => {}
            }
        }
        self.at = before;
        None
    }
}

/// Whether a word ends before this character.
fn ends_word(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '(' | ')' | '<' | '>')
}

#[cfg(test)]
mod tests;
