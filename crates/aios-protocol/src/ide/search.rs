//! Finding files by name and text in files.

use serde::{Deserialize, Serialize};

use crate::FolderId;

/// Finds files by letters of their path, best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct FilesFind {
    /// The open folder.
    pub folder: FolderId,
    /// Letters of the path in order, blanks between words; all files when empty.
    pub query: String,
    /// How many at most; 50 when missing.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// Files whose paths fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FoundFiles {
    /// The best first.
    pub files: Vec<FoundFile>,
    /// How many files are known.
    pub total: u64,
    /// Whether all files of the folder are known by now.
    pub complete: bool,
}

/// A file that fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FoundFile {
    /// Its path.
    pub path: String,
    /// The characters of the path that fit, counted in UTF-16 units.
    pub positions: Vec<u32>,
}

/// Searches the files of a folder for text, with ripgrep's engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct TextSearch {
    /// The open folder.
    pub folder: FolderId,
    /// What to look for, and where.
    pub query: SearchFor,
    /// Ends after this many matches; 20,000 when missing.
    #[serde(default)]
    pub max_matches: Option<u32>,
}

/// What to look for, and in which files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct SearchFor {
    /// Text, or a regular expression in Rust's syntax.
    pub pattern: String,
    /// Whether `pattern` is a regular expression.
    #[serde(default)]
    #[cfg_attr(feature = "schema", ts(as = "Option<_>"))]
    pub regex: bool,
    /// Whether case matters.
    #[serde(default)]
    #[cfg_attr(feature = "schema", ts(as = "Option<_>"))]
    pub case_sensitive: bool,
    /// Whether only whole words count.
    #[serde(default)]
    #[cfg_attr(feature = "schema", ts(as = "Option<_>"))]
    pub whole_word: bool,
    /// Only files that fit one of these globs; without a slash they match names at any depth.
    #[serde(default)]
    #[cfg_attr(feature = "schema", ts(as = "Option<_>"))]
    pub include: Vec<String>,
    /// No files that fit one of these globs.
    #[serde(default)]
    #[cfg_attr(feature = "schema", ts(as = "Option<_>"))]
    pub exclude: Vec<String>,
    /// Also files that git ignores.
    #[serde(default)]
    #[cfg_attr(feature = "schema", ts(as = "Option<_>"))]
    pub with_ignored: bool,
    /// What a replacement would put there; `$1` and `$name` stand for groups of a regular expression. Shown with each match.
    #[serde(default)]
    pub replacement: Option<String>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TextFound {
    /// Matches in a file. A file with many comes in several items.
    File {
        /// The file.
        path: String,
        /// Names the content that was searched.
        version: String,
        /// The lines that match.
        lines: Vec<FoundLine>,
    },
    /// Everything was searched.
    Done {
        /// Files with matches.
        files: u64,
        /// Matches.
        matches: u64,
        /// Files that were looked into.
        searched: u64,
        /// Whether there are more matches.
        truncated: bool,
    },
}

/// A line that matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FoundLine {
    /// Counted from 1.
    pub line: u64,
    /// Its text; a long one is cut around its first match.
    pub text: String,
    /// How much was cut away before `text`, in UTF-16 units.
    pub cut: u32,
    /// The matches in `text`.
    pub matches: Vec<FoundMatch>,
}

/// A match in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FoundMatch {
    /// Where in `text` it begins, in UTF-16 units.
    pub start: u32,
    /// Where in `text` it ends, in UTF-16 units.
    pub end: u32,
    /// Its number among the matches of the file, from 0.
    pub index: u32,
    /// What would stand there; null without a replacement.
    pub replacement: Option<String>,
}

/// Replaces what a search found, in files that are as they were then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct TextReplace {
    /// The open folder.
    pub folder: FolderId,
    /// The same as was searched for, with a replacement.
    pub query: SearchFor,
    /// The files, as the search told them.
    pub files: Vec<ReplaceIn>,
}

/// A file to replace text in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct ReplaceIn {
    /// The file.
    pub path: String,
    /// The content that was searched.
    pub version: String,
    /// The numbers of the matches to replace; all when missing.
    #[serde(default)]
    pub only: Option<Vec<u32>>,
}

/// What was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct TextReplaced {
    /// The files that were asked for, in their order.
    pub files: Vec<ReplacedIn>,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ReplacedIn {
    /// The file.
    pub path: String,
    /// How many matches were replaced.
    pub replaced: u32,
    /// Names its content now; null where it was changed since the search, or could not be written.
    pub version: Option<String>,
    /// Why nothing was replaced in it.
    pub problem: Option<String>,
}
