//! Pages of lists.

use std::str::FromStr;

use aios_protocol::{ErrorCode, Problem};

const USUAL: u32 = 50;
const MOST: u32 = 200;

/// How many to show.
pub(super) fn limit(asked: Option<u32>) -> usize {
    asked.unwrap_or(USUAL).clamp(1, MOST) as usize
}

/// The id after which a page begins.
pub(super) fn cursor<T: FromStr>(text: Option<&str>) -> Result<Option<T>, Problem> {
    text.map(str::parse).transpose().map_err(|_| not_ours())
}

pub(super) fn not_ours() -> Problem {
    Problem::new(ErrorCode::InvalidRequest, "the cursor is not one that this list gave out")
}

/// Cuts a list that was read with one more than `limit`; the cursor of the next page, if there is one.
pub(super) fn cut<T>(found: &mut Vec<T>, limit: usize, id: impl Fn(&T) -> String) -> Option<String> {
    if found.len() <= limit {
        return None;
    }
    found.truncate(limit);
    found.last().map(id)
}
