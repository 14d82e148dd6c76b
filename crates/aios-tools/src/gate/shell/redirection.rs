//! Redirections and here-documents.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Parser, Stage, Word, ends_word};

/// A here-document that was announced.
pub(super) struct HereDocument {
    end: String,
    strip_tabs: bool,
    expand: bool,
    text: Rc<RefCell<Word>>,
}

impl Parser {
    /// A redirection, from its `<` or `>` on.
    pub(super) fn redirection(&mut self, stage: &mut Stage) {
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
            while matches!(self.peek(0), Some('<' | '>' | '&' | '|')) && !self.starts_with("<(") {
                self.take(1);
            }
            self.blanks();
            stage.data.extend(self.word());
        }
    }

    /// Whether the word that was just read names a file descriptor: `2` or `{name}`, right before `<` or `>`.
    pub(super) fn is_descriptor(&self, from: usize) -> bool {
        let word: String = self.chars[from..self.at].iter().collect();
        let word = word.replace("\\\n", "");
        let is_named = word.starts_with('{') && word.ends_with('}') && !word.contains(',');
        matches!(self.peek(0), Some('<' | '>')) && (is_named || word.bytes().all(|c| c.is_ascii_digit()))
    }

    /// Ends a line: the here-documents that it announced are next.
    pub(super) fn newline(&mut self) {
        self.take(1);
        while let Some(document) = self.pending.pop_front() {
            self.here_document(&document);
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
                    self.take(1);
                    end.extend(self.peek(0));
                }
                _ if quote.is_none() && ends_word(c) => break,
                _ => end.push(c),
            }
            self.take(1);
        }
        (end, expand)
    }

    fn here_document(&mut self, document: &HereDocument) {
        let (mut body, mut joined) = (String::new(), String::new());
        while self.at < self.chars.len() {
            let rest = &self.chars[self.at..];
            let length = rest.iter().position(|c| *c == '\n').unwrap_or(rest.len());
            let line: String = rest[..length].iter().collect();
            self.at = (self.at + length + 1).min(self.chars.len());
            let line = if document.strip_tabs { line.trim_start_matches('\t') } else { &line };
            // One shell joins lines before it looks for the end, another does not.
            joined.push_str(line);
            if document.ends_at(line) || document.ends_at(&joined) {
                break;
            }
            match joined.strip_suffix('\\') {
                Some(start) => joined.truncate(start.len()),
                None => joined.clear(),
            }
            body.push_str(line);
            body.push('\n');
        }
        *document.text.borrow_mut() =
            if document.expand { self.inner(&body).quoted() } else { Word { text: body, ..Word::default() } };
    }
}

impl HereDocument {
    /// Whether a line is the end. `<<$'END'` ends at `END` for one shell and at `$END` for another.
    fn ends_at(&self, line: &str) -> bool {
        line == self.end || !self.expand && line == self.end.trim_start_matches('$')
    }
}
