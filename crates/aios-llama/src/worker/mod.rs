//! The worker process: owns llama.cpp, one model and its cache; speaks [`crate::wire`] on stdin and stdout.
//!
//! It ends when its stdin does, so it never outlives its host. Knows nothing of the host but that.

#[cfg(feature = "llama")]
mod choice;
#[cfg(feature = "llama")]
mod engine;
#[cfg(feature = "llama")]
mod job;
#[cfg(feature = "llama")]
mod load;
#[cfg(feature = "llama")]
mod process;
mod slots;
mod text;
#[cfg(feature = "llama")]
mod threads;
#[cfg(feature = "llama")]
mod variant;
#[cfg(feature = "llama")]
mod vocabulary;

#[cfg(feature = "llama")]
pub use process::worker_main;
