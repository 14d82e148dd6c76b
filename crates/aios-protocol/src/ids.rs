//! Identifiers. Each is its own type, so that a run can never be passed where a project is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a valid {kind}: {rule}")]
pub struct InvalidId {
    /// What the id should have named.
    pub kind: &'static str,
    /// The text as it was given, clipped.
    pub text: String,
    /// What a valid one looks like.
    pub rule: &'static str,
}

impl InvalidId {
    fn new(kind: &'static str, text: &str, rule: &'static str) -> Self {
        Self { kind, text: text.chars().take(80).collect(), rule }
    }
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(type = "string"))]
        #[serde(transparent)]
        #[schema(value_type = String, format = "uuid")]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a new id; ids made later sort later.
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::parse_str(text).map(Self).map_err(|_| {
                    InvalidId::new($kind, text, "it is a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057")
                })
            }
        }
    };
}

uuid_id!(
    /// One run of the agent graph.
    RunId, "run id"
);
uuid_id!(
    /// One question that an agent put to the human.
    QuestionId, "question id"
);

uuid_id!(
    /// A key of a person, without its secret.
    KeyId, "key id"
);
uuid_id!(
    /// An invitation into an organisation.
    InviteId, "invitation id"
);
uuid_id!(
    /// A stored key of a model provider.
    CredentialId, "credential id"
);
uuid_id!(
    /// A key in an organisation's vault.
    VaultEntryId, "vault entry id"
);
uuid_id!(
    /// A queued piece of work.
    TaskId, "task id"
);
uuid_id!(
    /// A captured event.
    CaptureEventId, "event id"
);

macro_rules! slug_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(type = "string"))]
        #[serde(try_from = "String", into = "String")]
        #[schema(value_type = String, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
        pub struct $name(String);

        impl $name {
            /// Parses and checks the text.
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
                let text = text.into();
                let first = text.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
                let rest = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
                if first && rest && text.len() <= 64 && !text.contains("..") {
                    return Ok(Self(text));
                }
                Err(InvalidId::new(
                    $kind,
                    &text,
                    "use 1 to 64 letters, digits, '-', '_' or '.', starting with a letter or digit",
                ))
            }

            /// The text of the id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id.hyphenated().to_string())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

/// Makes a new id of the kinds that are not chosen by people; ids made later sort later.
pub fn generate<T: From<Uuid>>() -> T {
    Uuid::now_v7().into()
}

slug_id!(
    /// A persistent project; names the workspace folder `project_<id>`.
    ProjectId, "project id"
);
slug_id!(
    /// A stored policy.
    PolicyId, "policy id"
);
slug_id!(
    /// An organisation, the boundary between tenants.
    OrgId, "organisation id"
);
slug_id!(
    /// A person within an organisation.
    UserId, "user id"
);
slug_id!(
    /// An agent of a run's graph, such as `planner` or `backend`; unique within the run.
    AgentName, "agent name"
);

slug_id!(
    /// A folder that the user opened in an editor; the same at every start.
    FolderId, "folder id"
);
slug_id!(
    /// A terminal of the user.
    TerminalId, "terminal id"
);
slug_id!(
    /// A language server that runs.
    LanguageServerId, "language server id"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_cannot_leave_their_folder() {
        for bad in ["", ".", "..", "a/b", "a\\b", "../x", "a..b", "-x", " x", "é", &"x".repeat(65)] {
            assert!(ProjectId::new(bad).is_err(), "{bad:?} was accepted");
        }
        for good in ["my-blog", "a", "v1.2_x"] {
            assert_eq!(ProjectId::new(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn ids_sort_by_age() {
        let (a, b) = (RunId::generate(), RunId::generate());
        assert!(a < b);
        assert_eq!(a.to_string().parse::<RunId>().unwrap(), a);
    }

    #[test]
    fn bad_ids_are_refused_on_the_wire() {
        let error = serde_json::from_str::<ProjectId>("\"a/b\"").unwrap_err().to_string();
        assert!(error.contains("is not a valid project id"), "{error}");
    }
}
