//! Typing-time AI: completions at the caret, edits of a selection, chat about a file.
//!
//! Pure functions make the prompts and read the replies; one function for each asks a model and streams its answer. Knows the
//! `Model` port alone. Must not know: stores, files, whose key a model uses.

mod chat;
mod complete;
mod edit;
mod fence;
mod language;
mod lines;
mod pieces;

pub use chat::chat;
pub use complete::Completer;
pub use edit::edit;
pub use pieces::{Piece, Pieces};
