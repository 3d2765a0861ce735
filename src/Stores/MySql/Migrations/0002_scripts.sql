-- Workflow scripts. The current version of one is that of the newest definition of its name. A version is never changed; the order of the ids is that of the deployments.
-- Each statement may be run again, for these databases commit at every CREATE.

CREATE TABLE IF NOT EXISTS scripts (
    name            VARBINARY(1000) NOT NULL,
    enabled         TINYINT         NOT NULL DEFAULT 1,
    refused_version VARBINARY(1000),
    diagnostics     LONGTEXT,
    refused         BIGINT,
    updated         BIGINT          NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS script_versions (
    id      BIGINT          NOT NULL AUTO_INCREMENT,
    name    VARBINARY(1000) NOT NULL,
    version VARBINARY(1000) NOT NULL,
    source  LONGBLOB        NOT NULL,
    loaded  LONGTEXT        NOT NULL,
    origin  VARBINARY(1000) NOT NULL,
    author  VARBINARY(1000) NOT NULL,
    created BIGINT          NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY script_versions_by_version (name, version)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One row; every change of a script raises it, and whoever has seen it knows that nothing is new. Its lock is that of all scripts,
-- of the definitions, and of the first account.
CREATE TABLE IF NOT EXISTS script_revision (
    id       TINYINT NOT NULL,
    revision BIGINT  NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB;

INSERT IGNORE INTO script_revision (id, revision)
VALUES (1, 0);
