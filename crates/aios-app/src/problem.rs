//! From the errors of the crates below to the one shape that hosts show: what failed, and what to do next.

use aios_accounts::{AccountError, CannotOpen, NoKey};
use aios_core::{FileError, InvalidPolicy, ModelError, PaymentError, StoreError};
use aios_engine::{EngineError, GraphError};
use aios_llm::{SetupError, UnknownModel};
use aios_protocol::{ErrorCode, Problem, RunId};
use aios_workspace::{FolderError, OpenError};

pub(crate) fn store(error: &StoreError) -> Problem {
    match error {
        StoreError::NotFound { what: "run", .. } => {
            Problem::new(ErrorCode::NotFound, error.to_string()).with_hint("`aios runs` lists what there is")
        }
        StoreError::Held { .. } | StoreError::LeaseLost { .. } => {
            Problem::new(ErrorCode::Conflict, error.to_string())
                .with_hint("watch it with `aios logs <run> --follow`, or wait until its process has ended")
        }
        StoreError::NotFound { .. } => Problem::new(ErrorCode::NotFound, error.to_string()),
        StoreError::Exists { .. } => Problem::new(ErrorCode::Conflict, error.to_string()),
        StoreError::LastOwner => Problem::new(ErrorCode::Conflict, error.to_string())
            .with_hint("make somebody else an owner first"),
        _ => Problem::new(ErrorCode::Storage, error.to_string())
            .with_hint("check the disk and the permissions of the data folder (AIOS_HOME)"),
    }
}

/// A run that this process worked on, until its state could not be stored any more.
pub(crate) fn stopped(run_id: RunId, error: &StoreError) -> Problem {
    let problem = store(error);
    Problem::new(problem.code, format!("run {run_id} stops here: {error}"))
        .with_hint(format!("once that is mended, go on with it: aios resume {run_id}"))
}

pub(crate) fn engine(error: &EngineError) -> Problem {
    match error {
        EngineError::Store(error) => store(error),
        EngineError::Over { .. } => {
            Problem::new(ErrorCode::Conflict, error.to_string()).with_hint("start a new run with `aios run`")
        }
        EngineError::Checkpoint { .. } => Problem::new(ErrorCode::Storage, error.to_string())
            .with_hint("it was written by another version; start the objective again with `aios run`"),
    }
}

pub(crate) fn graph(error: &GraphError) -> Problem {
    let problem = Problem::new(ErrorCode::InvalidRequest, error.to_string());
    match error {
        GraphError::Unknown { offer, .. } => problem.with_hint(offer),
        GraphError::Cycle(_) => problem,
    }
}

pub(crate) fn policy(error: &InvalidPolicy) -> Problem {
    let problem = Problem::new(ErrorCode::InvalidRequest, format!("the policy is not valid: {error}"));
    match error {
        InvalidPolicy::Unknown { offer, .. } => problem.with_hint(offer),
        InvalidPolicy::Number { key, .. } => problem.with_hint(format!("for example {key} = 0.5")),
    }
}

pub(crate) fn unknown_model(error: &UnknownModel) -> Problem {
    Problem::new(ErrorCode::InvalidRequest, error.to_string()).with_hint("`aios models` lists the models")
}

pub(crate) fn model_setup(error: &SetupError) -> Problem {
    let code = match error {
        SetupError::UnknownProvider { .. } => ErrorCode::InvalidRequest,
        _ => ErrorCode::NotConfigured,
    };
    Problem::new(code, error.to_string())
        .with_hint("`aios models` shows which variables hold keys; without --model a configured or the embedded model is used")
}

/// A call beside runs that a model did not answer.
pub(crate) fn model(error: &ModelError) -> Problem {
    let message = error.to_string();
    match error {
        ModelError::ContextTooLong { .. } => Problem::new(ErrorCode::TooLarge, message)
            .with_hint("send less of the file, or name a model with a larger context"),
        ModelError::RateLimited { retry_after, .. } => {
            let problem = Problem::new(ErrorCode::RateLimited, message)
                .with_hint("wait a little, or name another model with `model`");
            match retry_after {
                Some(wait) => problem.with_retry_after(*wait),
                None => problem,
            }
        }
        ModelError::Unauthorised { .. } => Problem::new(ErrorCode::NotConfigured, message)
            .with_hint("check the provider's key; /model-credentials lists those that are stored"),
        _ => Problem::new(error.code(), message).with_hint("try again, or name another model with `model`"),
    }
}

pub(crate) fn workspace(error: &OpenError) -> Problem {
    Problem::new(ErrorCode::InvalidRequest, error.to_string())
        .with_hint("name a folder that can be written with --dir")
}

pub(crate) fn file(error: &FileError) -> Problem {
    let code = match error {
        FileError::NotFound(_) | FileError::Hidden(_) => ErrorCode::NotFound,
        FileError::NotAFile(_) | FileError::Escapes(_) | FileError::Pattern { .. } => {
            ErrorCode::InvalidRequest
        }
        FileError::TooLarge { .. } => ErrorCode::TooLarge,
        FileError::Io { source, .. } if source.kind() == std::io::ErrorKind::PermissionDenied => {
            ErrorCode::Denied
        }
        FileError::Io { .. } => ErrorCode::Storage,
    };
    Problem::new(code, error.to_string())
}

/// A folder that the user asked for.
pub(crate) fn folder_open(error: &OpenError) -> Problem {
    let code = match error {
        OpenError::Missing(_) => ErrorCode::NotFound,
        OpenError::NotAFolder(_) => ErrorCode::InvalidRequest,
        _ => ErrorCode::Storage,
    };
    Problem::new(code, error.to_string()).with_hint("open a folder that exists and that you may read")
}

/// Something in a folder of the user.
pub(crate) fn folder(error: &FolderError) -> Problem {
    let message = error.to_string();
    match error {
        FolderError::File(error) => file(error),
        FolderError::Exists(_) => {
            Problem::new(ErrorCode::Conflict, message).with_hint("choose another name, or remove it first")
        }
        FolderError::IntoItself(_) => Problem::new(ErrorCode::InvalidRequest, message),
        FolderError::Unencodable { .. } => {
            Problem::new(ErrorCode::InvalidRequest, message).with_hint("save it as UTF-8")
        }
    }
}

/// All but `NoMail`, whose hint names a setting of the host.
pub(crate) fn account(error: AccountError) -> Problem {
    let message = error.to_string();
    let problem = |code| Problem::new(code, message.clone());
    match error {
        AccountError::Invalid { .. } => problem(ErrorCode::InvalidRequest),
        AccountError::Taken { .. } => {
            problem(ErrorCode::Conflict).with_hint("log in with it, or ask for a new password")
        }
        AccountError::WrongLogin => problem(ErrorCode::Unauthenticated)
            .with_hint("check both; a new password can be asked for by mail"),
        AccountError::UnknownKey => problem(ErrorCode::Unauthenticated)
            .with_hint("send a key of this server in the header x-api-key; logging in gives a new one"),
        AccountError::TooMany { retry_after } => {
            problem(ErrorCode::RateLimited).with_retry_after(retry_after)
        }
        AccountError::BadTicket { .. } => problem(ErrorCode::NotFound).with_hint("ask for a new one"),
        AccountError::AboveYou { .. } => {
            problem(ErrorCode::Denied).with_hint("ask somebody with that role to do it")
        }
        AccountError::Full { .. } => problem(ErrorCode::Conflict).with_hint("a larger plan has more places"),
        AccountError::TooManyKeys { .. } => {
            problem(ErrorCode::Conflict).with_hint("revoke keys that nobody uses")
        }
        AccountError::NoMail => problem(ErrorCode::Unavailable),
        AccountError::Hashing { .. } => problem(ErrorCode::Internal),
        AccountError::Store(error) => store(&error),
    }
}

pub(crate) fn no_key(error: &NoKey) -> Problem {
    Problem::new(ErrorCode::NotConfigured, error.to_string()).with_hint(
        "store the key of a provider under /model-credentials, or name the embedded model with `local/…`",
    )
}

pub(crate) fn cannot_open(error: CannotOpen) -> Problem {
    Problem::new(ErrorCode::Storage, error.to_string())
        .with_hint("delete the stored key and add it again, or bring the data folder's master.key back")
}

pub(crate) fn payment(error: &PaymentError) -> Problem {
    let code = match error {
        PaymentError::Forged { .. } | PaymentError::Unreadable { what: "event", .. } => {
            ErrorCode::InvalidRequest
        }
        _ => ErrorCode::Unavailable,
    };
    Problem::new(code, error.to_string())
}
