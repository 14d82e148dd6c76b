//! Whether a command line would run a command that a policy blocks.
//!
//! Patterns are written like commands: a program with the first of its arguments (`git push`), flags in any spelling and
//! order (`rm -rf`), or a pipe (`curl | bash`: curl's output into any shell). Pure.

use super::programs;
use super::shell::{self, Variables};
use super::started::{self, Argument, Command, Started};

/// The first of the patterns that the command line falls under.
pub(super) fn find<'a>(command: &str, mut patterns: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let started = started::started(command);
    patterns.find(|pattern| matches(pattern, &started, command))
}

fn matches(pattern: &str, started: &Started, command: &str) -> bool {
    let script = shell::parse(pattern, Variables::default()).script;
    let is_simple = |stage: &shell::Stage| !stage.words.is_empty() && stage.body.0.is_empty();
    match script.0.as_slice() {
        [] => false,
        [pipeline] if pipeline.0.iter().all(is_simple) => {
            let pattern = started::started(pattern);
            match pattern.flows.as_slice() {
                [stages] => {
                    let stages: Vec<&Command> =
                        stages.iter().filter_map(|stage| pattern.commands.get(stage.start)).collect();
                    started.flows.iter().any(|flow| flows_through(&stages, flow, started))
                }
                _ => pattern.commands.first().is_some_and(|pattern| {
                    started.commands.iter().any(|command| is_command(pattern, command))
                }),
            }
        }
        // Not a command in the above sense, such as a fork bomb: looked for as it is written.
        _ => without_blanks(command).contains(&without_blanks(pattern)),
    }
}

/// Whether each stage of a pattern has its match, in order, in the stages of a pipeline.
fn flows_through(stages: &[&Command], flow: &[std::ops::Range<usize>], started: &Started) -> bool {
    let mut left = flow.iter();
    stages.iter().enumerate().all(|(at, stage)| {
        left.any(|range| {
            started.commands[range.clone()].iter().any(|command| {
                let any_shell = at > 0 && stage.arguments.is_empty() && programs::is_shell(&stage.program);
                any_shell && programs::is_shell(&command.program) || is_command(stage, command)
            })
        })
    })
}

fn is_command(pattern: &Command, command: &Command) -> bool {
    let same_program = glob(&pattern.program, &command.program)
        || command.is_glob && has_letters(&command.program) && glob(&command.program, &pattern.program);
    same_program && has_flags(pattern, command) && operands_begin_with(pattern, command)
}

/// Whether a command has all flags of a pattern: as the same word, or as letters in any order and grouping.
fn has_flags(pattern: &Command, command: &Command) -> bool {
    let given: Vec<&str> = flags(command).collect();
    let letters: String = given.iter().filter_map(|flag| short_flags(flag, command)).collect();
    // `-f` only silences questions, and nobody is there to answer them.
    let removes_root = pattern.program == "rm" && operands(pattern).any(|word| started::is_root(word, false));
    flags(pattern).all(|wanted| {
        let same_word = given.iter().any(|flag| {
            flag.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        });
        let same_letters = |wanted: String| {
            wanted.chars().all(|letter| letters.contains(letter) || letter == 'f' && removes_root)
        };
        same_word || short_flags(wanted, pattern).is_some_and(same_letters)
    })
}

/// The letters of a group of short flags; those of `rm` in one spelling.
fn short_flags(flag: &str, command: &Command) -> Option<String> {
    let is_rm = command.program == "rm";
    match flag.strip_prefix("--") {
        Some(long) if is_rm && "recursive".starts_with(long) => Some("r".into()),
        Some(long) if is_rm && "force".starts_with(long) => Some("f".into()),
        Some(_) => None,
        None if is_rm => Some(flag[1..].replace('R', "r")),
        // Longer ones are words, as in `find -name`.
        None => (flag.len() <= 4).then(|| flag[1..].to_owned()),
    }
}

fn flags(command: &Command) -> impl Iterator<Item = &str> {
    let words = command.arguments.iter().map(|word| word.text.as_str());
    words.take_while(|word| *word != "--").filter(|word| is_flag(word))
}

fn operands(command: &Command) -> impl Iterator<Item = &Argument> {
    command.arguments.iter().filter(|word| !is_flag(&word.text))
}

/// Whether the operands of a command begin with those of a pattern; options in between are passed over, with their value
/// if need be. A folder to remove may stand anywhere.
fn operands_begin_with(pattern: &Command, command: &Command) -> bool {
    if pattern.program == "rm" {
        return operands(pattern)
            .all(|wanted| operands(command).any(|word| is_operand(wanted, word, command)));
    }
    // Places in the arguments that can be reached after each wanted operand.
    let mut reached = vec![false; command.arguments.len() + 1];
    reached[0] = true;
    for wanted in operands(pattern) {
        let mut next = vec![false; reached.len()];
        for (at, word) in command.arguments.iter().enumerate() {
            if !reached[at] {
                continue;
            }
            if is_operand(wanted, word, command) {
                next[at + 1] = true;
            }
            if is_flag(&word.text) {
                reached[at + 1] = true;
                if at + 2 < reached.len() {
                    reached[at + 2] = true;
                }
            }
        }
        reached = next;
    }
    reached.contains(&true)
}

fn is_operand(pattern: &Argument, operand: &Argument, command: &Command) -> bool {
    if started::is_root(pattern, false) {
        return started::is_root(operand, command.at_root);
    }
    glob(&pattern.text, &operand.text)
}

fn is_flag(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-')
}

fn has_letters(pattern: &str) -> bool {
    pattern.chars().any(char::is_alphanumeric)
}

/// Whether a text matches a pattern of `*` and `?`; sets such as `[a-z]` match any character.
fn glob(pattern: &str, text: &str) -> bool {
    let pattern = single_characters(pattern);
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => (p, t) = (p + 1, t + 1),
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    (p, t) = (at + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// A pattern with `?` in place of each set.
fn single_characters(pattern: &str) -> Vec<char> {
    let chars: Vec<char> = pattern.chars().collect();
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(&c) = chars.get(at) {
        let end = if c == '[' { chars[at + 1..].iter().skip(1).position(|c| *c == ']') } else { None };
        match end {
            Some(offset) => {
                out.push('?');
                at += offset + 3;
            }
            None => {
                out.push(c);
                at += 1;
            }
        }
    }
    out
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests;
