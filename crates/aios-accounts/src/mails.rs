//! What mails say. Plain text, with the token as a word to copy: which page takes it is the host's business.

use aios_protocol::{Invite, SecretText, Timestamp};

/// Subject and body.
pub(crate) struct Mail {
    pub(crate) subject: String,
    pub(crate) body: String,
}

pub(crate) fn invitation(invite: &Invite, token: &SecretText) -> Mail {
    Mail {
        subject: format!("Join {} on CesaFlow", invite.organization_name),
        body: format!(
            "You are invited to join {} on CesaFlow as {}.\n\n\
             Your invitation code, which serves once and until {}:\n\n    {}\n\n\
             If you do not expect this mail, ignore it: nothing happens without the code.\n",
            invite.organization_name,
            invite.role.as_str(),
            to_the_minute(invite.expires_at),
            token.expose(),
        ),
    }
}

pub(crate) fn reset(token: &SecretText, expires_at: Timestamp) -> Mail {
    Mail {
        subject: "Your new CesaFlow password".to_owned(),
        body: format!(
            "Somebody, hopefully you, asked for a new password of your CesaFlow account.\n\n\
             Your code, which serves once and until {}:\n\n    {}\n\n\
             A new password ends all your keys. If it was not you, ignore this mail: nothing has changed.\n",
            to_the_minute(expires_at),
            token.expose(),
        ),
    }
}

fn to_the_minute(at: Timestamp) -> String {
    let text = at.to_string();
    let (minute, _) = text.split_at_checked(16).unwrap_or((&text, ""));
    format!("{} UTC", minute.replace('T', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_says_until_when() {
        let mail = reset(&SecretText::new("rst_x"), Timestamp::from_micros(1_767_225_600_000_001));
        assert!(mail.body.contains("until 2026-01-01 00:00 UTC:\n\n    rst_x\n"), "{}", mail.body);
    }
}
