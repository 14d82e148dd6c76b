//! The store ports on SQLite: migrations, runs, events, projects, policies, full-text search.
