//! Registration, login, keys.

use std::time::Duration;

use aios_accounts::AccountError;
use aios_protocol::{AuthRegister, KeyCreate, Role};

use crate::{World, here, secret};

#[tokio::test]
async fn a_registered_person_is_known_by_key_and_password() {
    let world = World::new();
    let registered = world.register(" Ada@Example.com ").await;
    let holder = world.holder(&registered.api_key).await;
    assert_eq!((&holder.scope.org, &holder.scope.user), (&registered.org_id, &registered.user_id));
    let me = world.accounts.me(&holder).await.unwrap();
    assert_eq!((me.email.as_str(), me.role, me.plan.as_str()), ("ada@example.com", Role::Owner, "free"));
    assert_eq!(me.organization_name, "ada");
    assert!(registered.api_key.expose().starts_with(&me.key.unwrap().starts_with));

    let login = world.login("ADA@example.com", "secret").await.unwrap();
    assert_eq!((login.org_id, login.role), (registered.org_id, Role::Owner));
    assert_ne!(login.api_key, registered.api_key);
    let keys = world.accounts.keys(&holder.scope).await.unwrap().keys;
    assert_eq!(keys.iter().map(|key| key.name.as_str()).collect::<Vec<_>>(), ["login", "first"]);
}

#[tokio::test]
async fn what_cannot_be_an_account_is_refused() {
    let world = World::new();
    world.register("ada@example.com").await;
    let check = async |email: &str, password: &str, name: Option<&str>, expect: &str| {
        let request = AuthRegister {
            email: email.into(),
            password: secret(password),
            organization_name: name.map(str::to_owned),
        };
        let error = world.accounts.register(&here(), &request).await.unwrap_err().to_string();
        assert!(error.contains(expect), "{email} {name:?}: {error}");
    };
    check("Ada@example.com", "secret", None, "ada@example.com has an account already").await;
    check("ada", "secret", None, "e-mail address is not valid").await;
    check("bob@example.com", "five5", None, "shorter than 6 characters").await;
    check("bob@example.com", &"x".repeat(1025), None, "longer than 1,024 bytes").await;
    check("bob@example.com", "secret", Some(" "), "1 to 80 characters").await;
    check("bob@example.com", "secret", Some("a\r\nBcc: eve@example.com"), "on one line").await;
    check("bob@example.com", "secret", Some(&"x".repeat(81)), "1 to 80 characters").await;
}

#[tokio::test]
async fn one_address_gets_one_account_however_many_try() {
    let world = World::new();
    let request = AuthRegister {
        email: "ada@example.com".into(),
        password: secret("secret"),
        organization_name: Some("Würfel 🎲".into()),
    };
    let origin = here();
    let (a, b, c) = tokio::join!(
        world.accounts.register(&origin, &request),
        world.accounts.register(&origin, &request),
        world.accounts.register(&origin, &request),
    );
    let registered = [a, b, c].into_iter().filter_map(Result::ok).count();
    assert_eq!(registered, 1);
}

#[tokio::test]
async fn a_login_tells_nothing_about_who_exists_and_is_throttled_alike() {
    let world = World::new();
    world.register("ada@example.com").await;
    let wrong = "the e-mail address and the password do not belong together";
    for email in ["ada@example.com", "nobody@example.com", "not an address"] {
        for _ in 0..10 {
            assert_eq!(world.login(email, "wrong!").await.unwrap_err(), wrong, "{email}");
        }
        let refused = world.login(email, "secret").await.unwrap_err();
        assert_eq!(refused, "too many attempts; try again in 30 seconds", "{email}");
    }
    world.clock.advance(Duration::from_secs(30));
    for _ in 0..5 {
        world.login("ada@example.com", "secret").await.unwrap();
    }
}

#[tokio::test]
async fn one_place_cannot_try_all_accounts() {
    let world = World::new();
    let mut waits = None;
    for n in 0..200 {
        let request = aios_protocol::InviteShow { token: secret(&format!("inv_{n}")) };
        match world.accounts.invitation(&here(), &request).await {
            Err(AccountError::BadTicket { .. }) => {}
            Err(AccountError::TooMany { retry_after }) => {
                waits = Some((n, retry_after));
                break;
            }
            answer => panic!("{answer:?}"),
        }
    }
    assert_eq!(waits, Some((100, Duration::from_secs(1))));
}

#[tokio::test]
async fn a_revoked_or_misspelt_key_opens_nothing() {
    let world = World::new();
    let (ada, eve) = (world.owner("ada@example.com").await, world.owner("eve@example.com").await);
    let request = KeyCreate { name: "CI".into() };
    let created = world.accounts.create_key(&ada.scope, &request).await.unwrap();
    let key = created.api_key.expose();
    world.holder(&created.api_key).await;
    let error = world.accounts.revoke_key(&eve.scope, created.key.key_id).await.unwrap_err();
    assert!(matches!(error, AccountError::Store(_)), "{error}");
    world.holder(&created.api_key).await;

    world.accounts.revoke_key(&ada.scope, created.key.key_id).await.unwrap();
    for wrong in [key, "", "sk_", "sk_é", &key[..key.len() - 1], "sk_' OR 1=1 --"] {
        let error = world.accounts.authenticate(wrong).await.unwrap_err();
        assert!(matches!(error, AccountError::UnknownKey), "{wrong}: {error}");
    }
}

#[tokio::test]
async fn the_last_use_is_remembered_to_the_minute() {
    let world = World::new();
    let key = world.register("ada@example.com").await.api_key;
    let used = async || world.holder(&key).await.key.last_used_at.map(|at| at.to_string());
    assert_eq!(used().await, None);
    assert_eq!(used().await.as_deref(), Some("2026-01-01T00:00:00Z"));
    world.clock.advance(Duration::from_secs(59));
    assert_eq!(used().await.as_deref(), Some("2026-01-01T00:00:00Z"));
    assert_eq!(used().await.as_deref(), Some("2026-01-01T00:00:00Z"));
    world.clock.advance(Duration::from_secs(1));
    used().await;
    assert_eq!(used().await.as_deref(), Some("2026-01-01T00:01:00Z"));
}

#[tokio::test]
async fn logins_make_room_among_themselves_only() {
    let world = World::new();
    let ada = world.owner("ada@example.com").await;
    let first_login = world.login("ada@example.com", "secret").await.unwrap();
    for n in 0..48 {
        world.accounts.create_key(&ada.scope, &KeyCreate { name: format!("key {n}") }).await.unwrap();
    }
    let error = world.accounts.create_key(&ada.scope, &KeyCreate { name: "x".into() }).await.unwrap_err();
    assert!(matches!(error, AccountError::TooManyKeys { most: 50 }), "{error}");
    let second = world.login("ada@example.com", "secret").await.unwrap();
    world.holder(&second.api_key).await;
    assert!(world.accounts.authenticate(first_login.api_key.expose()).await.is_err());
    assert_eq!(world.accounts.keys(&ada.scope).await.unwrap().keys.len(), 50);
}
