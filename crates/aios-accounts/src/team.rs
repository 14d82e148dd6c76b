//! Invitations, and the people of an organisation.

use std::time::Duration;

use aios_core::{Invitation, KeyHolder, Scope, StoreError};
use aios_protocol::{
    Invite, InviteAccept, InviteId, InviteShow, Member, Members, PendingInvite, Registered, Role, TeamInvite,
    TeamInvited, UserId, generate,
};

use crate::accounts::taken;
use crate::throttle::{Origin, Subject};
use crate::token::Kind;
use crate::{AccountError, Accounts, checked_email, mails, terms_of};

/// How long an invitation can be accepted.
const INVITE_TTL: Duration = Duration::from_secs(7 * 86_400);

impl Accounts {
    /// Invites somebody, and mails the invitation where mail is set up.
    pub async fn invite(&self, by: &KeyHolder, request: &TeamInvite) -> Result<TeamInvited, AccountError> {
        let (scope, ports) = (&by.scope, &self.ports);
        let email = checked_email(&request.email)?;
        let role = request.role.unwrap_or(Role::Member);
        not_above(by, role)?;
        self.throttle.take(Subject::Mail(email.clone()), self.now())?;
        if ports.directory.account_of(&email).await?.is_some() {
            return Err(AccountError::Taken { email });
        }
        let organisation = ports.accounts.organisation(scope).await?;
        let terms = terms_of(&organisation);
        let all = self.members(scope).await?;
        let waiting = all.invites.iter().filter(|invite| invite.email != email).count();
        if let Some(members) = terms.members.filter(|most| all.members.len() + waiting >= *most as usize) {
            return Err(AccountError::Full { plan: terms.name, members });
        }
        let (token, hash) = Kind::Invite.mint();
        let pending = PendingInvite {
            invite_id: InviteId::generate(),
            email: email.clone(),
            role,
            expires_at: self.now().plus(INVITE_TTL),
        };
        ports.tickets.add_invite(scope, &hash, &pending).await?;
        let invite = Invite {
            organization_name: organisation.name,
            email: email.clone(),
            role,
            expires_at: pending.expires_at,
        };
        let mut mailed = false;
        if let Some(mailer) = &ports.mailer {
            let mail = mails::invitation(&invite, &token);
            let sent = mailer.send(&email, &mail.subject, &mail.body).await;
            mailed = sent.inspect_err(|error| tracing::warn!(%error, "an invitation was not mailed")).is_ok();
        }
        let PendingInvite { invite_id, expires_at, .. } = pending;
        Ok(TeamInvited { invite_id, token, email, role, mailed, expires_at })
    }

    /// The people of an organisation, and who is invited.
    pub async fn members(&self, scope: &Scope) -> Result<Members, AccountError> {
        Ok(Members {
            members: self.ports.accounts.members(scope).await?,
            invites: self.ports.tickets.invites(scope, self.now()).await?,
        })
    }

    /// Changes what a person may do.
    pub async fn set_role(
        &self,
        by: &KeyHolder,
        user_id: &UserId,
        role: Role,
    ) -> Result<Member, AccountError> {
        not_above(by, self.member(&by.scope, user_id).await?.role)?;
        not_above(by, role)?;
        Ok(self.ports.accounts.set_role(&by.scope, user_id, role).await?)
    }

    /// Removes a person.
    pub async fn remove_member(&self, by: &KeyHolder, user_id: &UserId) -> Result<(), AccountError> {
        not_above(by, self.member(&by.scope, user_id).await?.role)?;
        Ok(self.ports.accounts.remove_member(&by.scope, user_id).await?)
    }

    /// Shows an invitation to whoever holds its token.
    pub async fn invitation(&self, origin: &Origin, request: &InviteShow) -> Result<Invite, AccountError> {
        self.throttle.take(Subject::from(origin), self.now())?;
        let found = self.find_invitation(request.token.expose()).await?;
        let PendingInvite { email, role, expires_at, .. } = found.invite;
        Ok(Invite { organization_name: found.organization_name, email, role, expires_at })
    }

    /// Accepts an invitation: creates the account and its first key.
    pub async fn accept(&self, origin: &Origin, request: &InviteAccept) -> Result<Registered, AccountError> {
        self.throttle.take(Subject::from(origin), self.now())?;
        let found = self.find_invitation(request.token.expose()).await?;
        let scope = Scope { org: found.org, user: generate() };
        let person = self.person(found.invite.email, &request.password).await?;
        let (api_key, key) = self.new_key("first".to_owned());
        let accepted = self.ports.tickets.accept_invite(&scope, found.invite.invite_id, &person, &key).await;
        accepted.map_err(|error| match error {
            StoreError::NotFound { .. } => BAD_INVITATION,
            error => taken(error, person.email),
        })?;
        Ok(Registered { api_key, org_id: scope.org, user_id: scope.user })
    }

    async fn find_invitation(&self, token: &str) -> Result<Invitation, AccountError> {
        let token = Kind::Invite.hash(token).ok_or(BAD_INVITATION)?;
        let found = self.ports.directory.invitation(&token).await?;
        found.filter(|found| found.invite.expires_at > self.now()).ok_or(BAD_INVITATION)
    }

    pub(crate) async fn member(&self, scope: &Scope, user_id: &UserId) -> Result<Member, AccountError> {
        let all = self.ports.accounts.members(scope).await?;
        let found = all.into_iter().find(|member| member.user_id == *user_id);
        Ok(found.ok_or_else(|| StoreError::NotFound { what: "person", id: user_id.to_string() })?)
    }
}

const BAD_INVITATION: AccountError = AccountError::BadTicket { what: "invitation" };

/// Nobody makes, changes or removes people above their own role.
fn not_above(by: &KeyHolder, role: Role) -> Result<(), AccountError> {
    if role > by.role {
        return Err(AccountError::AboveYou { role });
    }
    Ok(())
}
