//! Server-sent events: bytes in, the data of each event out.
//!
//! Takes any line ending, a byte order mark, comments, pieces cut anywhere. Event names and ids are left out: both wires say
//! in the data what it is.

use crate::fault::Fault;

/// Longest event, in bytes.
const MAX_EVENT: usize = 8 << 20;

/// Cuts a byte stream into events.
#[derive(Default)]
pub(crate) struct Decoder {
    /// Bytes not yet consumed start at `at`; those before `scanned` hold no line end.
    buffer: Vec<u8>,
    at: usize,
    scanned: usize,
    /// Data of the event that is being read.
    data: Vec<u8>,
    has_data: bool,
    /// The last line ended in CR: an LF that follows belongs to it.
    after_cr: bool,
    begun: bool,
}

impl Decoder {
    /// Takes the next piece.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.at);
        self.scanned -= self.at;
        self.at = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The data of the next complete event.
    pub(crate) fn next(&mut self) -> Result<Option<String>, Fault> {
        while let Some(end) = self.line_end() {
            let line = self.at..end;
            self.at = end + 1;
            self.scanned = self.at;
            if self.buffer[end] == b'\n' && self.after_cr && line.is_empty() {
                self.after_cr = false;
                continue;
            }
            self.after_cr = self.buffer[end] == b'\r';
            if let Some(data) = self.line(line)? {
                return Ok(Some(data));
            }
        }
        if self.buffer.len() - self.at > MAX_EVENT {
            return Err(Fault::bad("an event of more than 8 MiB"));
        }
        Ok(None)
    }

    /// What is left when the stream ended: servers forget the blank line after the last event.
    pub(crate) fn finish(&mut self) -> Result<Option<String>, Fault> {
        self.feed(b"\n\n");
        self.next()
    }

    fn line_end(&mut self) -> Option<usize> {
        let found = self.buffer[self.scanned..].iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        match found {
            Some(offset) => Some(self.scanned + offset),
            None => {
                self.scanned = self.buffer.len();
                None
            }
        }
    }

    /// Reads one line; a blank one ends the event.
    fn line(&mut self, line: std::ops::Range<usize>) -> Result<Option<String>, Fault> {
        let mut line = &self.buffer[line];
        if !self.begun {
            self.begun = true;
            line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
        }
        if line.is_empty() {
            if !std::mem::take(&mut self.has_data) {
                return Ok(None);
            }
            let data = std::mem::take(&mut self.data);
            return String::from_utf8(data).map(Some).map_err(|_| Fault::bad("the text is not UTF-8"));
        }
        let Some(value) = line.strip_prefix(b"data") else { return Ok(None) };
        let value = match value {
            [] => value,
            [b':', b' ', rest @ ..] | [b':', rest @ ..] => rest,
            _ => return Ok(None),
        };
        if self.data.len() + value.len() > MAX_EVENT {
            return Err(Fault::bad("an event of more than 8 MiB"));
        }
        if std::mem::replace(&mut self.has_data, true) {
            self.data.push(b'\n');
        }
        self.data.extend_from_slice(value);
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(pieces: &[&[u8]]) -> Result<Vec<String>, Fault> {
        let mut decoder = Decoder::default();
        let mut events = Vec::new();
        for piece in pieces {
            decoder.feed(piece);
            while let Some(event) = decoder.next()? {
                events.push(event);
            }
        }
        events.extend(decoder.finish()?);
        Ok(events)
    }

    #[test]
    fn events_come_out_whatever_the_bytes_look_like() {
        let check = |pieces: &[&[u8]], expect: &[&str]| assert_eq!(decode(pieces).unwrap(), expect);
        check(&[b"data: a\n\ndata: b\n\n"], &["a", "b"]);
        check(&[b"data: a\r\n\r\ndata: b\r\n\r\n"], &["a", "b"]);
        check(&[b"data: a\r\rdata:b\r\r"], &["a", "b"]);
        check(&[b"\xEF\xBB\xBFdata: a\n\n"], &["a"]);
        check(&[b": keep-alive\n\nevent: x\nid: 7\nretry: 1\ndata: a\n\n"], &["a"]);
        check(&[b"data: a\ndata: b\n\n"], &["a\nb"]);
        check(&[b"data:  a\n\n"], &[" a"]);
        check(&[b"data\n\n"], &[""]);
        check(&[b"datafoo: a\nevent: data: b\n\n"], &[]);
        check(&[b"data: a"], &["a"]);
        check(&[b"data: a\n"], &["a"]);
        check(&[b"\n\n\n"], &[]);
        check(&[], &[]);
    }

    #[test]
    fn a_cut_at_any_byte_changes_nothing() {
        let whole = "data: grüße\r\n\r\ndata: 日本\r\ndata: 語\r\n\r\n: c\r\n\r\ndata: z\n\n".as_bytes();
        for cut in 0..=whole.len() {
            let (left, right) = whole.split_at(cut);
            assert_eq!(decode(&[left, right]).unwrap(), ["grüße", "日本\n語", "z"], "cut at {cut}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_and_endless_lines_are_refused() {
        assert!(matches!(decode(&[b"data: \xFF\n\n"]), Err(Fault::BadReply(_))));
        let mebibyte = vec![b'x'; 1 << 20];
        let line: Vec<&[u8]> = std::iter::once(&b"data: "[..]).chain((0..9).map(|_| &mebibyte[..])).collect();
        assert!(matches!(decode(&line), Err(Fault::BadReply(_))));
        let many_lines: Vec<&[u8]> = (0..9).flat_map(|_| [&b"data: "[..], &mebibyte[..], b"\n"]).collect();
        assert!(matches!(decode(&many_lines), Err(Fault::BadReply(_))));
    }
}
