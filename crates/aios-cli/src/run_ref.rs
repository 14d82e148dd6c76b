//! RUN on the command line: an id, the beginning of one, or `last`.

use aios_protocol::{Api, ErrorCode, Problem, RunId, RunList, RunSummary};

use crate::text::first_line;

/// Characters that are enough to mean a run.
const SHORTEST: usize = 4;

/// Runs that are named when several are meant.
const NAMED: usize = 5;

/// Finds the run that is meant.
pub(crate) async fn resolve(api: &dyn Api, text: &str) -> Result<RunId, Problem> {
    // The name of a run's folder is as good as its id.
    let text = text.trim().trim_start_matches("run_").to_ascii_lowercase();
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    if text == "last" {
        let page = api.run_list(RunList { limit: Some(1), ..RunList::default() }).await?;
        return page.runs.first().map(|run| run.run_id).ok_or_else(no_runs);
    }
    if text.len() < SHORTEST || !text.chars().all(|c| c.is_ascii_hexdigit() || c == '-') {
        return Err(Problem::new(ErrorCode::InvalidRequest, format!("{text:?} names no run")).with_hint(
            format!("give its id, at least the first {SHORTEST} characters of it, or `last`; `aios runs` lists them"),
        ));
    }
    let mut meant = Vec::new();
    let mut cursor = None;
    loop {
        let page = api.run_list(RunList { limit: Some(200), cursor, ..RunList::default() }).await?;
        meant.extend(page.runs.into_iter().filter(|run| run.run_id.to_string().starts_with(&text)));
        cursor = page.next_cursor;
        if cursor.is_none() {
            return the_one(&text, &meant);
        }
    }
}

/// The answer where there is no run at all.
pub(crate) fn no_runs() -> Problem {
    Problem::new(ErrorCode::NotFound, "there are no runs yet")
        .with_hint("start one: aios run \"what to build\"")
}

fn the_one(prefix: &str, meant: &[RunSummary]) -> Result<RunId, Problem> {
    match meant {
        [] => Err(Problem::new(ErrorCode::NotFound, format!("no run's id starts with {prefix:?}"))
            .with_hint("`aios runs` lists them")),
        [run] => Ok(run.run_id),
        several => {
            let mut message = format!("{} runs start with {prefix:?}:", several.len());
            for run in several.iter().take(NAMED) {
                let objective: String = first_line(&run.objective).chars().take(60).collect();
                message.push_str(&format!("\n  {}  {objective}", run.run_id));
            }
            if several.len() > NAMED {
                message.push_str("\n  …");
            }
            Err(Problem::new(ErrorCode::InvalidRequest, message).with_hint("give more characters"))
        }
    }
}

#[cfg(test)]
mod tests {
    use aios_protocol::{RunStatus, Timestamp};

    use super::*;

    #[test]
    fn one_run_must_be_meant() {
        let run = |end: u8| RunSummary {
            run_id: format!("0192f3a4-7c1e-7000-8000-0000000000{end:02}").parse().unwrap(),
            status: RunStatus::Completed,
            objective: format!("\n objective {end}\nmore"),
            project_id: None,
            model: String::new(),
            cost_usd: 0.0,
            files_count: 0,
            created_at: Timestamp::from_micros(0),
            ended_at: None,
        };
        let check = |runs: &[RunSummary], expect: &str| {
            let said = the_one("0192", runs).map_or_else(|problem| problem.message, |id| id.to_string());
            assert_eq!(said, expect);
        };
        check(&[], "no run's id starts with \"0192\"");
        check(&[run(1)], "0192f3a4-7c1e-7000-8000-000000000001");
        check(
            &[run(1), run(2)],
            "2 runs start with \"0192\":\n  0192f3a4-7c1e-7000-8000-000000000001  objective 1\n  \
             0192f3a4-7c1e-7000-8000-000000000002  objective 2",
        );
        let many: Vec<RunSummary> = (10..20).map(run).collect();
        let message = the_one("0192", &many).unwrap_err().message;
        assert!(message.starts_with("10 runs") && message.ends_with("  …"), "{message}");
    }
}
