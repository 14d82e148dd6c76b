//! Search and replace as models write it.
#[derive(Debug)]
pub(crate) struct Edited {
    pub(crate) text: String,
}
impl std::fmt::Display for Edited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("")
    }
}
pub(crate) fn replace(before: &str, search: &str, replace: &str, _all: bool) -> Result<Edited, String> {
    if before.matches(search).count() != 1 {
        return Err("not found".into());
    }
    Ok(Edited { text: before.replacen(search, replace, 1) })
}
