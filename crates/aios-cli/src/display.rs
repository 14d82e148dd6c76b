//! How a run is shown: as JSON, as a picture, or line by line.

use std::io::{self, Write};

use aios_protocol::{EventFrame, RunEvent};
use console::Term;

use crate::context::{Context, size};
use crate::echo::Silence;
use crate::environment::now;
use crate::screen::Screen;
use crate::text::Line;
use crate::view::{self, Question, State};

/// The way of showing that suits stdout.
pub(crate) struct Display<'a> {
    context: &'a Context,
    picture: Option<Screen<io::Stdout>>,
    /// Held from the first picture on, but not while a human types an answer.
    silence: Option<Silence>,
    term: Term,
    /// The cursor stands behind a prompt.
    prompted: bool,
}

impl<'a> Display<'a> {
    pub(crate) fn new(context: &'a Context) -> Self {
        Self { context, picture: context.screen(), silence: None, term: Term::stdout(), prompted: false }
    }

    /// Shows an event and takes it in.
    pub(crate) fn take(&mut self, state: &mut State, frame: &EventFrame) -> io::Result<()> {
        if self.context.json {
            self.context.print_json(frame)?;
        } else if self.picture.is_none() && !self.is_asked_in_place(frame) {
            self.say(&view::lines(state, frame))?;
        }
        state.apply(frame);
        Ok(())
    }

    /// A question that the dialogue shows itself.
    fn is_asked_in_place(&self, frame: &EventFrame) -> bool {
        self.context.interactive() && matches!(frame.event, RunEvent::HumanInputRequired { .. })
    }

    /// Draws the picture, where there is one.
    pub(crate) fn draw(&mut self, state: &State) -> io::Result<()> {
        if self.picture.is_some() {
            self.leave_prompt()?;
        }
        match &mut self.picture {
            Some(picture) if !state.nodes.is_empty() => {
                self.silence.get_or_insert_with(Silence::begin);
                let size = size(&self.term);
                picture.draw(view::render(state, size.columns.saturating_sub(1), now()), size)
            }
            _ => Ok(()),
        }
    }

    /// Prints lines that stay.
    pub(crate) fn say(&mut self, lines: &[Line]) -> io::Result<()> {
        if self.context.json || lines.is_empty() {
            return Ok(());
        }
        self.leave_prompt()?;
        if let Some(picture) = &mut self.picture {
            picture.erase(size(&self.term))?;
        }
        self.context.print(lines)
    }

    /// Asks for a line of text.
    pub(crate) fn prompt(&mut self, question: &Question) -> io::Result<()> {
        self.prompted = true;
        self.silence = None;
        let prompt = Line::from("answer to ").plain(question.agent.as_str()).plain(":");
        write!(io::stdout(), "{} ", prompt.paint(false))?;
        io::stdout().flush()
    }

    /// The human pressed Enter.
    pub(crate) fn prompt_is_done(&mut self) {
        self.prompted = false;
    }

    /// Goes to a fresh line, where a prompt stands that nobody will answer any more.
    pub(crate) fn leave_prompt(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.prompted) { writeln!(io::stdout()) } else { Ok(()) }
    }
}
