//! A host that is nothing but a worker.

fn main() -> std::process::ExitCode {
    aios_llama::worker_main()
}
