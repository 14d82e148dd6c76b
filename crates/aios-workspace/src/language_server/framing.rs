//! The frames of the Language Server Protocol: headers with a length, then so many bytes.

use std::io::{Error, ErrorKind};

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// The largest message.
const MOST: usize = 64 * 1024 * 1024;
/// The longest line of a header.
const LINE: u64 = 8 * 1024;

/// Reads a message; nothing at the end.
pub(super) async fn read_message(from: &mut (impl AsyncBufRead + Unpin)) -> Result<Option<String>, Error> {
    let broken = |message: &str| Error::new(ErrorKind::InvalidData, message);
    let mut length = None;
    loop {
        let mut line = Vec::new();
        let read = (&mut *from).take(LINE).read_until(b'\n', &mut line).await?;
        if read == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let Some(line) = line.strip_suffix('\n') else { return Err(broken("it said no header")) };
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or_else(|| broken("it said no header"))?;
        if name.trim().eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse().map_err(|_| broken("it said no length"))?);
        }
    }
    let length: usize = length.ok_or_else(|| broken("it said no length"))?;
    if length > MOST {
        return Err(broken("its message is too large"));
    }
    let mut message = Vec::new();
    from.take(length as u64).read_to_end(&mut message).await?;
    if message.len() < length {
        return Ok(None);
    }
    String::from_utf8(message).map(Some).map_err(|_| broken("its message is no text"))
}

/// Writes a message.
pub(super) async fn write_message(to: &mut (impl AsyncWrite + Unpin), message: &str) -> Result<(), Error> {
    let head = format!("Content-Length: {}\r\n\r\n", message.len());
    to.write_all(head.as_bytes()).await?;
    to.write_all(message.as_bytes()).await?;
    to.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn frames_are_read_whole_or_not_at_all() {
        let check = async |bytes: &[u8], expect: Result<&[&str], ()>| {
            let (mut from, mut found) = (bytes, Vec::new());
            let end = loop {
                match read_message(&mut from).await {
                    Ok(Some(message)) => found.push(message),
                    Ok(None) => break Ok(()),
                    Err(_) => break Err(()),
                }
            };
            let text = String::from_utf8_lossy(bytes);
            match expect {
                Ok(messages) => assert_eq!(
                    (found.as_slice(), end),
                    (&messages.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()[..], Ok(())),
                    "{text}"
                ),
                Err(()) => assert!(end.is_err(), "{text}"),
            }
        };
        check(b"", Ok(&[])).await;
        check(
            b"Content-Length: 2\r\n\r\n{}content-length:4\r\nContent-Type: x\r\n\r\n\"\xc3\xa4\"",
            Ok(&["{}", "\"ä\""]),
        )
        .await;
        check(b"Content-Length: 5\r\n\r\n{}", Ok(&[])).await;
        check(b"hello\r\n\r\n", Err(())).await;
        check(b"Content-Length: x\r\n\r\n", Err(())).await;
        check(b"Content-Length: 99999999999\r\n\r\n", Err(())).await;
        check(b"Content-Type: x\r\n\r\n", Err(())).await;
        check(&[b'x'; 10_000], Err(())).await;
        check(b"Content-Length: 1\r\n\r\n\xff", Err(())).await;
    }
}
