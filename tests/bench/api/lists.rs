//! `GET /api/v1/runs`: the newest 50 of all stored runs.

use std::time::{Duration, Instant};

use futures::future::join_all;

use super::client::{Client, request};
use super::served::{Load, Served};
use crate::report::{Report, Samples};

const LASTS: Duration = Duration::from_secs(5);

/// Each connection uses all keys in turn, since each key may ask only 200 times a second.
pub(super) async fn measure(served: &Served, keys: &[String], connections: usize, report: &mut Report) {
    let ready: Vec<Vec<u8>> =
        keys.iter().map(|key| request(served.address, key, "GET", "/api/v1/runs", None)).collect();
    let (load, began) = (Load::begin(served), Instant::now());
    let connection = async |first: usize| {
        let mut client = Client::connect(served.address).await;
        let (mut times, mut bytes) = (Vec::new(), 0);
        for request in ready.iter().cycle().skip(first) {
            let asked = Instant::now();
            if asked - began > LASTS {
                break;
            }
            bytes = client.ask(request).await.len();
            times.push(asked.elapsed());
        }
        (times, bytes)
    };
    let done = join_all((0..connections).map(|number| connection(number * keys.len() / connections))).await;
    let (rate, load) = (load.each_second(done.iter().map(|(times, _)| times.len()).sum()), load.end());
    let bytes = done[0].1;
    let samples: Samples = done.into_iter().flat_map(|(times, _)| times).collect();
    let what = format!("`GET /api/v1/runs`, {connections} connections, {bytes} bytes each");
    report.row(&what, "–", format!("{rate:.0}/s, {}", samples.ends()), load);
}
