//! What the product itself costs: time and memory of the real `aios` process against a model that answers at once.
//!
//! `cargo xtask bench` builds the release program and starts this. Each figure stands beside the one of a bare socket
//! client that plays the same requests against the same server in the same run, so that the server's and the machine's
//! own time can be told from the product's. With `--api` it measures the server instead.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a host of its own: starts the program, reads its memory, prints; it may fail"
)]

mod api;
mod bare;
mod graph;
mod memory;
mod product;
mod report;
mod sandbox;
mod scripts;
mod start;
mod turns;

use std::path::PathBuf;

use product::Aios;
use report::Report;

fn main() {
    let Some(program) = aios() else {
        println!("not measured: the release build of `aios` is missing; `cargo xtask bench` makes it");
        return;
    };
    let aios = Aios::new(program);
    if std::env::args().any(|argument| argument == "--api") {
        let mut report = Report::new("cores: server, and clients with their model");
        api::measure(&aios, &mut report);
        println!("{report}");
        return;
    }
    let mut report = Report::new("bare client");
    start::measure(&aios, &mut report);
    turns::measure(&aios, &mut report);
    memory::measure(&aios, &mut report);
    graph::measure(&mut report);
    println!("{report}");
}

/// The program that was built beside this one.
fn aios() -> Option<PathBuf> {
    let own = std::env::current_exe().ok()?;
    let program = own.ancestors().nth(2)?.join(format!("aios{}", std::env::consts::EXE_SUFFIX));
    program.is_file().then_some(program)
}
