//! New passwords.

use std::time::Duration;

use aios_accounts::AccountError;
use aios_protocol::{AuthForgot, AuthReset};

use crate::{World, here, secret};

fn forgot(email: &str) -> AuthForgot {
    AuthForgot { email: email.into() }
}

fn reset(token: &str, password: &str) -> AuthReset {
    AuthReset { token: secret(token), password: secret(password) }
}

#[tokio::test]
async fn a_mailed_token_serves_once_and_ends_all_keys() {
    let world = World::new();
    let key = world.register("ada@example.com").await.api_key;
    world.accounts.forgot(&here(), &forgot("Ada@example.com")).await.unwrap();
    let (to, subject, token) = world.mail.next().await;
    assert_eq!((to.as_str(), subject.as_str()), ("ada@example.com", "Your new CesaFlow password"));

    let error = world.accounts.reset(&here(), &reset(&token, "short")).await.unwrap_err();
    assert!(error.to_string().contains("password is not valid"), "{error}");
    world.accounts.reset(&here(), &reset(&token, "new secret")).await.unwrap();
    assert!(world.accounts.authenticate(key.expose()).await.is_err());
    world.login("ada@example.com", "secret").await.unwrap_err();
    world.login("ada@example.com", "new secret").await.unwrap();
    let error = world.accounts.reset(&here(), &reset(&token, "a third one")).await.unwrap_err();
    assert!(matches!(error, AccountError::BadTicket { what: "token" }), "{error}");
}

#[tokio::test]
async fn a_token_is_void_after_an_hour_or_after_a_newer_one() {
    let world = World::new();
    world.register("ada@example.com").await;
    let ask = async || {
        world.accounts.forgot(&here(), &forgot("ada@example.com")).await.unwrap();
        world.mail.next().await.2
    };
    let (old, new) = (ask().await, ask().await);
    world.clock.advance(Duration::from_secs(3600));
    for token in [old.as_str(), &new, "", "rst_", "sk_x"] {
        let error = world.accounts.reset(&here(), &reset(token, "new secret")).await.unwrap_err();
        assert!(matches!(error, AccountError::BadTicket { .. }), "{token}: {error}");
    }
    world.login("ada@example.com", "secret").await.unwrap();
}

#[tokio::test]
async fn nobody_learns_who_has_an_account_nor_floods_a_mailbox() {
    let world = World::new();
    world.register("ada@example.com").await;
    for email in ["ada@example.com", "nobody@example.com"] {
        for _ in 0..3 {
            world.accounts.forgot(&here(), &forgot(email)).await.unwrap();
        }
        let error = world.accounts.forgot(&here(), &forgot(email)).await.unwrap_err();
        assert!(matches!(error, AccountError::TooMany { .. }), "{email}: {error}");
    }
}

#[tokio::test]
async fn without_mail_it_says_so_for_everybody() {
    let world = World::with_mailer(|_| None);
    world.register("ada@example.com").await;
    for email in ["ada@example.com", "nobody@example.com"] {
        let error = world.accounts.forgot(&here(), &forgot(email)).await.unwrap_err();
        assert!(matches!(error, AccountError::NoMail), "{error}");
    }
}
