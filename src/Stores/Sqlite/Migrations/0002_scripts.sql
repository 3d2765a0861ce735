-- Workflow scripts. The current version of one is that of the newest definition of its name. A version is never changed; the order of the ids is that of the deployments.

CREATE TABLE scripts (
    name            TEXT    NOT NULL PRIMARY KEY,
    enabled         INTEGER NOT NULL DEFAULT 1,
    refused_version TEXT,
    diagnostics     TEXT,
    refused         INTEGER,
    updated         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE script_versions (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    name    TEXT    NOT NULL,
    version TEXT    NOT NULL,
    source  BLOB    NOT NULL,
    loaded  TEXT    NOT NULL,
    origin  TEXT    NOT NULL,
    author  TEXT    NOT NULL,
    created INTEGER NOT NULL,
    UNIQUE (name, version)
) STRICT;

-- One row; every change of a script raises it, and whoever has seen it knows that nothing is new. Its lock is that of all scripts,
-- of the definitions, and of the first account.
CREATE TABLE script_revision (
    revision INTEGER NOT NULL
) STRICT;

INSERT INTO script_revision (revision)
VALUES (0);
