//! Texts without what changes from run to run, so that they can be compared and kept as snapshots.

/// Replaces ids, times, durations, ports and temporary folders by names for them. Equal ids get equal names.
pub fn stable(text: &str) -> String {
    let temporary = std::env::temp_dir().display().to_string();
    let temporary = temporary.trim_end_matches(['/', '\\']);
    let mut ids: Vec<&str> = Vec::new();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let begins_word = !out.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let (length, name) = if let Some(length) = rest.strip_prefix(temporary).and_then(folder) {
            (temporary.len() + length, "<tmp>".into())
        } else if !begins_word {
            (0, String::new())
        } else if is_shaped(rest, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") {
            let id = &rest[..36];
            let number = ids.iter().position(|known| *known == id).unwrap_or_else(|| {
                ids.push(id);
                ids.len() - 1
            });
            (36, format!("<id {}>", number + 1))
        } else if is_shaped(rest, "0000-00-00T00:00:00") {
            let fraction = rest[19..].find(|c: char| c != '.' && !c.is_ascii_digit());
            (
                rest[19..].find('Z').filter(|end| Some(*end) == fraction).map_or(19, |end| 20 + end),
                "<time>".into(),
            )
        } else if out.ends_with("127.0.0.1:") || out.ends_with("localhost:") {
            (digits(rest), "<port>".into())
        } else {
            (duration(rest), "<duration>".into())
        };
        if length > 0 {
            out.push_str(&name);
            rest = &rest[length..];
        } else if let Some(first) = rest.chars().next() {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// Length of `/name` at the start of a text that follows the folder for temporary files.
fn folder(after: &str) -> Option<usize> {
    let name = after.strip_prefix(['/', '\\'])?;
    let end =
        name.find(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-' | '_')).unwrap_or(name.len());
    (end > 0).then_some(end + 1)
}

/// Whether a text begins in this shape: `0` stands for a digit, `x` for a hexadecimal one, the rest for itself.
fn is_shaped(text: &str, shape: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= shape.len()
        && shape.bytes().zip(bytes).all(|(shape, byte)| match shape {
            b'0' => byte.is_ascii_digit(),
            b'x' => byte.is_ascii_hexdigit(),
            other => *byte == other,
        })
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Length of a duration such as `12ms`, `0.04s` or `1m03s`; 0 when the text begins with something else.
fn duration(text: &str) -> usize {
    let mut length = 0;
    loop {
        let number = text[length..].bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let unit = ["ms", "µs", "ns", "s", "m", "h"]
            .into_iter()
            .find(|unit| text[length + number..].starts_with(unit));
        match unit {
            Some(unit) if number > 0 => length += number + unit.len(),
            _ => break,
        }
    }
    let ends_word = !text[length..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
    if ends_word { length } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_is_named() {
        let check = |text: &str, expect: &str| assert_eq!(stable(text), expect, "{text}");
        let (a, b) = ("01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058");
        check(&format!("run {a}, then {b}, then {a}."), "run <id 1>, then <id 2>, then <id 1>.");
        check("at 2026-01-01T00:00:00Z", "at <time>");
        check("at 2026-01-01T00:00:00.123456Z!", "at <time>!");
        check("1 passed in 0.02s", "1 passed in <duration>");
        check("took 12ms, 1m03s and 4µs", "took <duration>, <duration> and <duration>");
        check("http://127.0.0.1:43117/v1", "http://127.0.0.1:<port>/v1");
        let inside = std::env::temp_dir().join(".tmpA1b2C3").join("src").join("main.py");
        check(
            &format!("in {}", inside.display()),
            &format!("in <tmp>{0}src{0}main.py", std::path::MAIN_SEPARATOR),
        );
    }

    #[test]
    fn what_does_not_change_is_left_alone() {
        for text in
            ["", "3 files", "v1.2.3", "utf8s", "a1s", "10 s", "s", "12months", "2026-01-01", "é 1…", "x_1s"]
        {
            assert_eq!(stable(text), text);
        }
    }
}
