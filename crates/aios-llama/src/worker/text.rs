//! From token bytes to the text that may be shown: whole characters, and never a part of a stop string.
//!
//! Pure: knows no model.

/// Text of one reply on its way out.
#[derive(Debug)]
pub(crate) struct TextStream {
    stop: Vec<Vec<u8>>,
    /// Bytes that cannot be shown yet: an unfinished character, or what may become a stop string.
    held: Vec<u8>,
    stopped: bool,
}

impl TextStream {
    /// Empty stop strings are ignored: they would end every reply at once.
    pub(crate) fn new(stop: &[String]) -> Self {
        let stop = stop.iter().filter(|s| !s.is_empty()).map(|s| s.clone().into_bytes()).collect();
        Self { stop, held: Vec::new(), stopped: false }
    }

    /// Whether a stop string came: nothing more will be shown.
    pub(crate) fn stopped(&self) -> bool {
        self.stopped
    }

    /// Takes the bytes of one token and returns the text that is now certain.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> String {
        if self.stopped {
            return String::new();
        }
        self.held.extend_from_slice(bytes);
        if let Some(at) = self.stop.iter().filter_map(|stop| find(&self.held, stop)).min() {
            self.stopped = true;
            self.held.truncate(at);
            return self.rest();
        }
        let certain =
            self.held.len() - self.stop.iter().map(|stop| overlap(&self.held, stop)).max().unwrap_or(0);
        let certain = whole_characters(&self.held[..certain]);
        let rest = self.held.split_off(certain);
        let shown = std::mem::replace(&mut self.held, rest);
        String::from_utf8_lossy(&shown).into_owned()
    }

    /// Returns what was held back, at the end of the reply.
    pub(crate) fn rest(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.held)).into_owned()
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

/// Length of the longest end of `text` with which `stop` begins.
fn overlap(text: &[u8], stop: &[u8]) -> usize {
    let longest = text.len().min(stop.len() - 1);
    (1..=longest).rev().find(|&n| text.ends_with(&stop[..n])).unwrap_or(0)
}

/// Length of `bytes` without an unfinished character at its end; bytes that can never be one count as whole.
fn whole_characters(bytes: &[u8]) -> usize {
    let tail = bytes.len().saturating_sub(3);
    let start = (tail..bytes.len()).rev().find(|&i| bytes[i] & 0b1100_0000 != 0b1000_0000);
    match start {
        Some(start)
            if std::str::from_utf8(&bytes[start..])
                .is_err_and(|e| e.valid_up_to() == 0 && e.error_len().is_none()) =>
        {
            start
        }
        _ => bytes.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `text` in every way of cutting it into up to three pieces; all must show `expect`.
    fn check(text: &[u8], stop: &[&str], expect: &str, stopped: bool) {
        let stop: Vec<String> = stop.iter().map(|s| (*s).to_owned()).collect();
        for a in 0..=text.len() {
            for b in a..=text.len() {
                let mut stream = TextStream::new(&stop);
                let mut shown = Vec::new();
                for piece in [&text[..a], &text[a..b], &text[b..]] {
                    shown.push(stream.push(piece));
                }
                for part in &shown {
                    assert!(!stop.iter().any(|s| !s.is_empty() && part.contains(s.as_str())));
                }
                shown.push(stream.rest());
                assert_eq!(shown.concat(), expect, "cut at {a} and {b}");
                assert_eq!(stream.stopped(), stopped, "cut at {a} and {b}");
            }
        }
    }

    #[test]
    fn stop_strings_end_the_text_wherever_tokens_are_cut() {
        check(b"def f():\n    pass\n\nx", &["\n\n"], "def f():\n    pass", true);
        check(b"aaab", &["aab"], "a", true);
        check(b"a``` b", &["```", "x"], "a", true);
        check(b"one STOP two END", &["END", "STOP"], "one ", true);
        check(b"almost STO", &["STOP"], "almost STO", false);
        check(b"text", &["", "zzz"], "text", false);
        check(b"", &["x"], "", false);
    }

    #[test]
    fn characters_come_whole() {
        check("grüße 😀 漢字".as_bytes(), &[], "grüße 😀 漢字", false);
        check("a😀b".as_bytes(), &["😀"], "a", true);
    }

    #[test]
    fn an_unfinished_character_is_held_and_a_broken_one_replaced() {
        let mut stream = TextStream::new(&[]);
        assert_eq!(stream.push(&[b'a', 0xf0, 0x9f]), "a");
        assert_eq!(stream.push(&[0x98, 0x80]), "😀");
        assert_eq!(stream.push(&[0xff, b'b']), "\u{fffd}b");
        assert_eq!(stream.push(&[0xe6]), "");
        assert_eq!(stream.rest(), "\u{fffd}");
    }

    #[test]
    fn nothing_is_held_back_without_need() {
        let mut stream = TextStream::new(&["STOP".into()]);
        assert_eq!(stream.push(b"S"), "");
        assert_eq!(stream.push(b"x"), "Sx");
    }
}
