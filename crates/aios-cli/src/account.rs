//! Which server is meant, and whose key it is shown.

use aios_protocol::{ErrorCode, Problem, SecretText};
use aios_remote::{Address, Client};

use crate::context::Context;
use crate::credentials::{Credentials, Kept, Store};
use crate::environment::Environment;

/// Where `aios serve` listens on this machine.
const DEFAULT: &str = "http://127.0.0.1:8001";

/// A server that can be asked.
pub(crate) struct Account {
    pub(crate) client: Client,
    /// Where the key came from.
    pub(crate) kept: Kept,
}

impl Account {
    /// The server of `AIOS_API_URL` or of the last login, with `AIOS_API_KEY` or the stored key. That one is shown to the server
    /// that it was made for, and to no other.
    pub(crate) async fn find(context: &Context) -> Result<Self, Problem> {
        let environment = &context.environment;
        let named = environment.variable("AIOS_API_URL");
        let given = environment.variable("AIOS_API_KEY").map(SecretText::new);
        let stored = match (named, &given) {
            (Some(_), Some(_)) => None,
            _ => Store::new(context).load().await?,
        };
        let of_login = stored.as_ref().map(|(credentials, _)| credentials.url.as_str());
        let address = address(environment, named.or(of_login).unwrap_or(DEFAULT))?;
        let fits = |credentials: &Credentials| credentials.url == address.to_string();
        let (key, kept) = match (given, stored) {
            (Some(key), _) => (key, Kept::Environment),
            (None, Some((credentials, kept))) if fits(&credentials) => (credentials.key, kept),
            _ => {
                return Err(Problem::new(
                    ErrorCode::Unauthenticated,
                    format!("there is no key for {address}"),
                )
                .with_hint(format!("aios login --url {address}; or set AIOS_API_KEY")));
            }
        };
        Ok(Self { client: Client::new(address, Some(&key))?, kept })
    }
}

/// The address that a login is for.
pub(crate) fn address_of_login(environment: &Environment, url: Option<&str>) -> Result<Address, Problem> {
    address(environment, url.or(environment.variable("AIOS_API_URL")).unwrap_or(DEFAULT))
}

/// An address, as far as the environment allows it.
pub(crate) fn address(environment: &Environment, text: &str) -> Result<Address, Problem> {
    Address::parse(text, environment.is_on("AIOS_API_INSECURE"))
}
