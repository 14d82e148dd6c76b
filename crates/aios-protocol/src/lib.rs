//! The words that leave the process: ids, commands, events, error codes.
