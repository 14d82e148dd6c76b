//! Lists, pipelines and commands.

use super::{DEEPEST, Parser, Pipeline, Script, Stage, UNKNOWN, Word, ends_word};

impl Parser {
    /// Commands up to the keyword or bracket that ends them, which is taken too.
    pub(super) fn list(&mut self, until: Option<&str>) -> Script {
        let mut script = Script::default();
        if self.depth >= DEEPEST {
            self.skip_all();
            return script;
        }
        self.depth += 1;
        loop {
            self.blanks();
            match self.peek(0) {
                None => break,
                Some('\n') => self.newline(),
                Some(';') if until == Some("esac") && (self.starts_with(";;") || self.starts_with(";&")) => {
                    break;
                }
                Some(';' | '&' | '|') => self.take(1),
                Some(')') => {
                    self.take(1);
                    if until == Some(")") {
                        break;
                    }
                }
                Some(_) if until.is_some() && self.keyword().as_deref() == until => {
                    // The end of a `case` belongs to `case`, whose clauses are lists.
                    if let Some(end) = until.filter(|end| *end != "esac") {
                        self.take(end.len());
                    }
                    break;
                }
                Some(_) => script.0.push(self.advancing(Self::pipeline)),
            }
        }
        self.depth -= 1;
        script
    }

    /// Reads something, and a character at least, so that no text is read for ever.
    fn advancing<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.at;
        let found = read(self);
        if self.at == before {
            self.take(1);
        }
        found
    }

    fn pipeline(&mut self) -> Pipeline {
        let mut stages = vec![self.command()];
        loop {
            self.blanks();
            if self.starts_with("||") || !self.eat("|") {
                return Pipeline(stages);
            }
            self.eat("&");
            self.newlines();
            stages.push(self.command());
        }
    }

    /// The bare word that begins here, if it is one and may be a keyword.
    fn keyword(&self) -> Option<String> {
        const LONGEST: usize = 8;
        let is_bare = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '{' | '}' | '!' | '-');
        let word: String = (0..=LONGEST).map_while(|ahead| self.peek(ahead).filter(is_bare)).collect();
        let ends = self.peek(word.len()).is_none_or(ends_word);
        (ends && !word.is_empty()).then_some(word)
    }

    fn command(&mut self) -> Stage {
        let mut stage = Stage::default();
        let is_led_in_everywhere = self.lead_in();
        let keyword = self.keyword().unwrap_or_default();
        let end = match keyword.as_str() {
            "{" => Some("}"),
            "if" => Some("fi"),
            "while" | "until" | "for" | "select" => Some("done"),
            "case" if is_led_in_everywhere => {
                self.take(keyword.len());
                stage.body = self.case(&mut stage.data);
                None
            }
            _ if self.peek(0) == Some('(') => {
                stage.body = self.parentheses();
                None
            }
            _ => None,
        };
        if end.is_some() {
            self.take(keyword.len());
            if matches!(keyword.as_str(), "for" | "select") {
                self.values(&mut stage.data);
            }
            stage.body = self.list(end);
        }
        self.words(&mut stage);
        self.variables.learn(&stage.words);
        stage
    }

    /// Skips words that lead in a command, or end a compound that is over already. Answers whether every shell knows them: to
    /// one that does not, what follows are arguments, and no patterns.
    fn lead_in(&mut self) -> bool {
        let mut is_known_everywhere = true;
        loop {
            self.blanks();
            match self.keyword().as_deref() {
                Some(
                    word @ ("!" | "then" | "else" | "elif" | "do" | "fi" | "done" | "esac" | "}" | "-p"),
                ) => {
                    self.take(word.len());
                }
                Some(word @ ("time" | "coproc")) => {
                    self.take(word.len());
                    is_known_everywhere = false;
                }
                Some(word @ "function") => {
                    self.take(word.len());
                    self.blanks();
                    self.word();
                    self.blanks();
                    self.eat("()");
                    self.newlines();
                    is_known_everywhere = false;
                }
                _ => return is_known_everywhere,
            }
        }
    }

    /// `( … )`, or `(( … ))`: arithmetic to one shell, two subshells to another.
    fn parentheses(&mut self) -> Script {
        if self.starts_with("((")
            && let Some(inner) = self.arithmetic(2)
        {
            return self.inner(&inner).list(None);
        }
        self.take(1);
        self.list(Some(")"))
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
                data.extend(self.advancing(Self::word));
            }
            self.eat(")");
            script.0.extend(self.list(Some("esac")).0);
            while matches!(self.peek(0), Some(';' | '&')) {
                self.take(1);
            }
        }
    }

    /// What `for` goes through, and with which variable.
    fn values(&mut self, data: &mut Vec<Word>) {
        loop {
            self.blanks();
            match self.peek(0) {
                None | Some('\n' | ';' | '|' | '&') => break,
                Some('(') if self.starts_with("((") => {
                    if self.arithmetic(2).is_none() {
                        self.take(2);
                    }
                }
                _ if self.keyword().as_deref() == Some("do") => break,
                _ => data.extend(self.advancing(Self::word)),
            }
        }
        let texts: Vec<&str> = data.iter().map(|word| word.text.as_str()).collect();
        match texts.as_slice() {
            [name, "in", values @ ..] if values.len() == 1 => self.variables.set(name, values[0]),
            [name, ..] => self.variables.set(name, &UNKNOWN.to_string()),
            [] => {}
        }
    }

    /// The rest of a command: its words and redirections.
    fn words(&mut self, stage: &mut Stage) {
        let is_compound = !stage.body.0.is_empty() || !stage.data.is_empty();
        let mut ended_at = Vec::new();
        loop {
            self.blanks();
            match self.peek(0) {
                None | Some('\n' | ';' | '|' | ')') => break,
                // One shell sends all output there and reads on; another ends the command at the `&`.
                Some('&') if self.peek(1) == Some('>') => {
                    self.take(1);
                    ended_at.push(stage.words.len());
                }
                Some('&') => break,
                Some('<' | '>') if self.peek(1) != Some('(') => self.redirection(stage),
                Some('(') if self.peek(1) != Some('(') && assigns(stage.words.last()) => {
                    self.array(&mut stage.data)
                }
                Some('(') if stage.words.len() == 1 => {
                    *stage = self.function();
                    return;
                }
                Some('(') => break,
                Some(_) => {
                    let from = self.at;
                    let words = self.word();
                    if self.is_descriptor(from) {
                        continue;
                    }
                    if is_compound { stage.data.extend(words) } else { stage.words.extend(words) }
                }
            }
        }
        ended_at.push(stage.words.len());
        for part in ended_at.windows(2) {
            let words = stage.words[part[0]..part[1]].to_vec();
            stage.body.0.push(Pipeline(vec![Stage { words, ..Stage::default() }]));
        }
    }

    /// The values of `name=( … )`. What cannot stand there ends them: a shell goes on with the next line.
    fn array(&mut self, data: &mut Vec<Word>) {
        self.take(1);
        loop {
            self.newlines();
            if self.eat(")") || self.peek(0).is_none_or(ends_word) {
                return;
            }
            data.extend(self.advancing(Self::word));
        }
    }

    /// What follows the name of a function: `()` and its body.
    fn function(&mut self) -> Stage {
        if self.depth >= DEEPEST {
            self.skip_all();
            return Stage::default();
        }
        self.take(1);
        self.blanks();
        self.eat(")");
        self.newlines();
        self.depth += 1;
        let body = self.command();
        self.depth -= 1;
        body
    }
}

/// Whether a word is `name=`, and waits for its value.
fn assigns(word: Option<&Word>) -> bool {
    word.is_some_and(|word| word.text.ends_with('='))
}
