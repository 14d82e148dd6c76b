//! Invitations and people.

use std::time::Duration;

use aios_accounts::AccountError;
use aios_core::KeyHolder;
use aios_protocol::{InviteAccept, InviteShow, Role, SecretText, TeamInvite};

use crate::{World, here, secret};

impl World {
    async fn invite(&self, by: &KeyHolder, email: &str, role: Role) -> Result<SecretText, AccountError> {
        let request = TeamInvite { email: email.into(), role: Some(role) };
        Ok(self.accounts.invite(by, &request).await?.token)
    }

    async fn accept(&self, token: &SecretText) -> Result<KeyHolder, AccountError> {
        let request = InviteAccept { token: token.clone(), password: secret("secret") };
        let registered = self.accounts.accept(&here(), &request).await?;
        self.accounts.authenticate(registered.api_key.expose()).await
    }

    async fn join(&self, by: &KeyHolder, email: &str, role: Role) -> KeyHolder {
        let token = self.invite(by, email, role).await.unwrap();
        self.accept(&token).await.unwrap()
    }
}

#[tokio::test]
async fn an_invited_person_joins_once_with_the_role_of_the_invitation() {
    let world = World::new();
    let ada = world.owner("ada@example.com").await;
    let request = TeamInvite { email: "Bob@Example.com".into(), role: None };
    let invited = world.accounts.invite(&ada, &request).await.unwrap();
    assert_eq!(
        (invited.email.as_str(), invited.role, invited.mailed),
        ("bob@example.com", Role::Member, true)
    );
    let (to, subject, code) = world.mail.next().await;
    assert_eq!((to.as_str(), subject.as_str()), ("bob@example.com", "Join ada on CesaFlow"));
    assert_eq!(code, invited.token.expose());
    let show = InviteShow { token: invited.token.clone() };
    let shown = world.accounts.invitation(&here(), &show).await.unwrap();
    assert_eq!((shown.organization_name.as_str(), shown.role), ("ada", Role::Member));

    let bob = world.accept(&invited.token).await.unwrap();
    assert_eq!((&bob.scope.org, bob.role), (&ada.scope.org, Role::Member));
    world.login("bob@example.com", "secret").await.unwrap();
    assert!(matches!(world.accept(&invited.token).await, Err(AccountError::BadTicket { .. })));
    let members = world.accounts.members(&bob.scope).await.unwrap();
    assert_eq!((members.members.len(), members.invites.len()), (2, 0));
}

#[tokio::test]
async fn invitations_end_after_a_week_and_are_replaced() {
    let world = World::with_mailer(|_| None);
    let ada = world.owner("ada@example.com").await;
    let request = TeamInvite { email: "bob@example.com".into(), role: None };
    let first = world.accounts.invite(&ada, &request).await.unwrap();
    assert!(!first.mailed);
    let second = world.accounts.invite(&ada, &request).await.unwrap();
    assert!(matches!(world.accept(&first.token).await, Err(AccountError::BadTicket { .. })));
    world.clock.advance(Duration::from_secs(7 * 86_400));
    assert!(matches!(world.accept(&second.token).await, Err(AccountError::BadTicket { .. })));
    assert_eq!(world.accounts.members(&ada.scope).await.unwrap().invites, []);
}

#[tokio::test]
async fn nobody_reaches_above_their_own_role() {
    let world = World::new();
    let ada = world.owner("ada@example.com").await;
    let bob = world.join(&ada, "bob@example.com", Role::Admin).await;
    let carl = world.join(&bob, "carl@example.com", Role::Viewer).await;
    let above = |answer: Result<(), AccountError>| {
        assert!(matches!(answer, Err(AccountError::AboveYou { role: Role::Owner })), "{answer:?}");
    };
    let accounts = &world.accounts;
    above(world.invite(&bob, "dora@example.com", Role::Owner).await.map(drop));
    above(accounts.set_role(&bob, &bob.scope.user, Role::Owner).await.map(drop));
    above(accounts.set_role(&bob, &carl.scope.user, Role::Owner).await.map(drop));
    above(accounts.set_role(&bob, &ada.scope.user, Role::Viewer).await.map(drop));
    above(accounts.remove_member(&bob, &ada.scope.user).await);
    accounts.set_role(&bob, &carl.scope.user, Role::Admin).await.unwrap();
    let carl = KeyHolder { role: Role::Admin, ..carl };
    accounts.remove_member(&carl, &bob.scope.user).await.unwrap();
    let error = accounts.remove_member(&ada, &ada.scope.user).await.unwrap_err();
    assert!(error.to_string().contains("last owner"), "{error}");
}

#[tokio::test]
async fn a_removed_person_is_out_at_once_and_strangers_are_not_found() {
    let world = World::new();
    let (ada, eve) = (world.owner("ada@example.com").await, world.owner("eve@example.com").await);
    let token = world.invite(&ada, "bob@example.com", Role::Owner).await.unwrap();
    let request = InviteAccept { token, password: secret("secret") };
    let bob = world.accounts.accept(&here(), &request).await.unwrap();
    for answer in [
        world.accounts.remove_member(&eve, &bob.user_id).await,
        world.accounts.set_role(&eve, &bob.user_id, Role::Viewer).await.map(drop),
    ] {
        assert!(answer.unwrap_err().to_string().contains("does not exist"));
    }
    world.accounts.remove_member(&ada, &bob.user_id).await.unwrap();
    assert!(world.accounts.authenticate(bob.api_key.expose()).await.is_err());
    world.login("bob@example.com", "secret").await.unwrap_err();
    world.register("bob@example.com").await;
}

#[tokio::test]
async fn a_plan_has_so_many_places_with_invitations_counted() {
    let world = World::new();
    let ada = world.owner("ada@example.com").await;
    world.join(&ada, "bob@example.com", Role::Member).await;
    world.invite(&ada, "carl@example.com", Role::Member).await.unwrap();
    world.invite(&ada, "carl@example.com", Role::Viewer).await.unwrap();
    let error = world.invite(&ada, "dora@example.com", Role::Member).await.unwrap_err();
    assert!(matches!(error, AccountError::Full { plan: "Free", members: 3 }), "{error}");
    let error = world.invite(&ada, "bob@example.com", Role::Member).await.unwrap_err();
    assert!(matches!(error, AccountError::Taken { .. }), "{error}");
}
