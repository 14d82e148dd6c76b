//! Files as an editor opens and saves them.

use serde::{Deserialize, Serialize};

use crate::FolderId;

/// Lists one level of a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct DirList {
    /// The open folder.
    pub folder: FolderId,
    /// The level; the open folder itself when missing.
    #[serde(default)]
    pub path: Option<String>,
}

/// One level of a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct DirListing {
    /// Folders first, then by name.
    pub entries: Vec<DirEntry>,
    /// Whether there are more than are listed.
    pub truncated: bool,
}

/// A file or folder in a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct DirEntry {
    /// Its name.
    pub name: String,
    /// Its path in the open folder.
    pub path: String,
    /// What it is, links followed.
    pub kind: EntryKind,
    /// Whether it is a symbolic link.
    pub link: bool,
    /// Its size; 0 for folders.
    pub bytes: u64,
    /// Whether git ignores it.
    pub ignored: bool,
    /// Whether agents cannot see it: it may hold secrets, is on an ignore list, or is generated.
    pub hidden: bool,
}

/// What stands in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link that leads nowhere or out of the folder, or a special file.
    Other,
}

/// Reads a file for an editor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct FileOpen {
    /// The open folder.
    pub folder: FolderId,
    /// The file.
    pub path: String,
    /// Reads it in this encoding instead of a guessed one.
    #[serde(default)]
    pub encoding: Option<Encoding>,
}

/// A file as an editor shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct OpenedFile {
    /// The file.
    pub path: String,
    /// How it can be shown.
    pub kind: FileKind,
    /// Its text with `\n` between lines, without a byte order mark; null unless `kind` is `text`.
    pub text: Option<String>,
    /// How it is encoded.
    pub encoding: Encoding,
    /// What ends most of its lines.
    pub line_ending: LineEnding,
    /// Whether some lines end otherwise; saving makes them all alike.
    pub mixed_line_endings: bool,
    /// Names this content; null for large files.
    pub version: Option<String>,
    /// Its size on disk.
    pub bytes: u64,
    /// Whether it cannot be saved.
    pub read_only: bool,
    /// Of images, such as `image/png`.
    pub media_type: Option<String>,
    /// What the `.editorconfig` files above it say.
    pub editor_config: EditorConfig,
}

/// How a file can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// In an editor.
    Text,
    /// As a picture.
    Image,
    /// Not at all.
    Binary,
    /// In windows of lines, read-only.
    Large,
}

/// How text is written in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Bom,
    /// UTF-16, little-endian, with a byte order mark.
    Utf16Le,
    /// UTF-16, big-endian, with a byte order mark.
    Utf16Be,
    /// Windows-1252, which Latin-1 is part of.
    Windows1252,
    /// Windows-1250, Central European.
    Windows1250,
    /// Windows-1251, Cyrillic.
    Windows1251,
    /// Shift_JIS, Japanese.
    ShiftJis,
    /// EUC-JP, Japanese.
    EucJp,
    /// EUC-KR, Korean.
    EucKr,
    /// GB18030, Chinese.
    Gb18030,
    /// Big5, Chinese.
    Big5,
    /// KOI8-R, Russian.
    Koi8R,
}

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LineEnding {
    /// `\n`.
    Lf,
    /// `\r\n`.
    Crlf,
    /// `\r`.
    Cr,
}

/// What `.editorconfig` files say about a file; null where they say nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct EditorConfig {
    /// Spaces or tabs.
    pub indent_style: Option<IndentStyle>,
    /// Columns of a level.
    pub indent_size: Option<u32>,
    /// Columns of a tab.
    pub tab_width: Option<u32>,
    /// What ends a line in a new file.
    pub end_of_line: Option<LineEnding>,
    /// How a new file is encoded.
    pub encoding: Option<Encoding>,
    /// Whether saving removes blanks at line ends.
    pub trim_trailing_whitespace: Option<bool>,
    /// Whether saving ends the last line.
    pub insert_final_newline: Option<bool>,
    /// Where to draw the ruler.
    pub max_line_length: Option<u32>,
}

/// What a level of indentation is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum IndentStyle {
    /// Spaces.
    Space,
    /// Tabs.
    Tab,
}

/// Reads a file as bytes, to show a picture. At most 20 MB.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FileBytes {
    /// The open folder.
    pub folder: FolderId,
    /// The file.
    pub path: String,
}

/// The bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FileContent {
    /// The content in Base64.
    pub base64: String,
    /// What it is.
    pub media_type: String,
    /// Its size.
    pub bytes: u64,
    /// Names this content.
    pub version: String,
}

/// Reads some lines of a large file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FileWindow {
    /// The open folder.
    pub folder: FolderId,
    /// The file.
    pub path: String,
    /// The first line, counted from 0.
    pub first_line: u64,
    /// How many; at most 5,000.
    pub lines: u32,
}

/// Some lines of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct WindowOfLines {
    /// The first line, counted from 0.
    pub first_line: u64,
    /// The lines without their ends; long ones are cut at 10,000 characters.
    pub lines: Vec<String>,
    /// How many lines were counted so far.
    pub known_lines: u64,
    /// How many bytes were looked through so far.
    pub known_bytes: u64,
    /// The size of the file. All lines are counted when `known_bytes` has reached it; ask again until then.
    pub bytes: u64,
}

/// Saves a file, unless somebody else changed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct FileSave {
    /// The open folder.
    pub folder: FolderId,
    /// The file.
    pub path: String,
    /// Its text with `\n` between lines.
    pub text: String,
    /// How to write it.
    pub encoding: Encoding,
    /// What ends its lines.
    pub line_ending: LineEnding,
    /// The version that the text was made from; a file that must not exist yet when missing.
    #[serde(default)]
    pub base_version: Option<String>,
}

/// What became of a save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FileStored {
    /// It was saved.
    Saved {
        /// Names the content as it is now.
        version: String,
        /// Its size on disk.
        bytes: u64,
    },
    /// The file on disk is not the one that the text was made from. Nothing was written.
    Conflict {
        /// The version on disk; null when the file is gone.
        version: Option<String>,
    },
}

/// Makes an empty file or a folder, with the folders above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct EntryCreate {
    /// The open folder.
    pub folder: FolderId,
    /// What to make.
    pub path: String,
    /// A file or a folder.
    pub kind: NewEntry,
}

/// What can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NewEntry {
    /// An empty file.
    File,
    /// A folder.
    Folder,
}

/// Renames or moves a file or folder. Never overwrites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct EntryRename {
    /// The open folder.
    pub folder: FolderId,
    /// What.
    pub from: String,
    /// Its new path.
    pub to: String,
}

/// Copies a file or folder. Never overwrites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct EntryCopy {
    /// The open folder.
    pub folder: FolderId,
    /// What.
    pub from: String,
    /// The path of the copy.
    pub to: String,
}

/// Moves a file or folder to the trash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct EntryRemove {
    /// The open folder.
    pub folder: FolderId,
    /// What.
    pub path: String,
    /// Deletes it instead.
    #[serde(default)]
    #[cfg_attr(feature = "schema", ts(as = "Option<_>"))]
    pub forever: bool,
}

/// A file or folder is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct EntryRemoved {
    /// Whether it lies in the trash.
    pub trashed: bool,
}
