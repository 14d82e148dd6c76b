//! Whose data a call may touch.

use aios_protocol::{InvalidId, OrgId, UserId};

/// The tenant and person on whose behalf a store is asked. Every store method takes one, so no call can forget it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The organisation: the boundary that no call crosses.
    pub org: OrgId,
    /// The person.
    pub user: UserId,
}

impl Scope {
    /// The one scope of local use, where no account exists.
    pub fn local() -> Result<Self, InvalidId> {
        Ok(Self { org: OrgId::new("local")?, user: UserId::new("local")? })
    }
}
