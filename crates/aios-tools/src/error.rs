//! How a call fails: news for the model, or the end of the run.

use aios_core::{FileError, HumanError, RunnerError, SinkClosed, VcsError};
use aios_protocol::ErrorCode;

/// Why a call ended without doing what was asked.
#[derive(Debug)]
pub(crate) enum ToolError {
    /// The model can act on it: a wrong path, a search text that is not there.
    TellModel(String),
    /// No model can do anything about it.
    Fatal(ToolFatal),
}

/// Why the run cannot go on after a call.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ToolFatal {
    /// The run is over, so nothing could be recorded and nothing was done.
    #[error(transparent)]
    RunOver(#[from] SinkClosed),
    /// The run was stopped during the call; the call is made again when the run goes on.
    #[error("the run was stopped during a tool call")]
    Stopped,
    /// The disk is full or read-only.
    #[error(transparent)]
    Storage(FileError),
    /// Commands cannot be confined on this machine, so none is run.
    #[error(transparent)]
    Sandbox(RunnerError),
}

impl ToolFatal {
    /// The code under which hosts report it.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::RunOver(_) => ErrorCode::Conflict,
            Self::Stopped => ErrorCode::Cancelled,
            Self::Storage(_) => ErrorCode::Storage,
            Self::Sandbox(_) => ErrorCode::NotConfigured,
        }
    }
}

impl From<FileError> for ToolError {
    fn from(error: FileError) -> Self {
        if error.is_news_for_the_model() {
            Self::TellModel(error.to_string())
        } else {
            Self::Fatal(ToolFatal::Storage(error))
        }
    }
}

impl From<RunnerError> for ToolError {
    fn from(error: RunnerError) -> Self {
        match error {
            RunnerError::NoSandbox { .. } => Self::Fatal(ToolFatal::Sandbox(error)),
            RunnerError::ProgramNotFound { .. } | RunnerError::Io { .. } => {
                Self::TellModel(error.to_string())
            }
        }
    }
}

impl From<VcsError> for ToolError {
    fn from(error: VcsError) -> Self {
        Self::TellModel(error.to_string())
    }
}

impl From<HumanError> for ToolError {
    fn from(error: HumanError) -> Self {
        match error {
            HumanError::Stopped => Self::Fatal(ToolFatal::Stopped),
        }
    }
}
