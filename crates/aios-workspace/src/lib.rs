//! The user's files and processes: confined files, search, watching, git, the sandboxed runner.
