//! Opening and saving files.

use std::io::Read;
use std::path::Path;

use aios_core::{FileError, WorkspacePath};
use aios_protocol::{
    EditorConfig, Encoding, FileContent, FileKind, FileStored, IndentStyle, LineEnding, OpenedFile,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{FolderError, USER, UserFolder, io, text};
use crate::disk::content_hash;

/// Larger files are shown in windows of lines.
const MOST_OPENED: u64 = 20 * 1024 * 1024;
/// Editors become slow with longer lines; in bytes.
const LONGEST_LINE: usize = 1024 * 1024;
/// What is looked at to tell text from other things.
const START: usize = 8 * 1024;

impl UserFolder {
    /// Reads a file for an editor.
    pub fn open_file(
        &self,
        path: &WorkspacePath,
        encoding: Option<Encoding>,
    ) -> Result<OpenedFile, FolderError> {
        let (mut file, metadata) = self.root.open(path)?;
        let media_type = media_type(path);
        let mut opened = OpenedFile {
            path: path.to_string(),
            kind: FileKind::Large,
            text: None,
            encoding: encoding.unwrap_or(Encoding::Utf8),
            line_ending: LineEnding::Lf,
            mixed_line_endings: false,
            version: None,
            bytes: metadata.len(),
            read_only: metadata.permissions().readonly(),
            media_type: media_type.map(str::to_owned),
            editor_config: editor_config(&self.root.path.join(path.as_path())),
        };
        let mut content = Vec::new();
        if metadata.len() > MOST_OPENED {
            file.take(START as u64).read_to_end(&mut content).map_err(io("read", path))?;
            if text::is_binary(&content) {
                opened.kind = FileKind::Binary;
            }
            opened.read_only = true;
            return Ok(opened);
        }
        file.read_to_end(&mut content).map_err(io("read", path))?;
        opened.version = Some(content_hash(&content).0);
        opened.bytes = content.len() as u64;
        opened.kind = if media_type.is_some() {
            FileKind::Image
        } else if text::is_binary(content.get(..START).unwrap_or(&content)) && encoding.is_none() {
            FileKind::Binary
        } else if content.split(|byte| *byte == b'\n').any(|line| line.len() > LONGEST_LINE) {
            opened.read_only = true;
            FileKind::Large
        } else {
            FileKind::Text
        };
        if opened.kind == FileKind::Text {
            let decoded = text::decode(&content, encoding);
            opened.encoding = decoded.encoding;
            opened.line_ending = decoded.line_ending;
            opened.mixed_line_endings = decoded.mixed;
            opened.text = Some(decoded.text);
        }
        Ok(opened)
    }

    /// Reads a file as bytes.
    pub fn file_bytes(&self, path: &WorkspacePath) -> Result<FileContent, FolderError> {
        let (file, metadata) = self.root.open(path)?;
        let too_large =
            |bytes| FolderError::File(FileError::TooLarge { path: path.clone(), bytes, limit: MOST_OPENED });
        if metadata.len() > MOST_OPENED {
            return Err(too_large(metadata.len()));
        }
        let mut content = Vec::new();
        file.take(MOST_OPENED + 1).read_to_end(&mut content).map_err(io("read", path))?;
        if content.len() as u64 > MOST_OPENED {
            return Err(too_large(content.len() as u64));
        }
        Ok(FileContent {
            base64: STANDARD.encode(&content),
            media_type: media_type(path).unwrap_or("application/octet-stream").to_owned(),
            bytes: content.len() as u64,
            version: content_hash(&content).0,
        })
    }

    /// Saves a file if it is still the one that the text was made from.
    pub fn save_file(
        &self,
        path: &WorkspacePath,
        text: &str,
        (encoding, line_ending): (Encoding, LineEnding),
        base_version: Option<&str>,
    ) -> Result<FileStored, FolderError> {
        let content = text::encode(text, encoding, line_ending)
            .map_err(|source| FolderError::Unencodable { path: path.clone(), source })?;
        let version = self.version(path)?;
        if version.as_deref() != base_version {
            return Ok(FileStored::Conflict { version });
        }
        let written = self.root.write(path, &content, USER)?;
        Ok(FileStored::Saved { version: written.after.0, bytes: content.len() as u64 })
    }

    /// Names the content of a file; nothing when there is none.
    pub(super) fn version(&self, path: &WorkspacePath) -> Result<Option<String>, FolderError> {
        match self.root.read(path) {
            Ok(content) => Ok(Some(content_hash(&content).0)),
            Err(FileError::NotFound(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// What pictures are called on the web.
fn media_type(path: &WorkspacePath) -> Option<&'static str> {
    let extension = path.extension()?.to_ascii_lowercase();
    Some(match extension.as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "bmp" => "image/bmp",
        "ico" => "image/x-icon",
        "avif" => "image/avif",
        _ => return None,
    })
}

/// What the `.editorconfig` files above a file say; nothing where they cannot be read.
fn editor_config(file: &Path) -> EditorConfig {
    use ec4rs::property as known;
    let mut found = ec4rs::properties_of(file).unwrap_or_default();
    found.use_fallbacks();
    let number = |value: usize| u32::try_from(value).ok();
    let tab_width =
        found.get::<known::TabWidth>().ok().and_then(|known::TabWidth::Value(width)| number(width));
    EditorConfig {
        indent_style: found.get::<known::IndentStyle>().ok().map(|style| match style {
            known::IndentStyle::Tabs => IndentStyle::Tab,
            known::IndentStyle::Spaces => IndentStyle::Space,
        }),
        indent_size: found.get::<known::IndentSize>().ok().and_then(|size| match size {
            known::IndentSize::UseTabWidth => tab_width,
            known::IndentSize::Value(size) => number(size),
        }),
        tab_width,
        end_of_line: found.get::<known::EndOfLine>().ok().map(|end| match end {
            known::EndOfLine::Lf => LineEnding::Lf,
            known::EndOfLine::CrLf => LineEnding::Crlf,
            known::EndOfLine::Cr => LineEnding::Cr,
        }),
        encoding: found.get::<known::Charset>().ok().map(|charset| match charset {
            known::Charset::Utf8 => Encoding::Utf8,
            known::Charset::Utf8Bom => Encoding::Utf8Bom,
            known::Charset::Utf16Le => Encoding::Utf16Le,
            known::Charset::Utf16Be => Encoding::Utf16Be,
            known::Charset::Latin1 => Encoding::Windows1252,
        }),
        trim_trailing_whitespace: found
            .get::<known::TrimTrailingWs>()
            .ok()
            .map(|known::TrimTrailingWs::Value(trim)| trim),
        insert_final_newline: found
            .get::<known::FinalNewline>()
            .ok()
            .map(|known::FinalNewline::Value(insert)| insert),
        max_line_length: found.get::<known::MaxLineLen>().ok().and_then(|length| match length {
            known::MaxLineLen::Off => None,
            known::MaxLineLen::Value(length) => number(length),
        }),
    }
}
