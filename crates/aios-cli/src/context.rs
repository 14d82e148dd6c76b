//! What every command works with: where runs are, and the way to the user.

use std::io::{self, Write};

use aios_app::{App, AppConfig};
use aios_protocol::{ErrorCode, Problem};
use console::Term;
use serde::Serialize;
use tokio::sync::OnceCell;

use crate::account::Account;
use crate::environment::Environment;
use crate::place::{Here, Place};
use crate::screen::{Screen, Size};
use crate::text::Line;

/// Columns where nobody says how many there are.
const COLUMNS: usize = 100;

/// What every command works with.
pub(crate) struct Context {
    pub(crate) environment: Environment,
    pub(crate) json: bool,
    /// The data folder, and what else is known of this machine.
    pub(crate) config: AppConfig,
    /// How the program is called so that it means the same runs.
    pub(crate) program: &'static str,
    is_remote: bool,
    place: OnceCell<Place>,
}

impl Context {
    /// Opens nothing yet. `remote` is the flag of the command line.
    pub(crate) fn new(environment: Environment, config: AppConfig, json: bool, remote: bool) -> Self {
        let program = if remote { "aios --remote" } else { "aios" };
        let is_remote = remote || environment.is_on("AIOS_REMOTE");
        Self { environment, json, config, program, is_remote, place: OnceCell::new() }
    }

    /// Where runs are; opened at the first call.
    pub(crate) async fn place(&self) -> Result<&Place, Problem> {
        self.place
            .get_or_try_init(|| async {
                if self.is_remote {
                    return Ok(Place::There(Account::find(self).await?.client));
                }
                let app = App::open(self.config.clone()).await?;
                Ok(Place::Here(Here { session: app.session(), app }))
            })
            .await
    }

    /// What was opened so far.
    pub(crate) fn opened(&self) -> Option<&Place> {
        self.place.get()
    }

    /// The product in this process, for what makes sense nowhere else.
    pub(crate) async fn here(&self, what: &str) -> Result<&Here, Problem> {
        self.only_here(what)?;
        match self.place().await? {
            Place::Here(here) => Ok(here),
            Place::There(_) => Err(not_remote(what)),
        }
    }

    /// Refuses what is about this machine when a server is meant.
    pub(crate) fn only_here(&self, what: &str) -> Result<(), Problem> {
        if self.is_remote { Err(not_remote(what)) } else { Ok(()) }
    }

    /// Whether questions can be asked in place.
    pub(crate) fn interactive(&self) -> bool {
        !self.json && self.environment.stdin_is_terminal && self.environment.stdout_is_terminal
    }

    /// Prints lines for people on stdout.
    pub(crate) fn print(&self, lines: &[Line]) -> io::Result<()> {
        let colour = self.environment.colour(self.environment.stdout_is_terminal);
        let mut text = String::new();
        for line in lines {
            text.push_str(&line.paint(colour));
            text.push('\n');
        }
        write_stdout(&text)
    }

    /// Prints lines of a table, cut to the terminal where there is one.
    pub(crate) fn print_table(&self, lines: Vec<Line>) -> io::Result<()> {
        if !self.environment.stdout_is_terminal {
            return self.print(&lines);
        }
        let columns = size(&Term::stdout()).columns;
        self.print(&lines.into_iter().map(|line| line.clip(columns)).collect::<Vec<_>>())
    }

    /// Prints an object as one line of JSON.
    pub(crate) fn print_json(&self, object: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_string(object)?;
        text.push('\n');
        write_stdout(&text)
    }

    /// A block on stdout that is drawn over itself, where the terminal can do that.
    pub(crate) fn screen(&self) -> Option<Screen<io::Stdout>> {
        let can = self.environment.can_redraw() && !self.json;
        can.then(|| Screen::new(io::stdout(), self.environment.colour(true)))
    }
}

fn not_remote(what: &str) -> Problem {
    Problem::new(ErrorCode::InvalidRequest, format!("{what} is about this machine, and a server is meant"))
        .with_hint("leave --remote away, and unset AIOS_REMOTE; or do it on the server's machine")
}

/// The size of a terminal at the moment.
pub(crate) fn size(term: &Term) -> Size {
    let (rows, columns) = term.size_checked().unwrap_or((24, COLUMNS as u16));
    Size { rows: rows.into(), columns: columns.into() }
}

fn write_stdout(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}
