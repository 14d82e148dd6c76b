//! Getting the embedded model, with a bar that tells how far it is. Progress goes to stderr: stdout may be JSON.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use aios_app::Session;
use aios_protocol::{ErrorCode, Problem, PullProgress, WeightsEntry};
use console::Term;
use futures::StreamExt;
use tokio_util::sync::CancellationToken;

use crate::context::{Context, size};
use crate::exit::Failure;
use crate::screen::Screen;
use crate::signals::Signals;
use crate::text::{Line, Tone};
use crate::words;

/// Time between two pictures of the bar.
const FRAME: Duration = Duration::from_millis(100);

/// Columns of the bar.
const BAR: usize = 24;

/// Asks at the terminal whether a model may be downloaded.
pub(crate) async fn consent(weights: &WeightsEntry) -> io::Result<bool> {
    let question = format!(
        "No model is configured. Download {} ({}, {}) to run here without an account? [Y/n]",
        weights.name,
        words::bytes(weights.bytes),
        weights.licence
    );
    write!(io::stdout(), "{} ", Line::from(question).paint(false))?;
    io::stdout().flush()?;
    let read = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        let bytes = io::stdin().read_line(&mut answer)?;
        // The end of the input is not a yes.
        Ok(bytes > 0 && matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes"))
    });
    read.await.map_err(io::Error::other)?
}

/// Downloads a model, or takes it from a file, and tells where it is. An empty `id` means the one for runs.
pub(crate) async fn pull(
    context: &Context,
    session: &Session,
    id: &str,
    from: Option<PathBuf>,
) -> Result<PathBuf, Failure> {
    let stop = CancellationToken::new();
    let mut progress = session.pull_weights(id, from, stop.clone());
    let mut signals = Signals::listen()?;
    let mut bar = Bar::new(context);
    loop {
        tokio::select! {
            step = progress.next() => match step {
                Some(Ok(PullProgress::Ready { path, .. })) => return Ok(path.into()),
                Some(step) => bar.show(&step?)?,
                None => {
                    return Err(Problem::new(ErrorCode::Internal, "the download ended without a result").into());
                }
            },
            () = signals.next() => {
                stop.cancel();
                // It ends when what has arrived is safe; the next pull goes on from there.
                while progress.next().await.is_some() {}
                return Err(Problem::new(ErrorCode::Cancelled, "the download was stopped")
                    .with_hint(format!("go on with it: aios models pull {id}"))
                    .into());
            }
        }
    }
}

/// How far it is: redrawn in a terminal, else one line for every tenth.
struct Bar {
    screen: Option<Screen<io::Stderr>>,
    quiet: bool,
    /// When the picture was drawn last.
    drawn: Option<Instant>,
    /// What is going on, and in which tenth.
    at: (String, u64),
    rate: Rate,
}

impl Bar {
    fn new(context: &Context) -> Self {
        let environment = &context.environment;
        let terminal = environment.stderr_is_terminal && environment.variable("TERM") != Some("dumb");
        Self {
            screen: terminal.then(|| Screen::new(io::stderr(), environment.colour(true))),
            quiet: context.json,
            drawn: None,
            at: (String::new(), 0),
            rate: Rate::default(),
        }
    }

    fn show(&mut self, step: &PullProgress) -> io::Result<()> {
        if self.quiet {
            return Ok(());
        }
        let (doing, done, total) = match step {
            PullProgress::Waiting {} => ("waiting for another download".to_owned(), 0, 0),
            PullProgress::Fetching { source, done, total } => (format!("from {source}"), *done, *total),
            PullProgress::Verifying { done, total } => ("verifying".to_owned(), *done, *total),
            PullProgress::GaveUp { source, reason } => {
                return self.say(&Line::from(format!("{source} did not deliver: {reason}")));
            }
            PullProgress::Ready { .. } => return Ok(()),
        };
        let tenth = done.saturating_mul(10) / total.max(1);
        let phase_is_new = doing != self.at.0;
        let tenth_is_new = phase_is_new || tenth != self.at.1;
        if phase_is_new {
            self.rate = Rate::default();
        }
        let rate = self.rate.at(Instant::now(), done);
        let line = line(&doing, done, total, rate);
        self.at = (doing, tenth);
        match &mut self.screen {
            Some(screen) => {
                if tenth_is_new || self.drawn.is_none_or(|drawn| drawn.elapsed() >= FRAME) {
                    self.drawn = Some(Instant::now());
                    screen.draw(vec![line], size(&Term::stderr()))?;
                }
                Ok(())
            }
            None if tenth_is_new => self.say(&line),
            None => Ok(()),
        }
    }

    /// Writes a line that stays.
    fn say(&mut self, line: &Line) -> io::Result<()> {
        if let Some(screen) = &mut self.screen {
            screen.erase(size(&Term::stderr()))?;
        }
        writeln!(io::stderr(), "{}", line.paint(false))
    }
}

/// Bytes per second since the phase began.
#[derive(Default)]
struct Rate {
    start: Option<(Instant, u64)>,
}

impl Rate {
    fn at(&mut self, now: Instant, done: u64) -> Option<f64> {
        let (since, before) = *self.start.get_or_insert((now, done));
        let seconds = now.duration_since(since).as_secs_f64();
        (seconds >= 1.0 && done > before).then(|| (done - before) as f64 / seconds)
    }
}

fn line(doing: &str, done: u64, total: u64, rate: Option<f64>) -> Line {
    let part = if total == 0 { 0.0 } else { (done as f64 / total as f64).min(1.0) };
    let full = (part * BAR as f64) as usize;
    let line = Line::new().add(Tone::Accent, &"━".repeat(full)).dim(&"─".repeat(BAR - full)).plain(&format!(
        " {:>3} %  {} of {}",
        (part * 100.0) as u64,
        words::bytes(done),
        words::bytes(total)
    ));
    let line = match rate {
        Some(rate) => {
            let left = Duration::from_secs_f64(total.saturating_sub(done) as f64 / rate);
            line.plain(&format!("  {}/s  {} left", words::bytes(rate as u64), words::duration(left)))
        }
        None => line,
    };
    line.plain("  ").dim(doing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar() {
        let check = |done, total, rate, expect: &str| {
            assert_eq!(line("from a mirror", done, total, rate).paint(false), expect);
        };
        check(0, 0, None, "────────────────────────   0 %  0 B of 0 B  from a mirror");
        check(
            550_000_000,
            1_100_000_000,
            Some(11e6),
            "━━━━━━━━━━━━────────────  50 %  550.0 MB of 1.1 GB  11.0 MB/s  50 s left  from a mirror",
        );
        check(9, 8, None, "━━━━━━━━━━━━━━━━━━━━━━━━ 100 %  9 B of 8 B  from a mirror");
    }

    #[test]
    fn the_rate_ignores_what_was_there_before() {
        let (mut rate, start) = (Rate::default(), Instant::now());
        assert_eq!(rate.at(start, 500), None);
        assert_eq!(rate.at(start + Duration::from_millis(500), 600), None, "too early to tell");
        assert_eq!(rate.at(start + Duration::from_secs(2), 700), Some(100.0));
    }
}
