//! Which programs a command line would start, looked for through wrappers, nested shells, substitutions and pipes.
//!
//! Pure. Finds what can be read off the text; what only a running shell could know is the sandbox's business.

use std::ops::Range;

use super::programs;
use super::shell::{self, Pipeline, Script, Stage, Word};

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
    let mut walk = Walk { found: Started::default(), depth: 0, nested_left: MOST_NESTED, at_root: false };
    walk.script(&shell::parse(text));
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
        let assignments = words.iter().take_while(|word| is_assignment(&word.text)).count();
        let Some((program, arguments)) = words[assignments..].split_first() else { return };
        if self.depth >= DEEPEST {
            return;
        }
        self.depth += 1;
        let own = self.here();
        let name = programs::base_name(&program.text);
        self.found.commands.push(Command {
            program: name.clone(),
            is_glob: program.is_glob && (program.text.starts_with('/') || !program.text.contains('/')),
            arguments: arguments.to_vec(),
            at_root: self.at_root,
        });
        self.started_by(&name, arguments, input, own);
        self.depth -= 1;
    }

    /// What a program starts in turn.
    fn started_by(&mut self, name: &str, arguments: &[Argument], input: &Input, own: usize) {
        let texts: Vec<&str> = arguments.iter().map(|argument| argument.text.as_str()).collect();
        let operands = || arguments.iter().filter(|argument| !argument.text.starts_with('-'));
        if programs::is_shell(name) {
            match programs::script_of_shell(&texts) {
                Some(at) => {
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
                self.at_root = operands().next().is_some_and(|folder| is_root(folder, self.at_root))
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
            "su" | "script" | "flock" | "runuser" | "watch" | "parallel" | "env" => {
                for script in script_options(name, &texts) {
                    self.nested(&script);
                }
            }
            _ => {}
        }
        let Some(from) = programs::wrapped_from(name, &texts) else { return };
        let mut wrapped = arguments.get(from..).unwrap_or_default().to_vec();
        if matches!(name, "watch" | "parallel") {
            self.nested(texts.get(from..).unwrap_or_default().join(" ").as_str());
        }
        if let ("xargs" | "parallel", Some(text)) = (name, &input.text) {
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
            self.script(&shell::parse(text));
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

fn is_assignment(text: &str) -> bool {
    Word { text: text.to_owned(), ..Word::default() }.assignment().is_some()
}

/// Scripts that options carry: `su -c SCRIPT`, `env -S WORDS`.
fn script_options(name: &str, texts: &[&str]) -> Vec<String> {
    let (short, long) = if name == "env" { ('S', "--split-string") } else { ('c', "--command") };
    let mut scripts = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let rest = || texts[at + 1..].join(" ");
        if let Some(value) = text.strip_prefix(long) {
            scripts.push(value.strip_prefix('=').map_or_else(rest, |value| format!("{value} {}", rest())));
        } else if text.starts_with('-') && !text.starts_with("--") {
            if let Some((_, value)) = text.split_once(short) {
                scripts.push(format!("{value} {}", rest()));
            }
        }
    }
    scripts
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
