//! The agent tools, one file each, and the gate that every call passes.
