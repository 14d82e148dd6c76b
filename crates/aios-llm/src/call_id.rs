//! Ids of tool calls, fitted to what a provider accepts: after a fail-over it gets calls that another provider named.

use std::borrow::Cow;

/// What ids a provider accepts.
#[derive(Clone, Copy)]
pub(crate) enum CallIds {
    /// Up to 40 letters, digits, `_` and `-`: every provider but one.
    Usual,
    /// Exactly nine letters and digits.
    Nine,
}

/// The id itself when the provider accepts it, else one made from it: the same for the call and for its answer.
pub(crate) fn fit(id: &str, accepted: CallIds) -> Cow<'_, str> {
    let plain = |extra: &[u8]| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || extra.contains(&byte));
    let fits = match accepted {
        CallIds::Usual => !id.is_empty() && id.len() <= 40 && plain(b"_-"),
        CallIds::Nine => id.len() == 9 && plain(b""),
    };
    if fits { Cow::Borrowed(id) } else { Cow::Owned(nine_characters(id)) }
}

/// A hash (FNV-1a) in nine letters and digits; it must be stable, since a resumed run sends the conversation again.
fn nine_characters(id: &str) -> String {
    const DIGITS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (0..9)
        .map(|_| {
            let digit = DIGITS[(hash % 36) as usize];
            hash /= 36;
            char::from(digit)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_fit_and_stay_apart() {
        assert_eq!(fit("call_1", CallIds::Usual), "call_1");
        assert_eq!(fit("abcDEF123", CallIds::Nine), "abcDEF123");
        for id in ["call_1", "call_2", "functions.read:0", "", &"x".repeat(64)] {
            let nine = fit(id, CallIds::Nine);
            assert!(nine.len() == 9 && nine.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{nine}");
        }
        assert_eq!(fit("functions.read:0", CallIds::Usual).len(), 9);
        assert_ne!(fit("call_1", CallIds::Nine), fit("call_2", CallIds::Nine));
    }
}
