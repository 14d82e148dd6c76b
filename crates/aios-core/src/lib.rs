//! Domain types and ports (traits); policy evaluation. Pure: no I/O, no runtime.
