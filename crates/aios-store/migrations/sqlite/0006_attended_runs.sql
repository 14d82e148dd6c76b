-- Whether a server took the run up last: what it leaves, the next one goes on with. What a person ran stays theirs.
ALTER TABLE runs ADD COLUMN by_server INTEGER NOT NULL DEFAULT 0;

CREATE INDEX runs_of_servers ON runs (run_id) WHERE by_server = 1;
