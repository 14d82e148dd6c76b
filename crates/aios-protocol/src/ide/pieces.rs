//! Answers that come piece by piece, and what else is followed as it happens.

use serde::{Deserialize, Serialize};

use crate::RunId;

/// A piece of a completion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CompletionPiece {
    /// More of it.
    Text {
        /// The text.
        text: String,
    },
    /// All of it; what counts.
    Done {
        /// The completion; empty when nothing good was found.
        completion: String,
    },
}

/// A piece of an edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EditPiece {
    /// More of it.
    Text {
        /// The text.
        text: String,
    },
    /// All of it; what counts.
    Done {
        /// The code as it should be.
        edited_code: String,
        /// What was done, in a line.
        summary: String,
    },
}

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChatPiece {
    /// More of it.
    Text {
        /// Markdown.
        text: String,
    },
    /// All of it; what counts.
    Done {
        /// Markdown.
        reply: String,
    },
}

/// Downloads the embedded model's weights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct WeightsPull {
    /// Which; the default for runs when missing.
    #[serde(default)]
    pub id: Option<String>,
}

/// How far a download is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PullProgress {
    /// Another process downloads the same.
    Waiting {},
    /// Bytes come.
    Fetching {
        /// From where.
        source: String,
        /// Bytes that are there.
        done: u64,
        /// Bytes of the whole.
        total: u64,
    },
    /// A source did not deliver; the next one is tried.
    GaveUp {
        /// Which.
        source: String,
        /// Why.
        reason: String,
    },
    /// The hash is computed.
    Verifying {
        /// Bytes that were read.
        done: u64,
        /// Bytes of the whole.
        total: u64,
    },
    /// The file is there and right.
    Ready {
        /// Where.
        path: String,
        /// Its size.
        bytes: u64,
    },
}

/// Follows runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct RunWatch {
    /// One run, from `after` to its end; everything from now on when missing.
    #[serde(default)]
    pub run_id: Option<RunId>,
    /// The `seq` of the last event that is known.
    #[serde(default)]
    pub after: Option<u64>,
}
