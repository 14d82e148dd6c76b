//! Samples, and the table that is made of them.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

/// Durations of the same thing, measured several times.
#[derive(Debug, Default, Clone)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn add(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64() * 1e3);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// In milliseconds.
    pub(crate) fn median(&self) -> f64 {
        self.at(50)
    }

    /// The usual one and the worst of a hundred, without a word about how many there are.
    pub(crate) fn ends(&self) -> String {
        format!("p50 {:.2} ms, p99 {:.2} ms", self.at(50), self.at(99))
    }

    fn at(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        sorted.get(last * percent / 100).copied().unwrap_or(f64::NAN)
    }
}

impl FromIterator<Duration> for Samples {
    fn from_iter<T: IntoIterator<Item = Duration>>(times: T) -> Self {
        Self(times.into_iter().map(|time| time.as_secs_f64() * 1e3).collect())
    }
}

impl Display for Samples {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} ms, p95 {:.2} ms ({} times)", self.at(50), self.at(95), self.0.len())
    }
}

/// The table; printed as Markdown.
pub(crate) struct Report {
    beside: &'static str,
    rows: Vec<[String; 4]>,
}

impl Report {
    /// A table whose last column says this.
    pub(crate) fn new(beside: &'static str) -> Self {
        Self { beside, rows: Vec::new() }
    }

    /// Adds a row; `beside` stands in the last column.
    pub(crate) fn row(&mut self, what: &str, target: &str, measured: impl Display, beside: impl Display) {
        let row = [what.to_owned(), target.to_owned(), measured.to_string(), beside.to_string()];
        // One has something to read while the rest is measured.
        eprintln!("{}", row.join(" | "));
        self.rows.push(row);
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n| what | target | measured, median | {} |\n|---|---|---|---|", self.beside)?;
        self.rows.iter().try_for_each(|row| writeln!(f, "| {} |", row.join(" | ")))
    }
}
