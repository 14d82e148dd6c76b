-- Ids are text, times are microseconds since 1970 UTC, documents are JSON beside the columns that are queried.

CREATE TABLE runs (
    id          INTEGER PRIMARY KEY,
    run_id      TEXT NOT NULL UNIQUE,
    org_id      TEXT NOT NULL,
    project_id  TEXT,
    status      TEXT NOT NULL,
    -- The lease. `generation` counts the claims, so that a holder who was away too long notices.
    holder      TEXT,
    generation  INTEGER NOT NULL DEFAULT 0,
    expires_at  INTEGER,
    -- Last, because it is long: what stands before it is read without touching its overflow pages.
    detail      TEXT NOT NULL
) STRICT;

-- Run ids sort by age, so each index also gives the order of the lists.
CREATE UNIQUE INDEX runs_by_org ON runs (org_id, run_id);
CREATE INDEX runs_by_status ON runs (org_id, status, run_id);
CREATE INDEX runs_by_project ON runs (org_id, project_id, run_id) WHERE project_id IS NOT NULL;

CREATE TABLE events (
    run_id  TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    event   TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

-- The latest only.
CREATE TABLE checkpoints (
    run_id   TEXT PRIMARY KEY REFERENCES runs (run_id) ON DELETE CASCADE,
    version  INTEGER NOT NULL,
    body     TEXT NOT NULL
) STRICT;

-- Mail to whoever works on a run; `id` keeps the order of arrival, whatever the clocks say.
CREATE TABLE run_ops (
    id         INTEGER PRIMARY KEY,
    run_id     TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
    posted_at  INTEGER NOT NULL,
    op         TEXT NOT NULL
) STRICT;

CREATE INDEX run_ops_by_run ON run_ops (run_id, id);

CREATE TABLE projects (
    org_id      TEXT NOT NULL,
    project_id  TEXT NOT NULL,
    used_at     INTEGER NOT NULL,
    state       TEXT NOT NULL,
    PRIMARY KEY (org_id, project_id)
) STRICT;

-- Words only: the texts themselves stay in `runs` and `events`. A rowid is runs.id << 32 | seq, 0 for the objective.
CREATE VIRTUAL TABLE run_texts USING fts5 (
    text,
    content = '',
    contentless_delete = 1,
    tokenize = 'unicode61'
);
