//! What the server counts for operators, in Prometheus' text form.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aios_app::{Stored, Totals};

/// Upper ends of the buckets, in seconds.
const BUCKETS: [f64; 9] = [0.001, 0.005, 0.02, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0];

/// What was counted since the start.
#[derive(Default)]
pub(crate) struct Metrics(Mutex<Counts>);

/// Routes are templates, so there are only so many.
#[derive(Default)]
struct Counts {
    requests: BTreeMap<(String, String, u16), u64>,
    latencies: BTreeMap<String, Histogram>,
}

#[derive(Default)]
struct Histogram {
    counts: [u64; BUCKETS.len()],
    count: u64,
    sum: f64,
}

/// What is asked for at the moment of reading.
pub(crate) struct Moment {
    pub(crate) totals: Totals,
    pub(crate) stored: Stored,
    pub(crate) sockets: usize,
}

impl Metrics {
    pub(crate) fn count(&self, method: &str, route: &str, status: u16, took: Duration) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.requests.entry((method.to_owned(), route.to_owned(), status)).or_default() += 1;
        let histogram = counts.latencies.entry(route.to_owned()).or_default();
        let seconds = took.as_secs_f64();
        for (count, end) in histogram.counts.iter_mut().zip(BUCKETS) {
            *count += u64::from(seconds <= end);
        }
        histogram.count += 1;
        histogram.sum += seconds;
    }

    pub(crate) fn text(&self, moment: &Moment) -> String {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        // Writing into a string cannot fail.
        _ = counts.write(&mut text).and_then(|()| moment.write(&mut text));
        text
    }
}

impl Counts {
    fn write(&self, text: &mut String) -> std::fmt::Result {
        head(text, "aios_requests_total", "counter", "Requests by method, route and status.")?;
        for ((method, route, status), count) in &self.requests {
            writeln!(
                text,
                "aios_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}"
            )?;
        }
        head(text, "aios_request_seconds", "histogram", "Time until an answer began, by route.")?;
        for (route, histogram) in &self.latencies {
            for (count, end) in histogram.counts.iter().zip(BUCKETS) {
                writeln!(text, "aios_request_seconds_bucket{{route=\"{route}\",le=\"{end}\"}} {count}")?;
            }
            writeln!(
                text,
                "aios_request_seconds_bucket{{route=\"{route}\",le=\"+Inf\"}} {}",
                histogram.count
            )?;
            writeln!(text, "aios_request_seconds_sum{{route=\"{route}\"}} {}", histogram.sum)?;
            writeln!(text, "aios_request_seconds_count{{route=\"{route}\"}} {}", histogram.count)?;
        }
        Ok(())
    }
}

impl Moment {
    fn write(&self, text: &mut String) -> std::fmt::Result {
        let Self { totals, stored, sockets } = self;
        head(text, "aios_runs", "gauge", "Stored runs, by their state.")?;
        for (status, count) in &stored.runs {
            writeln!(text, "aios_runs{{status=\"{}\"}} {count}", status.as_str())?;
        }
        head(text, "aios_queue_depth", "gauge", "Tasks that wait for a run.")?;
        writeln!(text, "aios_queue_depth {}", stored.queued_tasks)?;
        head(text, "aios_runs_at_work", "gauge", "Runs that this process works on.")?;
        writeln!(text, "aios_runs_at_work {}", totals.runs_at_work)?;
        head(text, "aios_runs_ended_total", "counter", "Runs that ended here, by how.")?;
        for (status, count) in &totals.runs_ended {
            writeln!(text, "aios_runs_ended_total{{status=\"{status}\"}} {count}")?;
        }
        head(text, "aios_tokens_total", "counter", "Tokens of all model calls.")?;
        for (kind, count) in
            [("input", totals.usage.input), ("cached", totals.usage.cached), ("output", totals.usage.output)]
        {
            writeln!(text, "aios_tokens_total{{kind=\"{kind}\"}} {count}")?;
        }
        head(text, "aios_cost_usd_total", "counter", "What they cost, in US dollars.")?;
        writeln!(text, "aios_cost_usd_total {}", totals.cost_usd)?;
        head(text, "aios_websocket_clients", "gauge", "WebSocket clients.")?;
        writeln!(text, "aios_websocket_clients {sockets}")
    }
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) -> std::fmt::Result {
    writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}")
}
