//! Who comes in: a key becomes a session with the rights of whoever it belongs to.

use std::net::IpAddr;
use std::sync::Arc;

use aios_protocol::{Caller, Guarded, Problem};

use crate::App;
use crate::session::Session;

impl App {
    /// The session of whoever holds this key. Hosts ask for each request, so that a revoked key ends at once.
    pub async fn authenticate(self: &Arc<Self>, key: &str) -> Result<Guarded<Session>, Problem> {
        if self.is_local_key(key)? {
            return Ok(Guarded::new(self.session(), Caller::Machine));
        }
        let holder = self.accounts.authenticate(key).await.map_err(|error| self.account_problem(error))?;
        let caller = Caller::Person(holder.role);
        Ok(Guarded::new(Session::of_person(self.clone(), holder), caller))
    }

    /// What somebody without a key may do, asked from this address.
    pub fn anonymous(self: &Arc<Self>, address: IpAddr) -> Guarded<Session> {
        Guarded::new(Session::of_nobody(self.clone(), self.nobody.clone(), address), Caller::Nobody)
    }
}
