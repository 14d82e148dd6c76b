//! The people of an organisation, and invitations into it.

use aios_protocol::{
    Done, Invite, InviteAccept, InviteShow, Member, Members, Problem, Registered, TeamInvite, TeamInvited,
    TeamRemove, TeamSetRole,
};

use super::Session;

pub(super) async fn invite(session: &Session, request: &TeamInvite) -> Result<TeamInvited, Problem> {
    session.answer(session.app.accounts.invite(session.holder()?, request).await)
}

pub(super) async fn members(session: &Session) -> Result<Members, Problem> {
    session.answer(session.app.accounts.members(&session.scope).await)
}

pub(super) async fn remove(session: &Session, request: &TeamRemove) -> Result<Done, Problem> {
    session.answer(session.app.accounts.remove_member(session.holder()?, &request.user_id).await)?;
    Ok(Done {})
}

pub(super) async fn set_role(session: &Session, request: &TeamSetRole) -> Result<Member, Problem> {
    session.answer(session.app.accounts.set_role(session.holder()?, &request.user_id, request.role).await)
}

pub(super) async fn show_invite(session: &Session, request: &InviteShow) -> Result<Invite, Problem> {
    session.answer(session.app.accounts.invitation(&session.origin(), request).await)
}

pub(super) async fn accept(session: &Session, request: &InviteAccept) -> Result<Registered, Problem> {
    session.answer(session.app.accounts.accept(&session.origin(), request).await)
}
