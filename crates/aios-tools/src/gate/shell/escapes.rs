//! Backslash escapes as `$'…'`, `printf` and `echo -e` know them.

/// The text with its escapes replaced; an unknown escape stays as it is.
pub(super) fn decode(chars: &[char]) -> String {
    let mut text = String::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        at += 1;
        if c != '\\' {
            text.push(c);
            continue;
        }
        let Some(&kind) = chars.get(at) else {
            text.push('\\');
            break;
        };
        at += 1;
        let number = |radix: u32, most: usize, from: usize, at: &mut usize| {
            let digits: String = chars[from..].iter().take(most).take_while(|c| c.is_digit(radix)).collect();
            *at = from + digits.len();
            u32::from_str_radix(&digits, radix).ok().and_then(char::from_u32)
        };
        let decoded = match kind {
            'a' => Some('\u{7}'),
            'b' => Some('\u{8}'),
            'e' | 'E' => Some('\u{1b}'),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'v' => Some('\u{b}'),
            '\\' | '\'' | '"' | '?' => Some(kind),
            'x' => number(16, 2, at, &mut at),
            'u' => number(16, 4, at, &mut at),
            'U' => number(16, 8, at, &mut at),
            '0'..='7' => {
                let from = at - 1;
                number(8, if kind == '0' { 4 } else { 3 }, from, &mut at)
            }
            _ => {
                text.push('\\');
                Some(kind)
            }
        };
        text.extend(decoded);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn escapes_become_characters() {
        let check = |text: &str, expect: &str| {
            assert_eq!(decode(&text.chars().collect::<Vec<_>>()), expect, "{text}");
        };
        check(r"\x73udo", "sudo");
        check(r"\163udo", "sudo");
        check(r"\0163udo", "sudo");
        check(r"\u0073udo", "sudo");
        check(r"a\tb\\c\q\", "a\tb\\c\\q\\");
    }
}
