//! E-mail addresses: checked enough to catch what can never work, written one way.

use crate::AccountError;

/// The address in small letters, if it can be one. Whether somebody reads its mail only a mail can tell.
pub fn checked_email(text: &str) -> Result<String, AccountError> {
    let text = text.trim();
    let invalid = |reason| Err(AccountError::Invalid { what: "e-mail address", reason });
    if text.len() > 254 {
        return invalid("it is longer than 254 bytes");
    }
    let Some((local, domain)) = text.rsplit_once('@') else {
        return invalid("it has no @");
    };
    let is_atom = |part: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c);
        !part.is_empty() && part.chars().all(allowed)
    };
    if local.len() > 64 || !local.split('.').all(is_atom) {
        return invalid("what stands before the @ cannot be read");
    }
    let is_label = |label: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
        (1..=63).contains(&label.len())
            && label.chars().all(allowed)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if !domain.contains('.') || !domain.split('.').all(is_label) {
        return invalid("what stands behind the @ is no domain");
    }
    Ok(text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_and_written_small() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(checked_email(text).ok().as_deref(), expect, "{text:?}");
        };
        check("ada@example.com", Some("ada@example.com"));
        check(" Ada.Lovelace+cesa@Example.CO.uk ", Some("ada.lovelace+cesa@example.co.uk"));
        for bad in [
            "",
            "@",
            "ada",
            "ada@",
            "@example.com",
            "ada@localhost",
            "ada@example..com",
            "ada@-example.com",
            ".ada@example.com",
            "a..da@example.com",
            "a da@example.com",
            "ada@example.com, eve@example.com",
            "ada@example.com\r\nBcc: eve@example.com",
            "\"ada\"@example.com",
            "ada@exämple.com",
            "ada\0@example.com",
        ] {
            check(bad, None);
        }
        check(&format!("{}@example.com", "x".repeat(65)), None);
        check(&format!("x@{}.com", "x".repeat(64)), None);
    }
}
