//! Requests and answers while typing: edits, chat and completions.

use serde::{Deserialize, Serialize};

/// Edits a piece of code as told (Cmd+K).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
#[serde(default)]
pub struct InlineEdit {
    /// The code.
    pub code: String,
    /// What is to be done with it.
    pub instruction: String,
    /// The file that it is from, to tell its language.
    pub path: Option<String>,
    /// What stands above it.
    pub before: Option<String>,
    /// What stands below it.
    pub after: Option<String>,
    /// `provider/name`.
    pub model: Option<String>,
}

/// The edited code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct InlineEdited {
    /// The code as it should be.
    pub edited_code: String,
    /// What was done, in a line.
    pub summary: String,
}

/// Answers a question about a file (Cmd+L).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
#[serde(default)]
pub struct InlineChat {
    /// The file, or the part that matters.
    pub file_context: String,
    /// The question.
    pub message: String,
    /// The file's path.
    pub path: Option<String>,
    /// What was said before, oldest first.
    pub history: Vec<ChatTurn>,
    /// `provider/name`.
    pub model: Option<String>,
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ChatTurn {
    /// What the person said.
    pub message: String,
    /// What the model said.
    pub reply: String,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct InlineReply {
    /// Markdown.
    pub reply: String,
}

/// Continues the text at the caret (Tab).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
#[serde(default)]
pub struct InlineComplete {
    /// What stands before the caret.
    pub prefix: String,
    /// What stands after it.
    pub suffix: String,
    /// The file, to tell its language.
    pub path: Option<String>,
    /// `provider/name`.
    pub model: Option<String>,
}

/// What could be typed next; empty when nothing good was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct InlineCompletion {
    /// The text.
    pub completion: String,
}
