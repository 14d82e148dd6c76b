//! What a run looks like. Pure: frames go into a [`State`], lines come out of it.
//!
//! Must not know: the terminal, the clock, how frames arrive.

mod action;
mod card;
mod live;
mod plain;
mod state;
#[cfg(test)]
mod tests;

pub(crate) use card::{Reader, card, evidence_lines, field, short};
pub(crate) use live::{glyph, render};
pub(crate) use plain::{header, lines};
pub(crate) use state::{End, Question, State};
