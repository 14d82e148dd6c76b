//! What the user may set. Every setting has a default; unknown ones are refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// All settings of the editor.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How the window looks.
    pub appearance: Appearance,
    /// How text is edited.
    pub editor: EditorSettings,
    /// How files are kept.
    pub files: FileSettings,
    /// How terminals look and what runs in them.
    pub terminal: TerminalSettings,
    /// What the model does while one types.
    pub inline: InlineSettings,
    /// How the repository is worked with.
    pub git: GitSettings,
    /// Keys by command, such as `"file.save": "Ctrl+S"`; an empty key takes a command's key away.
    pub keys: BTreeMap<String, String>,
    /// Language servers by name, such as `rust-analyzer`.
    pub language_servers: BTreeMap<String, LanguageServerSettings>,
}

/// How the window looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct Appearance {
    /// Light, dark, or as the system is.
    pub theme: Theme,
    /// How much air is around things.
    pub density: Density,
    /// The size of the window's own text, in pixels.
    #[schema(minimum = 8, maximum = 32)]
    pub font_size: u32,
    /// Whether things move as little as possible.
    pub reduced_motion: bool,
    /// Whether the minimap is shown.
    pub minimap: bool,
}

impl Default for Appearance {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            density: Density::Comfortable,
            font_size: 13,
            reduced_motion: false,
            minimap: false,
        }
    }
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system is.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How much air is around things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// More.
    Comfortable,
    /// Less.
    Compact,
}

/// How text is edited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct EditorSettings {
    /// The font, as CSS names it; the product's own when empty.
    pub font_family: String,
    /// Its size, in pixels.
    #[schema(minimum = 6, maximum = 72)]
    pub font_size: u32,
    /// The height of a line, as a multiple of the font size.
    #[schema(minimum = 1.0, maximum = 3.0)]
    pub line_height: f64,
    /// Whether the font's ligatures are shown.
    pub ligatures: bool,
    /// Columns of a tab, where neither the file nor an `.editorconfig` tells.
    #[schema(minimum = 1, maximum = 16)]
    pub tab_size: u32,
    /// Whether Tab writes spaces, where neither the file nor an `.editorconfig` tells.
    pub insert_spaces: bool,
    /// Whether long lines are wrapped.
    pub word_wrap: bool,
    /// Which keys the editor knows.
    pub keymap: Keymap,
    /// Whether line numbers are shown.
    pub line_numbers: bool,
    /// Whether blanks are shown.
    pub show_whitespace: bool,
    /// Whether a file is formatted by its language server when it is saved.
    pub format_on_save: bool,
    /// Whether inlay hints are shown.
    pub inlay_hints: bool,
}

impl Default for EditorSettings {
    fn default() -> Self {
        Self {
            font_family: String::new(),
            font_size: 13,
            line_height: 1.5,
            ligatures: false,
            tab_size: 4,
            insert_spaces: true,
            word_wrap: false,
            keymap: Keymap::Standard,
            line_numbers: true,
            show_whitespace: false,
            format_on_save: false,
            inlay_hints: true,
        }
    }
}

/// Which keys the editor knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Keymap {
    /// Those that most editors have.
    Standard,
    /// Vim's.
    Vim,
}

/// How files are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct FileSettings {
    /// Whether files are saved by themselves.
    pub auto_save: AutoSave,
    /// Whether saving removes blanks at line ends, where no `.editorconfig` tells.
    pub trim_trailing_whitespace: bool,
    /// Whether saving ends the last line, where no `.editorconfig` tells.
    pub insert_final_newline: bool,
    /// Globs of what the explorer does not show.
    pub exclude: Vec<String>,
    /// Whether the explorer shows what git ignores.
    pub show_ignored: bool,
}

impl Default for FileSettings {
    fn default() -> Self {
        Self {
            auto_save: AutoSave::Off,
            trim_trailing_whitespace: false,
            insert_final_newline: true,
            exclude: vec![".git".to_owned()],
            show_ignored: true,
        }
    }
}

/// When files are saved by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AutoSave {
    /// Never.
    Off,
    /// A moment after the last key.
    AfterDelay,
    /// When another file or window is looked at.
    OnFocusChange,
}

/// How terminals look and what runs in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct TerminalSettings {
    /// The shell's file; the user's own when empty.
    pub shell: String,
    /// The size of the text, in pixels.
    #[schema(minimum = 6, maximum = 72)]
    pub font_size: u32,
    /// Lines that can be scrolled back to.
    #[schema(maximum = 200000)]
    pub scroll_back: u32,
}

impl Default for TerminalSettings {
    fn default() -> Self {
        Self { shell: String::new(), font_size: 13, scroll_back: 10_000 }
    }
}

/// What the model does while one types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct InlineSettings {
    /// When completions are shown.
    pub tab: TabMode,
    /// How long to wait after a key before asking, in milliseconds.
    #[schema(maximum = 2000)]
    pub debounce_ms: u32,
    /// Languages without completions.
    pub disabled_languages: Vec<String>,
    /// Globs of files without completions.
    pub disabled_files: Vec<String>,
    /// The model of completions, `provider/name`; chosen by the product when missing.
    pub complete_model: Option<String>,
    /// The model of edits, `provider/name`; chosen by the product when missing.
    pub edit_model: Option<String>,
    /// The model of the chat, `provider/name`; chosen by the product when missing.
    pub chat_model: Option<String>,
}

impl Default for InlineSettings {
    fn default() -> Self {
        Self {
            tab: TabMode::Eager,
            debounce_ms: 50,
            disabled_languages: Vec::new(),
            disabled_files: Vec::new(),
            complete_model: None,
            edit_model: None,
            chat_model: None,
        }
    }
}

/// When completions are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TabMode {
    /// While one types.
    Eager,
    /// Only while a key is held.
    Subtle,
    /// Never.
    Off,
}

/// How the repository is worked with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct GitSettings {
    /// Whether blame is shown beside the caret's line.
    pub blame_line: bool,
    /// Minutes between fetches; 0 for never.
    pub fetch_minutes: u32,
}

impl Default for GitSettings {
    fn default() -> Self {
        Self { blame_line: true, fetch_minutes: 0 }
    }
}

/// A language server as the user wants it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct LanguageServerSettings {
    /// Whether it may be started.
    pub enabled: bool,
    /// Its file; searched for when missing. Only the user's own file may name one.
    pub program: Option<String>,
    /// Its arguments; its usual ones when missing. Only the user's own file may name some.
    pub arguments: Option<Vec<String>>,
}

impl Default for LanguageServerSettings {
    fn default() -> Self {
        Self { enabled: true, program: None, arguments: None }
    }
}
