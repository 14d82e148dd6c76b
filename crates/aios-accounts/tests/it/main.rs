//! The rules of accounts on the real store.

#![expect(clippy::unwrap_used, reason = "all of it is tests")]

mod logins;
mod resets;
mod teams;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError};

use aios_accounts::{AccountPorts, Accounts, Origin};
use aios_core::{KeyHolder, MailError, Mailer};
use aios_protocol::{AuthLogin, AuthRegister, LoggedIn, Registered, SecretText};
use aios_store::SqliteStore;
use aios_testkit::FakeClock;
use async_trait::async_trait;
use tempfile::TempDir;
use tokio::sync::Notify;

/// Accounts on a store of their own, gone with it.
struct World {
    accounts: Accounts,
    clock: Arc<FakeClock>,
    mail: Arc<Outbox>,
    _folder: TempDir,
}

impl World {
    fn new() -> Self {
        Self::with_mailer(Some)
    }

    fn with_mailer(mailer: impl FnOnce(Arc<Outbox>) -> Option<Arc<Outbox>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("test.db")).unwrap());
        let (clock, mail) = (Arc::new(FakeClock::new()), Arc::new(Outbox::default()));
        let ports = AccountPorts {
            directory: store.clone(),
            accounts: store.clone(),
            keys: store.clone(),
            tickets: store,
            mailer: mailer(mail.clone()).map(|outbox| outbox as Arc<dyn Mailer>),
            clock: clock.clone(),
        };
        Self { accounts: Accounts::new(ports), clock, mail, _folder: folder }
    }

    async fn register(&self, email: &str) -> Registered {
        let request =
            AuthRegister { email: email.into(), password: secret("secret"), organization_name: None };
        self.accounts.register(&here(), &request).await.unwrap()
    }

    /// The holder of the key that registering gave.
    async fn owner(&self, email: &str) -> KeyHolder {
        self.holder(&self.register(email).await.api_key).await
    }

    async fn holder(&self, key: &SecretText) -> KeyHolder {
        self.accounts.authenticate(key.expose()).await.unwrap()
    }

    async fn login(&self, email: &str, password: &str) -> Result<LoggedIn, String> {
        let request = AuthLogin { email: email.into(), password: secret(password), key_name: None };
        self.accounts.login(&here(), &request).await.map_err(|error| error.to_string())
    }
}

fn here() -> Origin {
    Origin::Address(IpAddr::V4(Ipv4Addr::LOCALHOST))
}

fn secret(text: &str) -> SecretText {
    SecretText::new(text)
}

/// Keeps mails instead of sending them.
#[derive(Default)]
struct Outbox {
    mails: Mutex<Vec<(String, String, String)>>,
    sent: Notify,
}

impl Outbox {
    /// Waits for a mail; gives its address, its subject, and the code in it.
    async fn next(&self) -> (String, String, String) {
        self.sent.notified().await;
        let (to, subject, body) = self.take().pop().unwrap();
        let code = body.lines().find_map(|line| line.strip_prefix("    ")).unwrap().to_owned();
        (to, subject, code)
    }

    fn take(&self) -> Vec<(String, String, String)> {
        std::mem::take(&mut self.mails.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Mailer for Outbox {
    async fn send(&self, to: &str, subject: &str, body: &str) -> Result<(), MailError> {
        let mail = (to.to_owned(), subject.to_owned(), body.to_owned());
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
        self.sent.notify_one();
        Ok(())
    }
}
