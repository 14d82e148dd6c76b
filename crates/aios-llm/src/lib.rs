//! Model providers over HTTP: catalogue, prices, retries, fail-over.
