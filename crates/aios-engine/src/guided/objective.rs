//! What an objective says outright: files and routes that it names. Pure.

use super::contract::looks_like_path;

/// Names in an objective that leave no choice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Mentions {
    /// Paths of files.
    pub(super) paths: Vec<String>,
    /// Routes with their methods, such as `GET /health`.
    pub(super) routes: Vec<String>,
    /// Whether it speaks of code that waits: promises, requests, downloads.
    pub(super) waiting: bool,
}

/// Words of code that waits.
const WAITING: [&str; 8] =
    ["async", "asynchronous", "await", "asyncio", "promise", "promises", "fetch", "download"];

impl Mentions {
    /// Collects them in the order in which they stand.
    pub(super) fn of(objective: &str) -> Self {
        let mut found = Self::default();
        let words: Vec<&str> = objective
            .split_whitespace()
            .map(|word| word.trim_matches(|c: char| "\"'`,;:!?()".contains(c)).trim_end_matches('.'))
            .collect();
        found.waiting = words.iter().any(|word| WAITING.contains(&word.to_lowercase().as_str()));
        for (at, word) in words.iter().enumerate() {
            let path = words.get(at + 1).copied().unwrap_or_default();
            let is_method = matches!(*word, "GET" | "POST" | "PUT" | "PATCH" | "DELETE");
            if is_method
                && path.starts_with('/')
                && path.chars().all(|c| c.is_alphanumeric() || "/_-{}<>:.".contains(c))
            {
                push(&mut found.routes, format!("{word} {path}"));
            } else if looks_like_path(word) && !is_product_name(word) {
                push(&mut found.paths, (*word).trim_start_matches("./").to_owned());
            }
        }
        found
    }
}

/// `Node.js` and its like end as files do.
fn is_product_name(word: &str) -> bool {
    let lower = word.to_lowercase();
    matches!(
        lower.as_str(),
        "node.js" | "vue.js" | "next.js" | "react.js" | "express.js" | "three.js" | "d3.js" | "asp.net"
    )
}

fn push(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_routes_are_found() {
        let check = |objective: &str, paths: &[&str], routes: &[&str]| {
            let found = Mentions::of(objective);
            assert_eq!(
                (found.paths.join(" "), found.routes.join(", ")),
                (paths.join(" "), routes.join(", "))
            );
        };
        check("a FastAPI app with GET /health and a test", &[], &["GET /health"]);
        check("Write `src/calc.py`, then GET /items/{id}.", &["src/calc.py"], &["GET /items/{id}"]);
        check("Use Node.js 20, e.g. for parse.mjs!", &["parse.mjs"], &[]);
        check("GET the best and DELETE /etc/passwd;rm", &[], &[]);
        check("", &[], &[]);
    }
}
