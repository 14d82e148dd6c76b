-- Keys and tokens are kept as SHA-256, passwords as argon2id with their parameters, providers' keys sealed.

CREATE TABLE organisations (
    org_id      TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    -- What the payment provider told last; all null while nothing was ever paid.
    plan        TEXT,
    status      TEXT,
    customer    TEXT,
    period_end  INTEGER,
    told_at     INTEGER
) STRICT;

CREATE TABLE people (
    user_id    TEXT PRIMARY KEY,
    org_id     TEXT NOT NULL REFERENCES organisations (org_id) ON DELETE CASCADE,
    email      TEXT NOT NULL UNIQUE,
    password   TEXT NOT NULL,
    role       TEXT NOT NULL,
    joined_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX people_by_org ON people (org_id, user_id);

CREATE TABLE keys (
    key_id       TEXT PRIMARY KEY,
    hash         BLOB NOT NULL UNIQUE,
    org_id       TEXT NOT NULL,
    user_id      TEXT NOT NULL REFERENCES people (user_id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    starts_with  TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    used_at      INTEGER
) STRICT;

CREATE INDEX keys_by_person ON keys (user_id, key_id);

CREATE TABLE invites (
    invite_id   TEXT PRIMARY KEY,
    token       BLOB NOT NULL UNIQUE,
    org_id      TEXT NOT NULL REFERENCES organisations (org_id) ON DELETE CASCADE,
    email       TEXT NOT NULL,
    role        TEXT NOT NULL,
    expires_at  INTEGER NOT NULL,
    UNIQUE (org_id, email)
) STRICT;

CREATE TABLE resets (
    user_id     TEXT PRIMARY KEY REFERENCES people (user_id) ON DELETE CASCADE,
    org_id      TEXT NOT NULL,
    token       BLOB NOT NULL UNIQUE,
    expires_at  INTEGER NOT NULL
) STRICT;

-- Keys that users brought. The user of the machine has no organisation row, so these two tables refer to none.
CREATE TABLE credentials (
    credential_id  TEXT PRIMARY KEY,
    org_id         TEXT NOT NULL,
    provider       TEXT NOT NULL,
    label          TEXT NOT NULL,
    model          TEXT,
    key_hint       TEXT NOT NULL,
    is_default     INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    sealed         BLOB NOT NULL
) STRICT;

CREATE INDEX credentials_by_org ON credentials (org_id, credential_id);
CREATE UNIQUE INDEX one_default_credential ON credentials (org_id) WHERE is_default;

-- Keys that admins provide; never mixed with the others.
CREATE TABLE vault (
    entry_id    TEXT PRIMARY KEY,
    org_id      TEXT NOT NULL,
    provider    TEXT NOT NULL,
    model       TEXT,
    priority    INTEGER NOT NULL,
    purposes    TEXT NOT NULL,
    key_hint    TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    sealed      BLOB NOT NULL
) STRICT;

CREATE INDEX vault_by_org ON vault (org_id, priority, entry_id);

-- One row for each run that was counted.
CREATE TABLE free_runs (
    run_id   TEXT PRIMARY KEY,
    org_id   TEXT NOT NULL,
    user_id  TEXT NOT NULL
) STRICT;

CREATE INDEX free_runs_by_person ON free_runs (org_id, user_id);
