//! Use cases: one function per command, the event bus, and the one place that names adapters.
