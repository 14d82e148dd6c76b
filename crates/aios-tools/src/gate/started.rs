//! Which programs a command line would start, looked for through wrappers, nested shells, substitutions and pipes.
//!
//! Pure. Finds what can be read off the text; what only a running shell could know is the sandbox's business.

use std::ops::Range;

use super::programs;
use super::shell::{self, Pipeline, Script, Stage, Variables, Word};

/// The programs in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Started {
    /// The programs, wrappers as well as what they wrap.
    pub(super) commands: Vec<Command>,
    /// Where output of one program flows into another: for each stage, its commands.
    pub(super) flows: Vec<Vec<Range<usize>>>,
}

/// A program with its arguments.
#[derive(Debug)]
pub(super) struct Command {
    /// Its name without folders, in lower case.
    pub(super) program: String,
    /// Whether the name is a pattern that files are matched with.
    pub(super) is_glob: bool,
    /// Its arguments.
    pub(super) arguments: Vec<Argument>,
    /// Whether the text changed to the root folder before.
    pub(super) at_root: bool,
}

/// A word with the commands whose output it holds.
#[derive(Debug, Clone)]
pub(super) struct Argument {
    pub(super) text: String,
    pub(super) is_glob: bool,
    sources: Range<usize>,
}

/// What a command reads.
#[derive(Default)]
struct Input {
    /// The text itself, where it is written out.
    text: Option<String>,
    /// The commands that make it, besides those of the pipeline.
    sources: Vec<Range<usize>>,
}

const DEEPEST: usize = 16;
/// Text in nested scripts that is looked at, in bytes: one that grows with each nesting is not honest.
const MOST_NESTED: usize = 1 << 20;

/// Looks for the programs that a command line would start.
pub(super) fn started(text: &str) -> Started {
    let parsed = shell::parse(text, Variables::default());
    let mut walk = Walk {
        found: Started::default(),
        depth: 0,
        nested_left: MOST_NESTED,
        variables: parsed.variables,
        at_root: false,
    };
    walk.script(&parsed.script);
    walk.found
}

/// Beginnings of the tests of `find` that leave out files by what they are called, hold or belong to.
const NARROWING_TESTS: [&str; 16] = [
    "-name", "-iname", "-path", "-ipath", "-whole", "-regex", "-iregex", "-size", "-empty", "-user",
    "-group", "-perm", "-newer", "-mtime", "-mmin", "-atime",
];

struct Walk {
    found: Started,
    depth: usize,
    nested_left: usize,
    /// What nested scripts find in their variables.
    variables: Variables,
    at_root: bool,
}

impl Walk {
    fn here(&self) -> usize {
        self.found.commands.len()
    }

    fn script(&mut self, script: &Script) -> Range<usize> {
        let from = self.here();
        script.0.iter().for_each(|pipeline| self.pipeline(pipeline));
        from..self.here()
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        let mut stages = Vec::new();
        let mut piped = None;
        for stage in &pipeline.0 {
            let from = self.here();
            self.stage(stage, piped.take());
            stages.push(from..self.here());
            piped = stage.literal_output();
        }
        if stages.len() > 1 {
            self.found.flows.push(stages);
        }
    }

    fn stage(&mut self, stage: &Stage, piped: Option<String>) {
        let mut input = Input { text: piped, sources: Vec::new() };
        for word in &stage.data {
            let sources = self.sources(word);
            input.sources.push(sources);
        }
        for word in &stage.input {
            let word = word.borrow();
            let sources = self.sources(&word);
            input.sources.push(sources);
            input.text = Some(word.text.clone());
        }
        self.script(&stage.body);
        let arguments: Vec<Argument> = stage
            .words
            .iter()
            .map(|word| Argument { text: word.text.clone(), is_glob: word.glob, sources: self.sources(word) })
            .collect();
        self.command(&arguments, &input);
    }

    /// The commands whose output a word holds.
    fn sources(&mut self, word: &Word) -> Range<usize> {
        let from = self.here();
        for script in &word.substitutions {
            self.script(script);
        }
        from..self.here()
    }

    fn command(&mut self, words: &[Argument], input: &Input) {
        let assignments = words.iter().map_while(|word| shell::assignment(&word.text));
        let assigned = assignments.map(|(name, value)| self.variables.set(name, value)).count();
        let words = &words[assigned..];
        let Some((program, arguments)) = words.split_first() else { return };
        if self.depth >= DEEPEST {
            return;
        }
        self.depth += 1;
        let own = self.here();
        // What only the shell knows may be nothing.
        let name = programs::base_name(&program.text).replace(shell::UNKNOWN, "");
        self.found.commands.push(Command {
            program: name.clone(),
            is_glob: program.is_glob && (program.text.starts_with('/') || !program.text.contains('/')),
            arguments: arguments.to_vec(),
            at_root: self.at_root,
        });
        self.started_by(&name, arguments, input, own);
        // A word that is nothing but the output of a command may turn out empty: then the next one is the program.
        let may_be_empty = |word: &&Argument| word.text.chars().all(|c| c == shell::UNKNOWN);
        let unknown = words.iter().take_while(may_be_empty).count();
        if unknown > 0 {
            self.command(&words[unknown..], input);
        }
        self.depth -= 1;
    }

    /// What a program starts in turn.
    fn started_by(&mut self, name: &str, arguments: &[Argument], input: &Input, own: usize) {
        let texts: Vec<&str> = arguments.iter().map(|argument| argument.text.as_str()).collect();
        let operands = || arguments.iter().filter(|argument| !argument.text.starts_with('-'));
        if programs::is_shell(name) {
            match programs::script_of_shell(&texts) {
                Some(at) => {
                    let (name, values) =
                        texts[at + 1..].split_first().map_or(("", &[][..]), |(name, rest)| (*name, rest));
                    self.variables.set("0", name);
                    self.variables.set_positional(values.iter().copied());
                    self.nested(texts[at]);
                    self.flow(&arguments[at..=at], own);
                }
                None => {
                    if programs::first_operand_of_shell(&texts).is_none() {
                        self.nested(input.text.as_deref().unwrap_or_default());
                    }
                    self.flow(arguments, own);
                }
            }
            for sources in input.sources.iter().filter(|sources| !sources.is_empty()) {
                self.found.flows.push(vec![sources.clone(), own..self.here()]);
            }
            return;
        }
        match name {
            "cd" | "pushd" => {
                self.at_root = operands().next().is_some_and(|folder| is_root(folder, self.at_root));
            }
            "eval" => {
                self.nested(&texts.join(" "));
                self.flow(arguments, own);
            }
            "." | "source" => self.flow(arguments, own),
            "trap" => self.nested(operands().next().map_or("", |script| script.text.as_str())),
            "alias" => {
                for (_, value) in texts.iter().filter_map(|text| text.split_once('=')) {
                    self.nested(value);
                }
            }
            "find" => self.found_by_find(arguments),
            "env" => self.nested(&split_string(&texts).unwrap_or_default()),
            "su" | "script" | "flock" | "runuser" => {
                for script in script_options(&texts) {
                    self.nested(script);
                }
            }
            _ => {}
        }
        let Some(from) = programs::wrapped_from(name, &texts) else { return };
        for (name, value) in texts.iter().take(from).filter_map(|text| shell::assignment(text)) {
            self.variables.set(name, value);
        }
        let mut wrapped = arguments.get(from..).unwrap_or_default().to_vec();
        if matches!(name, "watch" | "parallel") {
            // They give their words to a shell.
            return self.nested(&texts.get(from..).unwrap_or_default().join(" "));
        }
        if let ("xargs", Some(text)) = (name, &input.text) {
            wrapped.extend(text.split_whitespace().map(Argument::plain));
        }
        self.command(&wrapped, input);
    }

    /// `find DIR -exec rm {} +` runs `rm DIR`, and `find DIR -delete` is the same, unless tests leave only some files.
    fn found_by_find(&mut self, arguments: &[Argument]) {
        let is_test = |argument: &&Argument| argument.text.starts_with(['-', '(', '!']);
        let options = ["-H", "-L", "-P"];
        let rest = arguments.iter().skip_while(|argument| options.contains(&argument.text.as_str()));
        let mut folders: Vec<Argument> = rest.take_while(|argument| !is_test(argument)).cloned().collect();
        let narrows =
            |argument: &Argument| NARROWING_TESTS.iter().any(|test| argument.text.starts_with(test));
        if arguments.iter().any(narrows) {
            folders = vec![Argument::plain(&shell::UNKNOWN.to_string())];
        }
        if arguments.iter().any(|argument| argument.text == "-delete") {
            let words = ["rm", "-r"].map(Argument::plain).into_iter().chain(folders.clone());
            self.command(&words.collect::<Vec<_>>(), &Input::default());
        }
        let mut left = arguments.iter();
        while left.by_ref().any(|word| matches!(word.text.as_str(), "-exec" | "-execdir" | "-ok" | "-okdir"))
        {
            let words: Vec<Argument> = left
                .by_ref()
                .take_while(|word| !matches!(word.text.as_str(), ";" | "+"))
                .flat_map(|word| if word.text == "{}" { folders.clone() } else { vec![word.clone()] })
                .collect();
            self.command(&words, &Input::default());
        }
    }

    fn nested(&mut self, text: &str) {
        if self.depth < DEEPEST && text.len() <= self.nested_left {
            self.nested_left -= text.len();
            self.depth += 1;
            self.script(&shell::parse(text, self.variables.clone()).script);
            self.depth -= 1;
        }
    }

    /// Notes that these words' commands feed the program at `own` and what it started.
    fn flow(&mut self, words: &[Argument], own: usize) {
        for word in words.iter().filter(|word| !word.sources.is_empty()) {
            self.found.flows.push(vec![word.sources.clone(), own..self.here()]);
        }
    }
}

impl Argument {
    fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), is_glob: false, sources: 0..0 }
    }
}

/// Scripts that options carry, as in `su -c SCRIPT`.
fn script_options<'a>(texts: &[&'a str]) -> Vec<&'a str> {
    let next = texts.iter().skip(1).copied().chain([""]);
    let value_of = |text: &'a str, next: &'a str| match text.strip_prefix("--command") {
        Some(value) => Some(value.strip_prefix('=').unwrap_or(next)),
        None if text.starts_with("--") => None,
        None => {
            let (_, attached) = text.strip_prefix('-')?.split_once('c')?;
            Some(if attached.is_empty() { next } else { attached })
        }
    };
    texts.iter().zip(next).filter_map(|(text, next)| value_of(text, next)).collect()
}

/// The command in `env -S 'WORDS' MORE`.
fn split_string(texts: &[&str]) -> Option<String> {
    texts.iter().enumerate().find_map(|(at, text)| {
        let value = match text.strip_prefix("--split-string") {
            Some(value) => value.strip_prefix('=').unwrap_or(value),
            None if text.starts_with("--") => return None,
            None => text.strip_prefix('-')?.split_once('S')?.1,
        };
        Some(format!("{value} {}", texts[at + 1..].join(" ")))
    })
}

/// Whether a word names the root folder or everything in it, in whatever spelling.
pub(super) fn is_root(word: &Argument, at_root: bool) -> bool {
    if !word.text.starts_with('/') && (!at_root || word.text.is_empty()) {
        return false;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in word.text.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.iter().all(|part| word.is_glob && is_everything(part))
}

/// Whether a file name pattern matches about every name: `*`, `?*`, `.*`, `[!.]*`.
fn is_everything(pattern: &str) -> bool {
    let mut in_set = false;
    let outside = pattern.chars().filter(|c| {
        let was_in_set = in_set;
        in_set = match c {
            '[' => true,
            ']' => false,
            _ => in_set,
        };
        !was_in_set && *c != '['
    });
    let outside: String = outside.collect();
    outside.contains('*') && outside.chars().all(|c| matches!(c, '*' | '?' | '.'))
}
