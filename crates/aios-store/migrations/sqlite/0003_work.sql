-- What people keep beside runs. Ids of tasks and events sort by age, so each key also gives the order of the lists.

CREATE TABLE project_cards (
    org_id       TEXT NOT NULL,
    project_id   TEXT NOT NULL,
    name         TEXT NOT NULL,
    description  TEXT,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (org_id, project_id)
) STRICT;

CREATE TABLE policies (
    org_id     TEXT NOT NULL,
    policy_id  TEXT NOT NULL,
    policy     TEXT NOT NULL,
    PRIMARY KEY (org_id, policy_id)
) STRICT;

CREATE TABLE tasks (
    org_id      TEXT NOT NULL,
    task_id     TEXT NOT NULL,
    user_id     TEXT NOT NULL,
    project_id  TEXT,
    status      TEXT NOT NULL,
    run_id      TEXT,
    task        TEXT NOT NULL,
    PRIMARY KEY (org_id, task_id)
) STRICT;

CREATE INDEX tasks_by_status ON tasks (org_id, status, task_id);
CREATE UNIQUE INDEX tasks_by_run ON tasks (org_id, run_id) WHERE run_id IS NOT NULL;

CREATE TABLE captures (
    org_id      TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    project_id  TEXT,
    source      TEXT NOT NULL,
    event       TEXT NOT NULL,
    PRIMARY KEY (org_id, event_id)
) STRICT;
