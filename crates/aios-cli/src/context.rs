//! What every command works with: the product, and the way to the user.

use std::io::{self, Write};
use std::sync::Arc;

use aios_app::{App, Session};
use console::Term;
use serde::Serialize;

use crate::environment::Environment;
use crate::screen::{Screen, Size};
use crate::text::Line;

/// Columns where nobody says how many there are.
const COLUMNS: usize = 100;

/// What every command works with.
pub(crate) struct Context {
    pub(crate) app: Arc<App>,
    pub(crate) session: Session,
    pub(crate) environment: Environment,
    pub(crate) json: bool,
}

impl Context {
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
