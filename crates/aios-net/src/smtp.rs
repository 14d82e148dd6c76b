//! Mail over SMTP, encrypted unless the relay is this machine.

use std::time::Duration;

use aios_core::{MailError, Mailer, Secret};
use async_trait::async_trait;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::settings::{BadSetting, is_this_machine, value};

/// A relay that says nothing for so long is given up.
const PATIENCE: Duration = Duration::from_secs(15);

/// How the connection to the relay is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// From the first byte.
    Tls,
    /// After a greeting; a relay that cannot is refused.
    StartTls,
    /// Not at all; only for this machine.
    Plain,
}

/// The relay that takes our mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: Security,
    /// User and password, where it wants them.
    pub login: Option<(String, Secret<String>)>,
    /// Who the mails are from.
    pub from: String,
}

impl SmtpSettings {
    /// Reads `SMTP_HOST`, `SMTP_PORT`, `SMTP_USER`, `SMTP_PASSWORD` and `SMTP_FROM`; nothing without a host.
    pub fn collect(read: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, BadSetting> {
        let Some(host) = value(&read, "SMTP_HOST") else { return Ok(None) };
        let missing = |name| BadSetting { name, reason: "is missing, though SMTP_HOST is set" };
        let local = is_this_machine(&host);
        let port = match value(&read, "SMTP_PORT") {
            Some(port) => port
                .parse()
                .ok()
                .filter(|port| *port > 0)
                .ok_or(BadSetting { name: "SMTP_PORT", reason: "is not a number of 1 to 65535" })?,
            None if local => 25,
            None => 587,
        };
        let login = match (value(&read, "SMTP_USER"), value(&read, "SMTP_PASSWORD")) {
            (Some(user), Some(password)) => Some((user, Secret::new(password))),
            (None, None) => None,
            (Some(_), None) => return Err(missing("SMTP_PASSWORD")),
            (None, Some(_)) => return Err(missing("SMTP_USER")),
        };
        let security = match port {
            465 => Security::Tls,
            _ if local => Security::Plain,
            _ => Security::StartTls,
        };
        let from = value(&read, "SMTP_FROM").ok_or(missing("SMTP_FROM"))?;
        Ok(Some(Self { host, port, security, login, from }))
    }
}

/// Hands mails to a relay, one connection for each.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    relay: String,
}

impl SmtpMailer {
    /// Sets the mailer up without connecting.
    pub fn new(settings: SmtpSettings) -> Result<Self, BadSetting> {
        let SmtpSettings { host, port, security, login, from } = settings;
        let from = from.parse().map_err(|_| BadSetting {
            name: "SMTP_FROM",
            reason: "is no address such as CesaFlow <noreply@example.com>",
        })?;
        let parameters = || {
            TlsParameters::new(host.clone())
                .map_err(|_| BadSetting { name: "SMTP_HOST", reason: "is no name that TLS could check" })
        };
        let tls = match security {
            Security::Tls => Tls::Wrapper(parameters()?),
            Security::StartTls => Tls::Required(parameters()?),
            Security::Plain => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&host)
            .port(port)
            .tls(tls)
            .timeout(Some(PATIENCE));
        if let Some((user, password)) = login {
            builder = builder.credentials(Credentials::new(user, password.expose().clone()));
        }
        Ok(Self { transport: builder.build(), from, relay: format!("{host}:{port}") })
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, to: &str, subject: &str, body: &str) -> Result<(), MailError> {
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| MailError {
            to: to.to_owned(),
            relay: self.relay.clone(),
            source,
        };
        let recipient: Mailbox = to.parse().map_err(|error| failed(Box::new(error)))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(recipient)
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(body.to_owned())
            .map_err(|error| failed(error.into()))?;
        self.transport.send(message).await.map_err(|error| failed(error.into()))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_whole_or_named() {
        let check = |set: &[(&str, &str)], expect: &str| {
            let read = |name: &str| {
                set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            };
            let found = match SmtpSettings::collect(read) {
                Ok(None) => "none".to_owned(),
                Ok(Some(found)) => {
                    let login = found.login.as_ref().map(|(user, _)| user.as_str()).unwrap_or("nobody");
                    format!("{}:{} {:?} as {login}", found.host, found.port, found.security)
                }
                Err(error) => error.to_string(),
            };
            assert_eq!(found, expect, "{set:?}");
        };
        let from = ("SMTP_FROM", "CesaFlow <noreply@example.com>");
        let (host, user) = (("SMTP_HOST", "smtp.example.com"), ("SMTP_USER", "u"));
        check(&[], "none");
        check(&[("SMTP_HOST", "  "), from], "none");
        check(&[host, from], "smtp.example.com:587 StartTls as nobody");
        check(&[host, from, user, ("SMTP_PASSWORD", "p")], "smtp.example.com:587 StartTls as u");
        check(&[host, from, ("SMTP_PORT", "465")], "smtp.example.com:465 Tls as nobody");
        check(&[host, from, ("SMTP_PORT", "25")], "smtp.example.com:25 StartTls as nobody");
        check(&[("SMTP_HOST", "127.0.0.1"), from], "127.0.0.1:25 Plain as nobody");
        check(
            &[("SMTP_HOST", "localhost.example.com"), from],
            "localhost.example.com:587 StartTls as nobody",
        );
        check(&[host], "the setting SMTP_FROM is missing, though SMTP_HOST is set");
        check(&[host, from, user], "the setting SMTP_PASSWORD is missing, though SMTP_HOST is set");
        for port in ["0", "65536", "smtp"] {
            check(&[host, from, ("SMTP_PORT", port)], "the setting SMTP_PORT is not a number of 1 to 65535");
        }
    }
}
