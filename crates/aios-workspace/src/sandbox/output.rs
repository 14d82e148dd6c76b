//! Keeps the start and the end of a command's output.

use std::collections::VecDeque;

/// Output of any length in bounded memory: the first and the last half of the limit.
pub(super) struct Output {
    half: usize,
    head: Vec<u8>,
    tail: VecDeque<u8>,
    cut: u64,
}

impl Output {
    pub(super) fn new(limit: usize) -> Self {
        Self { half: limit / 2, head: Vec::new(), tail: VecDeque::new(), cut: 0 }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        let (first, rest) = bytes.split_at(bytes.len().min(self.half - self.head.len()));
        self.head.extend_from_slice(first);
        // Of a piece larger than the tail only its end can remain.
        let skipped = rest.len().saturating_sub(self.half);
        let rest = &rest[skipped..];
        let pushed_out = (self.tail.len() + rest.len()).saturating_sub(self.half);
        self.tail.drain(..pushed_out);
        self.tail.extend(rest);
        self.cut += (skipped + pushed_out) as u64;
    }

    /// The text, with a line in place of what was cut out.
    pub(super) fn into_text(self) -> String {
        let (mut head, mut tail) = (self.head, Vec::from(self.tail));
        if self.cut == 0 {
            head.append(&mut tail);
            return lossy(&head);
        }
        let (head_end, tail_start) = (whole_end(&head), whole_start(&tail));
        let cut = self.cut + (head.len() - head_end + tail_start) as u64;
        format!("{}\n[… {cut} bytes cut …]\n{}", lossy(&head[..head_end]), lossy(&tail[tail_start..]))
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Where the last whole character ends.
fn whole_end(bytes: &[u8]) -> usize {
    match bytes.utf8_chunks().last() {
        // An unfinished character at the very end is shorter than any whole one that starts with its first byte.
        Some(last) if !last.invalid().is_empty() && last.invalid()[0] >= 0xC0 => {
            bytes.len() - last.invalid().len()
        }
        _ => bytes.len(),
    }
}

/// Where the first whole character starts.
fn whole_start(bytes: &[u8]) -> usize {
    bytes.iter().take(3).take_while(|byte| **byte & 0xC0 == 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_and_tail_remain() {
        let check = |limit: usize, pieces: &[&str], expect: &str| {
            let mut output = Output::new(limit);
            pieces.iter().for_each(|piece| output.push(piece.as_bytes()));
            assert_eq!(output.into_text(), expect, "{pieces:?}");
        };
        check(8, &[], "");
        check(8, &["abcd", "efgh"], "abcdefgh");
        check(8, &["abcdefghi"], "abcd\n[… 1 bytes cut …]\nfghi");
        check(8, &["ab", "cdef", "ghij", "kl"], "abcd\n[… 4 bytes cut …]\nijkl");
        check(8, &["aäöü", "äöüß"], "aä\n[… 8 bytes cut …]\nüß");
        check(0, &["abc"], "\n[… 3 bytes cut …]\n");
    }

    #[test]
    fn memory_stays_bounded() {
        let mut output = Output::new(1000);
        (0..1000).for_each(|_| output.push(&[b'x'; 4096]));
        assert!(output.head.len() == 500 && output.tail.len() == 500 && output.tail.capacity() < 8192);
        assert_eq!(output.cut, 4_096_000 - 1000);
    }

    #[test]
    fn invalid_bytes_are_replaced() {
        let mut output = Output::new(100);
        output.push(b"a\xff\xfeb");
        assert_eq!(output.into_text(), "a\u{fffd}\u{fffd}b");
    }
}
