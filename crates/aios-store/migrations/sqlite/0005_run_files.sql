-- A row for each file that an agent wrote, so that a run with many files is not written anew with every step.
CREATE TABLE run_files (
    run_id  TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
    agent   TEXT NOT NULL,
    path    TEXT NOT NULL,
    PRIMARY KEY (run_id, agent, path)
) STRICT, WITHOUT ROWID;

-- From the lists that runs held until now. What is no JSON stays as it is and is reported when it is read.
INSERT OR IGNORE INTO run_files (run_id, agent, path)
SELECT runs.run_id, runs.detail ->> (node.fullkey || '.agent'), file.value
FROM runs,
     json_each(iif(json_valid(runs.detail), runs.detail, '{}'), '$.nodes') AS node,
     json_each(runs.detail, node.fullkey || '.files') AS file;
