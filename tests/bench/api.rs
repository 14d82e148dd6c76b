//! What `aios serve` takes for itself: lists, starts of runs, and events on their way to many clients.
//!
//! The load generator is this process: one thread for all clients, bare sockets, and another for the scripted model.
//! Server and clients share the machine, so each row also says how much of a core each of them took.

mod client;
mod cold;
mod lists;
mod model;
mod seed;
mod served;
mod socket;
mod starts;
mod watchers;

use crate::product::Aios;
use crate::report::Report;
use model::Model;
use seed::Account;
use served::Served;

/// Runs that are stored before anything is measured.
const STORED: usize = 10_000;

pub(crate) fn measure(aios: &Aios, report: &mut Report) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let home = tempfile::tempdir().unwrap();
    let model = Model::start();
    let start = || Served::start(aios, home.path(), &model.url);
    let account = {
        let served = start();
        runtime.block_on(Account::register(&served))
    };
    runtime.block_on(seed::store(home.path(), &account, STORED));
    cold::measure(start, report);
    let served = start();
    runtime.block_on(async {
        for connections in [1, 8, 32] {
            lists::measure(&served, &account.keys, connections, report).await;
        }
        for connections in [1, 8] {
            starts::measure(&served, &model, connections, report).await;
        }
        for case in watchers::CASES {
            watchers::measure(&served, &model, case, report).await;
        }
    });
    let memory = format!("{:.0} MB", served.resident_mb());
    report.row("resident memory after all of this", "–", memory, "–");
}
