//! The harness's own checks: it runs the project's tests and syntax checks itself, in the sandbox, and counts from the
//! runners' reports. Pass or fail never comes from a model's words.

mod contract;
mod plan;
mod report;
mod run;

pub(crate) use run::{Subject, validate};
