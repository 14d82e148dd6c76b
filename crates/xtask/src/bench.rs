//! `cargo xtask bench`: what the product costs in time and memory, as a table.

use std::process::ExitCode;

use crate::failure::Failure;
use crate::page;
use crate::program::{self, cargo};
use crate::run;
use crate::setup::{self, Consent};

/// Selected together with the program, so that both have the same features and its crates are not built a second time.
const PRODUCT: &[&str] = &[
    "bench",
    "--locked",
    "--package=aios-cli",
    "--package=aios-tests",
    "--features=aios-cli/llama,aios-cli/ui",
    "--bench=product",
];
const EMBEDDED: &[&str] =
    &["run", "--release", "--locked", "--package=aios-llama", "--features=llama", "--example=bench"];
const ADVICE: &str =
    "its last lines say why; `cargo xtask test --fast` tells whether the product works at all";

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// Runs on the command line.
    Runs,
    /// The same, and the embedded model beside llama.cpp itself.
    Embedded,
    /// The server and its clients.
    Api,
}

/// Measures the release build.
pub(crate) fn bench(what: What, consent: Consent) -> Result<ExitCode, Failure> {
    setup::ensure(consent)?;
    page::build()?;
    program::perform(&cargo(run::BUILD), &[], run::BUILD_ADVICE)?;
    let api: &[&str] = if what == What::Api { &["--", "--api"] } else { &[] };
    program::perform(&cargo(&[PRODUCT, api].concat()), &[], ADVICE)?;
    if what == What::Embedded {
        program::perform(&run::pull_weights()?, &[], run::PULL_ADVICE)?;
        program::perform(&cargo(EMBEDDED), &[], ADVICE)?;
    }
    Ok(ExitCode::SUCCESS)
}
