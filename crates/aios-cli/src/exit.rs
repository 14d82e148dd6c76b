//! How the process ends: the documented exit codes, and errors on stderr.

use std::io::{self, Write};
use std::process::ExitCode;

use aios_protocol::{ErrorCode, Problem};

use crate::text::{Line, Tone, lines_of};

/// The documented exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Completed = 0,
    Failed = 1,
    Usage = 2,
    AnswerNeeded = 3,
    LimitReached = 4,
    Cancelled = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<ErrorCode> for Exit {
    fn from(code: ErrorCode) -> Self {
        match code {
            ErrorCode::InvalidRequest | ErrorCode::NotFound => Self::Usage,
            ErrorCode::AnswerNeeded => Self::AnswerNeeded,
            ErrorCode::CostLimit | ErrorCode::TimeLimit => Self::LimitReached,
            ErrorCode::Cancelled => Self::Cancelled,
            _ => Self::Failed,
        }
    }
}

/// Why a command could not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something to tell the user.
    Problem(Problem),
    /// Nobody reads our output any more, or its disk is full.
    Output(io::Error),
    /// The user would not wait for the work to be put away.
    Abandoned,
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Failure {
    /// The same, told by a server: the commands that its hints name are to be asked there, too.
    pub(crate) fn told_by_server(self) -> Self {
        match self {
            Self::Problem(mut problem) => {
                problem.hint = problem.hint.map(|hint| ask_there(&hint));
                Self::Problem(problem)
            }
            other => other,
        }
    }

    /// Writes it to stderr and says how the process ends. A reader that left, as `head` does, is no error to show.
    pub(crate) fn report(self, json: bool, colour: bool) -> Exit {
        let problem = match self {
            Self::Problem(problem) => problem,
            Self::Abandoned => return Exit::Cancelled,
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return Exit::Failed,
            Self::Output(error) => {
                Problem::new(ErrorCode::Storage, format!("the output could not be written: {error}"))
            }
        };
        // Where stderr is closed too, the exit code is all that is left to say.
        _ = write_problem(&mut io::stderr().lock(), &problem, json, colour);
        problem.code.into()
    }
}

/// What `--remote` does not reach concerns the server's machine.
fn ask_there(hint: &str) -> String {
    const COMMANDS: [&str; 6] = ["run", "runs", "logs", "resume", "respond", "models"];
    const THEIRS: [&str; 3] = ["`aios models pull", "`aios models remove", "`aios doctor"];
    if THEIRS.iter().any(|command| hint.contains(command)) {
        return format!("on the server's machine: {hint}");
    }
    COMMANDS.iter().fold(hint.to_owned(), |hint, command| {
        let asked = |hint: String, end: char| {
            hint.replace(&format!("`aios {command}{end}"), &format!("`aios --remote {command}{end}"))
        };
        asked(asked(hint, ' '), '`')
    })
}

fn write_problem(to: &mut impl Write, problem: &Problem, json: bool, colour: bool) -> io::Result<()> {
    if json {
        return writeln!(to, "{}", serde_json::to_string(problem)?);
    }
    let labelled = |label, tone, text| {
        lines_of(text).enumerate().map(move |(at, line)| match at {
            0 => Line::new().add(tone, label).plain(" ").plain(line),
            _ => Line::from(line),
        })
    };
    let message = match problem.code {
        ErrorCode::AnswerNeeded => labelled("question:", Tone::Warn, &problem.message),
        _ => labelled("error:", Tone::Bad, &problem.message),
    };
    let hint = problem.hint.as_deref().unwrap_or_default();
    for line in message.chain(labelled("hint:", Tone::Accent, hint)) {
        writeln!(to, "{}", line.paint(colour))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_readable_and_harmless() {
        let check = |problem: Problem, json, expect: &str| {
            let mut written = Vec::new();
            write_problem(&mut written, &problem, json, false).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), expect);
        };
        let problem = Problem::new(ErrorCode::NotFound, "there is no run \x1b[31m0192\x1b[0m\nat all")
            .with_hint("`aios runs` lists them");
        check(problem.clone(), false, "error: there is no run 0192\nat all\nhint: `aios runs` lists them\n");
        check(
            problem,
            true,
            "{\"code\":\"not_found\",\"message\":\"there is no run \\u001b[31m0192\\u001b[0m\\nat all\",\
             \"hint\":\"`aios runs` lists them\",\"weights\":null,\"retry_after_s\":null}\n",
        );
        check(Problem::new(ErrorCode::Internal, "no hint"), false, "error: no hint\n");
        check(Problem::new(ErrorCode::AnswerNeeded, "which?"), false, "question: which?\n");
    }

    #[test]
    fn hints_of_a_server() {
        let check = |hint: &str, expect: &str| assert_eq!(ask_there(hint), expect);
        check("`aios runs` lists them", "`aios --remote runs` lists them");
        check(
            "watch it with `aios logs <run> --follow`",
            "watch it with `aios --remote logs <run> --follow`",
        );
        check(
            "get it with `aios models pull small`",
            "on the server's machine: get it with `aios models pull small`",
        );
        check("`aios models` lists the models", "`aios --remote models` lists the models");
        check("try it again", "try it again");
    }

    #[test]
    fn codes_become_the_documented_exits() {
        let check = |code: ErrorCode, expect: u8| assert_eq!(Exit::from(code) as u8, expect, "{code:?}");
        check(ErrorCode::InvalidRequest, 2);
        check(ErrorCode::NotFound, 2);
        check(ErrorCode::AnswerNeeded, 3);
        check(ErrorCode::CostLimit, 4);
        check(ErrorCode::TimeLimit, 4);
        check(ErrorCode::Cancelled, 130);
        check(ErrorCode::ValidationFailed, 1);
        check(ErrorCode::NotConfigured, 1);
        check(ErrorCode::Internal, 1);
    }
}
