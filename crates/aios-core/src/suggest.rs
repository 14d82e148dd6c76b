//! "Did you mean": the most similar of some names.

/// What to tell a person who wrote a name that nothing has: the most similar ones, or all where nothing is close.
pub fn offer<'a>(name: &str, all: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<&str> = all.into_iter().collect();
    match nearest(name, all.iter().copied()).as_slice() {
        [] => format!("choose one of {}", all.join(", ")),
        close => format!("did you mean {}?", close.join(" or ")),
    }
}

/// The names most similar to a misspelt one, best first, at most three; empty when nothing is close.
pub fn nearest<'a>(name: &str, all: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let wanted = name.to_lowercase();
    let mut scored: Vec<(f64, &str)> = all
        .into_iter()
        .map(|candidate| {
            let lower = candidate.to_lowercase();
            let contains = wanted.len() >= 3 && (lower.contains(&wanted) || wanted.contains(&lower));
            let score = strsim::jaro_winkler(&wanted, &lower).max(if contains { 0.9 } else { 0.0 });
            (score, candidate)
        })
        .filter(|(score, _)| *score >= 0.8)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    scored.into_iter().take(3).map(|(_, candidate)| candidate.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::{nearest, offer};

    #[test]
    fn close_names_come_first_and_far_ones_not_at_all() {
        let all = ["fullstack", "api_only", "data_pipeline", "saas_starter", "microservice"];
        assert_eq!(nearest("fulstack", all), ["fullstack"]);
        assert_eq!(nearest("api", all), ["api_only"]);
        assert_eq!(nearest("zzz", all), Vec::<String>::new());
        assert_eq!(offer("api_olny", all), "did you mean api_only?");
        assert_eq!(offer("zzz", ["a", "b"]), "choose one of a, b");
    }
}
