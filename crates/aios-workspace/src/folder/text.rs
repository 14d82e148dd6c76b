//! From bytes to text and back, so that a file which is opened and saved unchanged keeps every byte. Pure.

use aios_protocol::{Encoding, LineEnding};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, GB18030, KOI8_R, SHIFT_JIS, UTF_8, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
};

/// Text as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// With `\n` between lines.
    pub(crate) text: String,
    pub(crate) encoding: Encoding,
    pub(crate) line_ending: LineEnding,
    /// Whether some lines end otherwise.
    pub(crate) mixed: bool,
}

/// A character that an encoding has no bytes for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{character:?} in line {line} cannot be written as {encoding:?}")]
pub struct Unencodable {
    /// The first such character.
    pub character: char,
    /// Its line, counted from 1.
    pub line: usize,
    /// The encoding.
    pub encoding: Encoding,
}

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
const UTF16LE_MARK: &[u8] = b"\xff\xfe";
const UTF16BE_MARK: &[u8] = b"\xfe\xff";

/// Whether these first bytes of a file belong to no text.
pub(crate) fn is_binary(start: &[u8]) -> bool {
    !start.starts_with(UTF16LE_MARK) && !start.starts_with(UTF16BE_MARK) && start.contains(&0)
}

/// Reads bytes in the given encoding, or in the one that they are most likely in.
pub(crate) fn decode(bytes: &[u8], encoding: Option<Encoding>) -> Decoded {
    let encoding = encoding.unwrap_or_else(|| guess(bytes));
    let raw = raw_text(bytes, encoding);
    let (line_ending, mixed) = line_ending(&raw);
    let text = if raw.contains('\r') { raw.replace("\r\n", "\n").replace('\r', "\n") } else { raw };
    Decoded { text, encoding, line_ending, mixed }
}

fn guess(bytes: &[u8]) -> Encoding {
    if bytes.starts_with(UTF8_MARK) {
        return Encoding::Utf8Bom;
    }
    if bytes.starts_with(UTF16LE_MARK) {
        return Encoding::Utf16Le;
    }
    if bytes.starts_with(UTF16BE_MARK) {
        return Encoding::Utf16Be;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return Encoding::Utf8;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guessed = detector.guess(None, chardetng::Utf8Detection::Deny);
    let known = TABLE.iter().find(|(_, known)| *known == guessed).map(|(encoding, _)| *encoding);
    // A guess that would lose bytes is worse than wrong letters; Windows-1252 has a letter for each byte.
    known.filter(|encoding| reads_back(bytes, *encoding)).unwrap_or(Encoding::Windows1252)
}

fn reads_back(bytes: &[u8], encoding: Encoding) -> bool {
    let Some(table) = table(encoding) else { return false };
    let (text, had_errors) = table.decode_without_bom_handling(bytes);
    !had_errors && *table.encode(&text).0 == *bytes
}

const TABLE: &[(Encoding, &encoding_rs::Encoding)] = &[
    (Encoding::Windows1252, WINDOWS_1252),
    (Encoding::Windows1250, WINDOWS_1250),
    (Encoding::Windows1251, WINDOWS_1251),
    (Encoding::ShiftJis, SHIFT_JIS),
    (Encoding::EucJp, EUC_JP),
    (Encoding::EucKr, EUC_KR),
    (Encoding::Gb18030, GB18030),
    (Encoding::Big5, BIG5),
    (Encoding::Koi8R, KOI8_R),
];

/// The table of an encoding; nothing for the kinds of Unicode.
fn table(encoding: Encoding) -> Option<&'static encoding_rs::Encoding> {
    TABLE.iter().find(|(known, _)| *known == encoding).map(|(_, table)| *table)
}

fn raw_text(bytes: &[u8], encoding: Encoding) -> String {
    let utf16 = |mark: &[u8], unit: fn([u8; 2]) -> u16| {
        let bytes = bytes.strip_prefix(mark).unwrap_or(bytes);
        let units = bytes.as_chunks().0.iter().map(|pair| unit(*pair));
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match encoding {
        Encoding::Utf16Le => utf16(UTF16LE_MARK, u16::from_le_bytes),
        Encoding::Utf16Be => utf16(UTF16BE_MARK, u16::from_be_bytes),
        _ => {
            let bytes = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
            table(encoding).unwrap_or(UTF_8).decode_without_bom_handling(bytes).0.into_owned()
        }
    }
}

/// What ends most lines, and whether some end otherwise.
fn line_ending(text: &str) -> (LineEnding, bool) {
    let crlf = text.matches("\r\n").count();
    let cr = text.matches('\r').count() - crlf;
    let lf = text.matches('\n').count() - crlf;
    let kinds = [crlf, cr, lf].into_iter().filter(|count| *count > 0).count();
    let most = if crlf > lf && crlf >= cr {
        LineEnding::Crlf
    } else if cr > lf {
        LineEnding::Cr
    } else {
        LineEnding::Lf
    };
    (most, kinds > 1)
}

/// Writes text with `\n` between lines as the bytes of a file.
pub(crate) fn encode(
    text: &str,
    encoding: Encoding,
    line_ending: LineEnding,
) -> Result<Vec<u8>, Unencodable> {
    let ended;
    let text = match line_ending {
        LineEnding::Lf => text,
        LineEnding::Crlf => {
            ended = text.replace('\n', "\r\n");
            &ended
        }
        LineEnding::Cr => {
            ended = text.replace('\n', "\r");
            &ended
        }
    };
    let utf16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
        mark.iter().copied().chain(text.encode_utf16().flat_map(bytes)).collect()
    };
    match encoding {
        Encoding::Utf8 => Ok(text.as_bytes().to_vec()),
        Encoding::Utf8Bom => Ok([UTF8_MARK, text.as_bytes()].concat()),
        Encoding::Utf16Le => Ok(utf16(UTF16LE_MARK, u16::to_le_bytes)),
        Encoding::Utf16Be => Ok(utf16(UTF16BE_MARK, u16::to_be_bytes)),
        _ => in_table(text, encoding),
    }
}

fn in_table(text: &str, encoding: Encoding) -> Result<Vec<u8>, Unencodable> {
    let table = table(encoding).unwrap_or(WINDOWS_1252);
    let (bytes, _, unmappable) = table.encode(text);
    if !unmappable {
        return Ok(bytes.into_owned());
    }
    let mut line = 1;
    for character in text.chars() {
        if table.encode(character.encode_utf8(&mut [0; 4])).2 {
            return Err(Unencodable { character, line, encoding });
        }
        line += usize::from(character == '\n');
    }
    Err(Unencodable { character: char::REPLACEMENT_CHARACTER, line, encoding })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn encodings_are_told_apart() {
        let check = |bytes: &[u8], text: &str, encoding, line_ending| {
            let found = decode(bytes, None);
            assert_eq!(
                (found.text.as_str(), found.encoding, found.line_ending),
                (text, encoding, line_ending)
            );
            if !found.mixed {
                assert_eq!(encode(text, encoding, line_ending).unwrap(), bytes, "{text}");
            }
        };
        check(b"", "", Encoding::Utf8, LineEnding::Lf);
        check("größe\n".as_bytes(), "größe\n", Encoding::Utf8, LineEnding::Lf);
        check(b"\xef\xbb\xbfa\r\nb", "a\nb", Encoding::Utf8Bom, LineEnding::Crlf);
        check(b"\xff\xfea\0\n\0", "a\n", Encoding::Utf16Le, LineEnding::Lf);
        check(b"\xfe\xff\0a\0\r\0\n", "a\n", Encoding::Utf16Be, LineEnding::Crlf);
        check(b"a\rb\r", "a\nb\n", Encoding::Utf8, LineEnding::Cr);
        check(b"a\r\nb\r\nc\n", "a\nb\nc\n", Encoding::Utf8, LineEnding::Crlf);
        check(b"Gr\xf6\xdfe und L\xe4nge\n", "Größe und Länge\n", Encoding::Windows1252, LineEnding::Lf);
        let russian: Vec<u8> = WINDOWS_1251.encode("Привет, как дела? Это текст.").0.into_owned();
        check(&russian, "Привет, как дела? Это текст.", Encoding::Windows1251, LineEnding::Lf);
    }

    #[test]
    fn what_cannot_be_written_is_named() {
        let error = encode("a\n€ and 漢\n", Encoding::Windows1252, LineEnding::Crlf).unwrap_err();
        assert_eq!(error, Unencodable { character: '漢', line: 2, encoding: Encoding::Windows1252 });
    }

    #[test]
    fn binary_files() {
        assert!(is_binary(b"\x7fELF\0\0"));
        assert!(!is_binary(b"\xff\xfea\0"));
        assert!(!is_binary(b"text"));
    }

    proptest! {
        #[test]
        fn no_byte_is_lost(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), b'a'..=b'z'], 0..200)) {
            let found = decode(&bytes, None);
            let utf16 = matches!(found.encoding, Encoding::Utf16Le | Encoding::Utf16Be);
            if !found.mixed && !utf16 {
                prop_assert_eq!(encode(&found.text, found.encoding, found.line_ending).unwrap(), bytes);
            }
        }
    }
}
