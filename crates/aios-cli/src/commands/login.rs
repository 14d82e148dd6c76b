//! `aios login`, `aios logout`, `aios whoami`: a person's key for a server.

use std::io::{self, Read, Write};

use aios_protocol::{Api, AuthLogin, AuthMe, ErrorCode, KeyId, KeyRevoke, Me, Problem, SecretText};
use aios_remote::{Address, Client};
use console::Term;
use serde_json::json;

use crate::account::{self, Account};
use crate::args::Login;
use crate::context::Context;
use crate::credentials::{Credentials, Kept, Store};
use crate::exit::{Exit, Failure};
use crate::text::{Line, Tone};
use crate::view::field;

/// Longer than any key.
const LONGEST_KEY: u64 = 4 * 1024;

pub(super) async fn login(context: &Context, arguments: Login) -> Result<Exit, Failure> {
    let address = account::address_of_login(&context.environment, arguments.url.as_deref())?;
    let is_given = arguments.key.is_some();
    let key = match arguments.key {
        Some(from) => given_key(&from)?,
        None => made_key(context, &address).await?,
    };
    let client = Client::new(address.clone(), Some(&key))?;
    let me = client.auth_me(AuthMe {}).await?;
    let key_id = me.key.as_ref().map(|key| key.key_id).filter(|_| !is_given);
    let store = Store::new(context);
    // One that cannot be read is replaced like all others.
    let before = store.load().await.ok().flatten();
    let saved = store.save(&Credentials { url: address.to_string(), key, key_id }).await;
    let kept = match saved {
        Ok(kept) => kept,
        Err(problem) => {
            // Nobody will ever know it.
            _ = revoke(&client, key_id).await;
            return Err(problem.into());
        }
    };
    if let Some((before, _)) = before {
        // It is not needed any more; where its server cannot be asked, `auth/keys` still lists it.
        _ = end(context, &before).await;
    }
    if context.json {
        context.print_json(&about(&client, &me, &kept))?;
    } else {
        let line = format!("logged in to {address} as {}", name(&me));
        context.print(&[Line::new().add(Tone::Good, "✓ ").plain(&line), field("key", &kept.place())])?;
    }
    Ok(Exit::Completed)
}

pub(super) async fn logout(context: &Context) -> Result<Exit, Failure> {
    let store = Store::new(context);
    let Some((credentials, _)) = store.load().await? else {
        return Err(Problem::new(ErrorCode::NotFound, "nobody is logged in").with_hint("aios login").into());
    };
    let ended = end(context, &credentials).await;
    store.clear().await?;
    if context.json {
        context.print_json(&json!({ "server": credentials.url, "revoked": matches!(ended, Ok(true)) }))?;
        return Ok(Exit::Completed);
    }
    let mut lines = vec![Line::from(format!("logged out of {}", credentials.url))];
    match ended {
        Ok(true) => {}
        Ok(false) => lines.push(field("key", "forgotten here; it was given to us, so it still works")),
        Err(problem) => {
            let why = format!("forgotten here; the server could not end it: {}", problem.message);
            lines.push(field("key", "").add(Tone::Warn, &why));
        }
    }
    context.print(&lines)?;
    Ok(Exit::Completed)
}

pub(super) async fn whoami(context: &Context) -> Result<Exit, Failure> {
    let Account { client, kept } = Account::find(context).await?;
    let me = client.auth_me(AuthMe {}).await?;
    if context.json {
        context.print_json(&about(&client, &me, &kept))?;
        return Ok(Exit::Completed);
    }
    let key = match &me.key {
        Some(key) => format!("{:?}, {}…, {}", key.name, key.starts_with, kept.place()),
        None => kept.place(),
    };
    context.print(&[
        field("who", &name(&me)),
        field("in", &format!("{} · plan {}", me.organization_name, me.plan)),
        field("role", me.role.as_str()),
        field("server", &client.address().to_string()),
        field("key", &key),
    ])?;
    Ok(Exit::Completed)
}

/// What the user calls themselves.
fn name(me: &Me) -> String {
    if me.email.is_empty() { "the user of the server's machine".to_owned() } else { me.email.clone() }
}

fn about(client: &Client, me: &Me, kept: &Kept) -> serde_json::Value {
    json!({ "server": client.address().to_string(), "key_kept_in": kept.as_str(), "me": me })
}

/// Ends a key that a login made; false for one that was given.
async fn end(context: &Context, credentials: &Credentials) -> Result<bool, Problem> {
    let address = account::address(&context.environment, &credentials.url)?;
    revoke(&Client::new(address, Some(&credentials.key))?, credentials.key_id).await
}

async fn revoke(client: &Client, key_id: Option<KeyId>) -> Result<bool, Problem> {
    match key_id {
        Some(key_id) => client.key_revoke(KeyRevoke { key_id }).await.map(|_| true),
        None => Ok(false),
    }
}

/// A key from stdin. On the command line every user of the machine could read it.
fn given_key(from: &str) -> Result<SecretText, Problem> {
    if from != "-" {
        return Err(Problem::new(
            ErrorCode::InvalidRequest,
            "a key on the command line can be read by others",
        )
        .with_hint("give it on stdin: aios login --key - < file"));
    }
    let mut text = String::new();
    let read = io::stdin().lock().take(LONGEST_KEY).read_to_string(&mut text);
    read.map_err(|error| {
        Problem::new(ErrorCode::InvalidRequest, format!("no key can be read from stdin: {error}"))
    })?;
    match text.trim() {
        "" => Err(Problem::new(ErrorCode::InvalidRequest, "there is no key on stdin")),
        key => Ok(SecretText::new(key)),
    }
}

/// A new key for somebody who knows the password.
async fn made_key(context: &Context, address: &Address) -> Result<SecretText, Failure> {
    let is_terminal = context.environment.stdin_is_terminal && context.environment.stderr_is_terminal;
    let asking = tokio::task::spawn_blocking(move || {
        let email = ask("e-mail", is_terminal, false)?;
        let password = ask("password", is_terminal, true)?;
        io::Result::Ok((email, SecretText::new(password)))
    });
    let (email, password) = asking.await.map_err(io::Error::other)??;
    if email.is_empty() || password.expose().is_empty() {
        return Err(Problem::new(
            ErrorCode::InvalidRequest,
            "a login needs an e-mail address and a password",
        )
        .with_hint("type them when asked, or give a key: aios login --key -")
        .into());
    }
    let request = AuthLogin { email, password, key_name: Some("aios login".to_owned()) };
    Ok(Client::new(address.clone(), None)?.auth_login(request).await?.api_key)
}

/// A line that the user types; from a pipe it is read without a word.
fn ask(what: &str, is_terminal: bool, is_secret: bool) -> io::Result<String> {
    if is_terminal {
        write!(io::stderr(), "{what}: ")?;
        io::stderr().flush()?;
    }
    let mut line = match (is_terminal, is_secret) {
        (true, true) => return Term::stderr().read_secure_line(),
        _ => String::new(),
    };
    io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
