//! Registration, login, and a person's keys.

use aios_accounts::AccountError;
use aios_protocol::{
    AuthForgot, AuthLogin, AuthRegister, AuthReset, Done, KeyCreate, KeyCreated, KeyId, Keys, LoggedIn, Me,
    Problem, Registered, Role,
};

use super::Session;
use crate::{App, problem};

impl App {
    /// As a problem, with what only the host knows: which setting is missing.
    pub(crate) fn account_problem(&self, error: AccountError) -> Problem {
        match error {
            AccountError::NoMail => self.outside.no_mail(),
            error => problem::account(error),
        }
    }
}

impl Session {
    pub(super) fn answer<T>(&self, result: Result<T, AccountError>) -> Result<T, Problem> {
        result.map_err(|error| self.app.account_problem(error))
    }
}

pub(super) async fn register(session: &Session, request: &AuthRegister) -> Result<Registered, Problem> {
    session.answer(session.app.accounts.register(&session.origin(), request).await)
}

pub(super) async fn login(session: &Session, request: &AuthLogin) -> Result<LoggedIn, Problem> {
    session.answer(session.app.accounts.login(&session.origin(), request).await)
}

pub(super) async fn forgot(session: &Session, request: &AuthForgot) -> Result<Done, Problem> {
    session.answer(session.app.accounts.forgot(&session.origin(), request).await)?;
    Ok(Done {})
}

pub(super) async fn reset(session: &Session, request: &AuthReset) -> Result<Done, Problem> {
    session.answer(session.app.accounts.reset(&session.origin(), request).await)?;
    Ok(Done {})
}

pub(super) async fn me(session: &Session) -> Result<Me, Problem> {
    if session.tenant().is_some() {
        return session.answer(session.app.accounts.me(session.holder()?).await);
    }
    Ok(Me {
        user_id: session.scope.user.clone(),
        email: String::new(),
        role: Role::Owner,
        org_id: session.scope.org.clone(),
        organization_name: "this machine".to_owned(),
        plan: "local".to_owned(),
        key: None,
    })
}

pub(super) async fn create_key(session: &Session, request: &KeyCreate) -> Result<KeyCreated, Problem> {
    session.answer(session.app.accounts.create_key(&session.holder()?.scope, request).await)
}

pub(super) async fn keys(session: &Session) -> Result<Keys, Problem> {
    session.answer(session.app.accounts.keys(&session.scope).await)
}

pub(super) async fn revoke_key(session: &Session, key_id: KeyId) -> Result<Done, Problem> {
    session.answer(session.app.accounts.revoke_key(&session.scope, key_id).await)?;
    Ok(Done {})
}
