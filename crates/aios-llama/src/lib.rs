//! The embedded model: llama.cpp in a worker process of the same executable, and the weights it needs.
