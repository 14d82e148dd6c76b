//! Rights, keys, and the user of the machine among them.

use aios_protocol::{
    Api, AuthForgot, AuthLogin, AuthMe, ErrorCode, Guarded, InviteAccept, KeyCreate, KeyList, KeyRevoke,
    ModelList, Role, TeamInvite, TeamMembers, WeightsRemove,
};
use aios_testkit::Script;

use crate::guests::{HERE, Person, backend, own_key, owner, secret, start, world};

#[tokio::test]
async fn a_role_allows_what_its_row_says() {
    let mut world = world(Script::new());
    let ada = owner(&mut world, "ada@example.com").await;
    let invite = TeamInvite { email: "vera@example.com".into(), role: Some(Role::Viewer) };
    let token = ada.team_invite(invite).await.unwrap().token;
    let app = world.app().await;
    let accept = InviteAccept { token, password: secret("secret") };
    let accepted = app.anonymous(HERE).invite_accept(accept).await.unwrap();
    let vera: Person = app.authenticate(accepted.api_key.expose()).await.unwrap();
    assert_eq!(vera.team_members(TeamMembers {}).await.unwrap().members.len(), 2);
    for problem in [
        start(&vera, backend()).await.unwrap_err(),
        vera.credential_add(own_key()).await.unwrap_err(),
        vera.vault_list(aios_protocol::VaultList {}).await.unwrap_err(),
        vera.team_invite(TeamInvite { email: "x@example.com".into(), role: None }).await.unwrap_err(),
        ada.weights_remove(WeightsRemove { id: "qwen".into() }).await.unwrap_err(),
    ] {
        assert_eq!(problem.code, ErrorCode::Denied, "{problem}");
    }
    let problem = app.anonymous(HERE).auth_me(AuthMe {}).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::Unauthenticated);
    world.finish().await;
}

#[tokio::test]
async fn a_revoked_key_ends_at_once() {
    let mut world = world(Script::new());
    let ada = owner(&mut world, "ada@example.com").await;
    let created = ada.key_create(KeyCreate { name: "CI".into() }).await.unwrap();
    let app = world.app().await;
    app.authenticate(created.api_key.expose()).await.unwrap();
    ada.key_revoke(KeyRevoke { key_id: created.key.key_id }).await.unwrap();
    let problem = app.authenticate(created.api_key.expose()).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::Unauthenticated);
    let problem = ada.key_revoke(KeyRevoke { key_id: created.key.key_id }).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::NotFound);
    world.finish().await;
}

#[tokio::test]
async fn wrong_logins_are_slowed_down_with_the_time_to_wait() {
    let mut world = world(Script::new());
    owner(&mut world, "ada@example.com").await;
    let nobody = world.app().await.anonymous(HERE);
    let login = |password: &str| AuthLogin {
        email: "ada@example.com".into(),
        password: secret(password),
        key_name: None,
    };
    nobody.auth_login(login("secret")).await.unwrap();
    let mut last = nobody.auth_login(login("wrong!")).await.unwrap_err();
    assert_eq!(last.code, ErrorCode::Unauthenticated);
    while last.code == ErrorCode::Unauthenticated {
        last = nobody.auth_login(login("wrong!")).await.unwrap_err();
    }
    assert_eq!(last.code, ErrorCode::RateLimited);
    assert!(last.retry_after_s.is_some_and(|wait| (1..=30).contains(&wait)), "{last:?}");
    world.finish().await;
}

#[tokio::test]
async fn a_server_without_mail_says_which_setting_is_missing() {
    let mut world = world(Script::new()).with_env("SMTP_HOST", "smtp.example.com");
    let nobody = world.app().await.anonymous(HERE);
    let problem = nobody.auth_forgot(AuthForgot { email: "ada@example.com".into() }).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::Unavailable);
    assert!(problem.message.contains("SMTP_FROM is missing"), "{problem}");
    world.finish().await;
}

#[tokio::test]
async fn which_keys_the_host_has_is_its_own_business() {
    let mut world = world(Script::new());
    let ada = owner(&mut world, "ada@example.com").await;
    let configured = |models: aios_protocol::Models| {
        models.providers.into_iter().filter(|provider| provider.configured).map(|p| p.id).collect::<Vec<_>>()
    };
    let nobody: Guarded<_> = world.app().await.anonymous(HERE);
    assert_eq!(configured(nobody.model_list(ModelList::default()).await.unwrap()), [""; 0]);
    assert_eq!(configured(ada.model_list(ModelList::default()).await.unwrap()), [""; 0]);
    let local = world.session().await;
    assert_eq!(configured(local.model_list(ModelList::default()).await.unwrap()), ["openai"]);
    world.finish().await;
}

#[tokio::test]
async fn the_user_of_the_machine_needs_no_account() {
    let mut world = world(Script::new());
    let local = world.session().await;
    let me = local.auth_me(AuthMe {}).await.unwrap();
    assert_eq!((me.plan.as_str(), me.role, me.key), ("local", Role::Owner, None));
    assert_eq!(local.key_list(KeyList {}).await.unwrap().keys, []);
    let problem = local.key_create(KeyCreate { name: "x".into() }).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::Conflict, "{problem}");
    world.finish().await;
}
