//! The one table of streams: what a window follows as it happens. A stream is opened by name with a request, and tells
//! items until it ends or is closed.
//!
//! A window carries many streams over one connection. Each has room for [`CREDIT`] items at first; the window gives room
//! back as it takes items, and a stream without room waits. So neither side keeps more than that, and no stream starves
//! another.

use futures::stream::{self, BoxStream, StreamExt};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::*;

/// Items of a stream that may be on their way to a window, before it says that it took some.
pub const CREDIT: u32 = 64;

/// What a stream tells. After an error it ends.
pub type Items<T> = BoxStream<'static, Result<T, Problem>>;

/// What a window says about its streams.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
#[serde(untagged)]
pub enum ToStreams {
    /// Opens a stream.
    Open {
        /// A number that the window did not use before.
        open: u32,
        /// The stream's name.
        stream: String,
        /// Its request.
        request: serde_json::Value,
    },
    /// Ends a stream; its `end` follows.
    Close {
        /// Which.
        close: u32,
    },
    /// Takes items, which gives room for as many more.
    Ack {
        /// Of which stream.
        ack: u32,
        /// How many.
        items: u32,
    },
}

/// What a window is told about its streams.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum FromStreams {
    /// Items, in order.
    Items {
        /// Of which stream.
        id: u32,
        /// The items.
        items: Vec<serde_json::Value>,
    },
    /// A stream ended; nothing more comes of it.
    End {
        /// Which.
        id: u32,
        /// Why, where it did not end well.
        end: Option<Problem>,
    },
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct StreamInfo {
    /// Its name on every transport.
    pub name: &'static str,
    /// What it tells, in a sentence.
    pub summary: &'static str,
    /// What the caller must be allowed to do.
    pub right: Right,
}

macro_rules! streams {
    ($($(#[doc = $doc:literal])* $name:ident($request:ident) -> $item:ident, $right:ident;)*) => {
        /// Every stream, as a method. It ends when its end is told, when `stop` says so, or when it is dropped.
        pub trait Streams: Send + Sync {
            $($(#[doc = $doc])* fn $name(&self, request: $request, stop: CancellationToken) -> Items<$item>;)*
        }

        impl<S: Streams> Streams for Guarded<S> {
            $(fn $name(&self, request: $request, stop: CancellationToken) -> Items<$item> {
                match self.caller().require(Right::$right, stringify!($name)) {
                    Ok(()) => self.inner().$name(request, stop),
                    Err(problem) => stream::iter([Err(problem)]).boxed(),
                }
            })*
        }

        /// The table itself.
        pub const STREAMS: &[StreamInfo] = &[$(StreamInfo {
            name: stringify!($name),
            summary: concat!($($doc),*).trim_ascii_start(),
            right: Right::$right,
        }),*];

        /// Opens a stream given by name and JSON, as transports receive it.
        pub fn open_stream(
            streams: &dyn Streams,
            name: &str,
            request: serde_json::Value,
            stop: CancellationToken,
        ) -> Result<Items<serde_json::Value>, Problem> {
            match name {
                $(stringify!($name) => Ok(encoded(streams.$name(decoded(name, request)?, stop))),)*
                _ => Err(Problem::new(ErrorCode::NotFound, format!("there is no stream {name:?}"))),
            }
        }

        /// Shows the request and item types of every stream to the generator.
        #[cfg(feature = "schema")]
        pub(crate) fn declare(types: &mut crate::typescript::Declarations) {
            $(types.stream::<$request, $item>(stringify!($name));)*
        }
    };
}

streams! {
    /// Watches a folder for changes, whoever makes them.
    folder_watch(FolderWatch) -> FolderChange, Host;
    /// Searches the files of a folder for text.
    text_search(TextSearch) -> TextFound, Host;
    /// Opens a terminal.
    terminal_open(TerminalOpen) -> TerminalEvent, Host;
    /// Starts a language server.
    language_server_open(LanguageServerOpen) -> LanguageServerEvent, Host;
    /// Fetches, pulls or pushes.
    git_sync(GitSync) -> SyncProgress, Host;
    /// Downloads the embedded model's weights.
    weights_pull(WeightsPull) -> PullProgress, Host;
    /// Follows runs.
    run_watch(RunWatch) -> EventFrame, Read;
    /// Continues the text at the caret, piece by piece.
    inline_complete_stream(InlineComplete) -> CompletionPiece, Work;
    /// Edits a piece of code as told, piece by piece.
    inline_edit_stream(InlineEdit) -> EditPiece, Work;
    /// Answers a question about a file, piece by piece.
    inline_chat_stream(InlineChat) -> ChatPiece, Work;
}

fn decoded<T: DeserializeOwned>(name: &str, request: serde_json::Value) -> Result<T, Problem> {
    serde_json::from_value(request).map_err(|error| {
        Problem::new(ErrorCode::InvalidRequest, format!("the request of {name} is not valid: {error}"))
    })
}

fn encoded<T: Serialize + 'static>(items: Items<T>) -> Items<serde_json::Value> {
    let encode = |item: Result<T, Problem>| {
        serde_json::to_value(item?).map_err(|error| {
            Problem::new(ErrorCode::Internal, format!("an item could not be written: {error}"))
        })
    };
    items.map(encode).boxed()
}
