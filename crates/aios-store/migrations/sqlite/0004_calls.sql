-- What model calls beside runs used, by day.
CREATE TABLE calls (
    org_id  TEXT NOT NULL,
    day     INTEGER NOT NULL,
    input   INTEGER NOT NULL,
    cached  INTEGER NOT NULL,
    output  INTEGER NOT NULL,
    cost    INTEGER NOT NULL,
    PRIMARY KEY (org_id, day)
) STRICT;
