//! One reply of a scripted model, as data.

use std::time::Duration;

use aios_protocol::TokenUsage;

/// One reply of a scripted model: a text, tool calls, or a fault.
#[derive(Debug, Clone)]
pub struct Turn {
    pub(crate) text: String,
    /// Name and arguments of each call.
    pub(crate) calls: Vec<(String, String)>,
    pub(crate) usage: TokenUsage,
    pub(crate) out_of_tokens: bool,
    pub(crate) pause: Duration,
    pub(crate) fault: Option<Fault>,
}

/// What goes wrong with a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// An error answer with this HTTP status.
    Status { code: u16, retry_after: Option<u64> },
    /// A whole answer that no model gives.
    Body { content_type: String, body: String },
    /// Nothing comes, not even headers.
    HangBeforeHeaders,
    /// The first half comes, then nothing.
    HangMidStream,
    /// The first half comes, and the body ends there as if it were whole.
    Truncate,
    /// The first half comes, then something that is not JSON.
    InvalidJson,
    /// The first half comes, then the connection is reset.
    Reset,
}

/// A reply that says nothing yet and uses 100 tokens in and 10 out.
pub fn turn() -> Turn {
    Turn {
        text: String::new(),
        calls: Vec::new(),
        usage: TokenUsage { input: 100, cached: 0, output: 10 },
        out_of_tokens: false,
        pause: Duration::ZERO,
        fault: None,
    }
}

impl Turn {
    /// Says this.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// Calls a tool; one turn may call several.
    #[must_use]
    pub fn call(self, tool: &str, arguments: serde_json::Value) -> Self {
        self.call_as_written(tool, &arguments.to_string())
    }

    /// Calls a tool with arguments that need not be JSON.
    #[must_use]
    pub fn call_as_written(mut self, tool: &str, arguments: &str) -> Self {
        self.calls.push((tool.to_owned(), arguments.to_owned()));
        self
    }

    /// Reports this usage; `cached` is a part of `input`.
    #[must_use]
    pub fn usage(mut self, input: u64, cached: u64, output: u64) -> Self {
        self.usage = TokenUsage { input, cached, output };
        self
    }

    /// Ends because the longest reply is reached.
    #[must_use]
    pub fn out_of_tokens(mut self) -> Self {
        self.out_of_tokens = true;
        self
    }

    /// Waits this many milliseconds before each piece.
    #[must_use]
    pub fn slow(mut self, milliseconds: u64) -> Self {
        self.pause = Duration::from_millis(milliseconds);
        self
    }

    /// Answers with an HTTP error instead.
    #[must_use]
    pub fn status(self, code: u16) -> Self {
        self.with(Fault::Status { code, retry_after: None })
    }

    /// Answers with this instead of a reply, as a proxy or a login page would.
    #[must_use]
    pub fn body(self, content_type: &str, body: &str) -> Self {
        self.with(Fault::Body { content_type: content_type.to_owned(), body: body.to_owned() })
    }

    /// Asks the client to wait this many seconds; belongs behind [`Turn::status`].
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        if let Some(Fault::Status { retry_after, .. }) = &mut self.fault {
            *retry_after = Some(seconds);
        }
        self
    }

    /// Takes the request and never answers.
    #[must_use]
    pub fn hang_before_headers(self) -> Self {
        self.with(Fault::HangBeforeHeaders)
    }

    /// Falls silent half-way.
    #[must_use]
    pub fn hang_mid_stream(self) -> Self {
        self.with(Fault::HangMidStream)
    }

    /// Ends half-way, as if that were all.
    #[must_use]
    pub fn truncate(self) -> Self {
        self.with(Fault::Truncate)
    }

    /// Sends something half-way that is not JSON.
    #[must_use]
    pub fn invalid_json(self) -> Self {
        self.with(Fault::InvalidJson)
    }

    /// Resets the connection half-way.
    #[must_use]
    pub fn reset(self) -> Self {
        self.with(Fault::Reset)
    }

    fn with(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }

    /// The text in pieces, as models send it; never cut within a character.
    pub(crate) fn pieces(text: &str) -> impl Iterator<Item = &str> {
        const PIECE: usize = 24;
        let mut rest = text;
        std::iter::from_fn(move || {
            let (piece, tail) = rest.split_at(rest.ceil_char_boundary(PIECE));
            rest = tail;
            (!piece.is_empty()).then_some(piece)
        })
    }
}
