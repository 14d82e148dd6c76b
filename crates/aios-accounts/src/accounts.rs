//! Registration, login, keys and new passwords.

use std::sync::Arc;
use std::time::Duration;

use aios_core::{
    AccountStore, Clock, Directory, KeyHolder, KeyStore, Mailer, NewKey, NewPerson, Scope, StoreError,
    TicketStore,
};
use aios_protocol::{
    AuthForgot, AuthLogin, AuthRegister, AuthReset, KeyCreate, KeyCreated, KeyEntry, KeyId, Keys, LoggedIn,
    Me, Registered, SecretText, generate,
};

use crate::password::Passwords;
use crate::throttle::{Origin, Subject, Throttle};
use crate::token::Kind;
use crate::{AccountError, checked_email, mails, terms_of};

/// How long a mailed token for a new password serves.
const RESET_TTL: Duration = Duration::from_secs(3600);
/// How exactly the last use of a key is remembered: a write for each request would be too dear.
const TOUCH_EVERY: Duration = Duration::from_secs(60);
/// Keys of one person.
const MOST_KEYS: usize = 50;
/// Characters of names that people choose.
const LONGEST_NAME: usize = 80;
/// What lists show of a key.
const STARTS_WITH: usize = 9;

/// What the rules of accounts ask for.
#[derive(Clone)]
pub struct AccountPorts {
    /// Lookups before a scope is known.
    pub directory: Arc<dyn Directory>,
    /// Organisations and people.
    pub accounts: Arc<dyn AccountStore>,
    /// Keys of people.
    pub keys: Arc<dyn KeyStore>,
    /// Invitations and password resets.
    pub tickets: Arc<dyn TicketStore>,
    /// Mail, where it is set up.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

/// The rules of accounts. One per process, since it counts attempts.
pub struct Accounts {
    pub(crate) ports: AccountPorts,
    pub(crate) passwords: Passwords,
    pub(crate) throttle: Throttle,
}

impl Accounts {
    /// The rules on these ports.
    pub fn new(ports: AccountPorts) -> Self {
        Self { ports, passwords: Passwords::new(), throttle: Throttle::default() }
    }

    /// Creates an organisation, its owner and a first key.
    pub async fn register(
        &self,
        origin: &Origin,
        request: &AuthRegister,
    ) -> Result<Registered, AccountError> {
        let email = checked_email(&request.email)?;
        let local = email.split('@').next().unwrap_or_default();
        let name =
            checked_name("organisation's name", request.organization_name.as_deref().unwrap_or(local))?;
        self.throttle.take(Subject::from(origin), self.now())?;
        self.throttle.take(Subject::register(origin), self.now())?;
        // The store decides; this only saves the hash.
        if self.ports.directory.account_of(&email).await?.is_some() {
            return Err(AccountError::Taken { email });
        }
        let scope = Scope { org: generate(), user: generate() };
        let owner = self.person(email, &request.password).await?;
        let (api_key, key) = self.new_key("first".to_owned());
        let created = self.ports.accounts.create_organisation(&scope, &name, &owner, &key).await;
        created.map_err(|error| taken(error, owner.email))?;
        Ok(Registered { api_key, org_id: scope.org, user_id: scope.user })
    }

    /// Makes a new key for somebody who knows the password.
    pub async fn login(&self, origin: &Origin, request: &AuthLogin) -> Result<LoggedIn, AccountError> {
        let name = checked_name("key's name", request.key_name.as_deref().unwrap_or("login"))?;
        // An address that cannot exist costs what a wrong one costs.
        let email = checked_email(&request.email).unwrap_or_default();
        let (from, account) = (Subject::from(origin), Subject::Login(email.clone()));
        self.throttle.take(from.clone(), self.now())?;
        self.throttle.take(account.clone(), self.now())?;
        let known = self.ports.directory.account_of(&email).await?;
        let hash = known.as_ref().map(|account| account.password.clone());
        let matches = self.passwords.matches(&request.password, hash).await?;
        let Some(known) = known.filter(|_| matches) else { return Err(AccountError::WrongLogin) };
        self.throttle.give_back(&from);
        self.throttle.give_back(&account);
        self.make_room_for_login(&known.scope, &name).await?;
        let (api_key, key) = self.new_key(name);
        self.ports.keys.add_key(&known.scope, &key).await?;
        Ok(LoggedIn { api_key, org_id: known.scope.org, user_id: known.scope.user, role: known.role })
    }

    /// Whose key this is. Asked for every request, so a key that was ended ends at once.
    pub async fn authenticate(&self, key: &str) -> Result<KeyHolder, AccountError> {
        let hash = Kind::Key.hash(key).ok_or(AccountError::UnknownKey)?;
        let holder = self.ports.directory.key_holder(&hash).await?.ok_or(AccountError::UnknownKey)?;
        let now = self.now();
        if holder.key.last_used_at.is_none_or(|used| now.since(used) >= TOUCH_EVERY)
            && let Err(error) = self.ports.keys.touch_key(&holder.scope, holder.key.key_id, now).await
        {
            // A full disk must not lock people out.
            tracing::warn!(%error, "the key's use could not be remembered");
        }
        Ok(holder)
    }

    /// Who the key belongs to.
    pub async fn me(&self, holder: &KeyHolder) -> Result<Me, AccountError> {
        let organisation = self.ports.accounts.organisation(&holder.scope).await?;
        let member = self.member(&holder.scope, &holder.scope.user).await?;
        Ok(Me {
            user_id: member.user_id,
            email: member.email,
            role: member.role,
            org_id: holder.scope.org.clone(),
            plan: terms_of(&organisation).id.to_owned(),
            organization_name: organisation.name,
            key: Some(holder.key.clone()),
        })
    }

    /// Mails a token for a new password, in the background: neither the answer nor its time tells whether the address is
    /// known.
    pub async fn forgot(&self, origin: &Origin, request: &AuthForgot) -> Result<(), AccountError> {
        let mailer = self.ports.mailer.clone().ok_or(AccountError::NoMail)?;
        let email = checked_email(&request.email)?;
        self.throttle.take(Subject::from(origin), self.now())?;
        self.throttle.take(Subject::Mail(email.clone()), self.now())?;
        let ports = self.ports.clone();
        tokio::spawn(async move {
            if let Err(error) = mail_reset(&ports, mailer.as_ref(), &email).await {
                tracing::warn!(%error, "a mail for a new password was not sent");
            }
        });
        Ok(())
    }

    /// Sets a new password with a mailed token.
    pub async fn reset(&self, origin: &Origin, request: &AuthReset) -> Result<(), AccountError> {
        let bad = || AccountError::BadTicket { what: "token" };
        self.throttle.take(Subject::from(origin), self.now())?;
        let token = Kind::Reset.hash(request.token.expose()).ok_or_else(bad)?;
        let scope = self.ports.directory.reset_of(&token, self.now()).await?.ok_or_else(bad)?;
        let password = self.passwords.hash(&request.password).await?;
        match self.ports.tickets.use_reset(&scope, &token, &password).await {
            Err(StoreError::NotFound { .. }) => Err(bad()),
            answer => Ok(answer?),
        }
    }

    /// Makes another key.
    pub async fn create_key(&self, scope: &Scope, request: &KeyCreate) -> Result<KeyCreated, AccountError> {
        let name = checked_name("key's name", &request.name)?;
        if self.ports.keys.keys(scope).await?.len() >= MOST_KEYS {
            return Err(AccountError::TooManyKeys { most: MOST_KEYS });
        }
        let (api_key, key) = self.new_key(name);
        self.ports.keys.add_key(scope, &key).await?;
        Ok(KeyCreated { api_key, key: key.entry })
    }

    /// A person's keys.
    pub async fn keys(&self, scope: &Scope) -> Result<Keys, AccountError> {
        Ok(Keys { keys: self.ports.keys.keys(scope).await? })
    }

    /// Ends a key.
    pub async fn revoke_key(&self, scope: &Scope, key_id: KeyId) -> Result<(), AccountError> {
        Ok(self.ports.keys.remove_key(scope, key_id).await?)
    }

    /// People log in for ever and never clean up: of too many keys, the one of earlier logins that was unused for longest
    /// ends. Keys that were made by hand stay.
    async fn make_room_for_login(&self, scope: &Scope, name: &str) -> Result<(), AccountError> {
        let keys = self.ports.keys.keys(scope).await?;
        if keys.len() < MOST_KEYS {
            return Ok(());
        }
        let of_logins = keys.iter().filter(|key| key.name == name);
        let oldest = of_logins.min_by_key(|key| key.last_used_at.unwrap_or(key.created_at));
        let oldest = oldest.ok_or(AccountError::TooManyKeys { most: MOST_KEYS })?;
        self.revoke_key(scope, oldest.key_id).await
    }

    pub(crate) fn now(&self) -> aios_protocol::Timestamp {
        self.ports.clock.now()
    }

    pub(crate) async fn person(
        &self,
        email: String,
        password: &SecretText,
    ) -> Result<NewPerson, AccountError> {
        Ok(NewPerson { email, password: self.passwords.hash(password).await?, at: self.now() })
    }

    pub(crate) fn new_key(&self, name: String) -> (SecretText, NewKey) {
        let (secret, hash) = Kind::Key.mint();
        let entry = KeyEntry {
            key_id: KeyId::generate(),
            name,
            starts_with: secret.expose().chars().take(STARTS_WITH).collect(),
            created_at: self.now(),
            last_used_at: None,
        };
        (secret, NewKey { hash, entry })
    }
}

async fn mail_reset(
    ports: &AccountPorts,
    mailer: &dyn Mailer,
    email: &str,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let Some(account) = ports.directory.account_of(email).await? else { return Ok(()) };
    let (token, hash) = Kind::Reset.mint();
    let expires_at = ports.clock.now().plus(RESET_TTL);
    ports.tickets.add_reset(&account.scope, &hash, expires_at).await?;
    let mail = mails::reset(&token, expires_at);
    Ok(mailer.send(email, &mail.subject, &mail.body).await?)
}

pub(crate) fn taken(error: StoreError, email: String) -> AccountError {
    match error {
        StoreError::Exists { .. } => AccountError::Taken { email },
        error => error.into(),
    }
}

/// A name that people chose: short, visible, on one line.
fn checked_name(what: &'static str, text: &str) -> Result<String, AccountError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST_NAME || text.chars().any(char::is_control) {
        return Err(AccountError::Invalid { what, reason: "use 1 to 80 characters on one line" });
    }
    Ok(text.to_owned())
}
