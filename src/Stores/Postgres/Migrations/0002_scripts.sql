-- Workflow scripts. The current version of one is that of the newest definition of its name. A version is never changed; the order of the ids is that of the deployments. A source is kept as its UTF-8
-- bytes, for text has no place for the character NUL, and a version is the hash of what was given.

CREATE TABLE scripts (
    name            text COLLATE "C" PRIMARY KEY,
    enabled         boolean          NOT NULL DEFAULT true,
    refused_version text COLLATE "C",
    diagnostics     text,
    refused         timestamptz,
    updated         timestamptz      NOT NULL
);

CREATE TABLE script_versions (
    name    text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    id      bigint           GENERATED ALWAYS AS IDENTITY,
    source  bytea            NOT NULL,
    loaded  text             NOT NULL,
    origin  text             NOT NULL,
    author  text             NOT NULL,
    created timestamptz      NOT NULL,
    PRIMARY KEY (name, version)
);

-- One row; every change of a script raises it, and whoever has seen it knows that nothing is new. Its lock is that of all scripts,
-- of the definitions, and of the first account.
CREATE TABLE script_revision (
    revision bigint NOT NULL
);

INSERT INTO script_revision (revision)
VALUES (0);
