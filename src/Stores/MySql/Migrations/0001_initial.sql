-- For MariaDB 10.6 and later, and MySQL 8. Each statement is idempotent, because these databases commit at every CREATE.
-- Identifiers are VARBINARY with UTF-8. They are compared byte by byte, including trailing spaces, whatever the collation of the server.
-- Instants are whole microseconds since 1970-01-01 UTC, so the time zone of the session does not matter.
-- The workflow tables have no foreign keys. The checks would lock rows of other tables, and referenced rows are never deleted first.

-- The identity of a workflow: inserted once, never updated.
CREATE TABLE IF NOT EXISTS workflow (
    id                 BIGINT          NOT NULL AUTO_INCREMENT,
    external_id        VARBINARY(2000) NOT NULL,
    workflow_type      VARBINARY(1000) NOT NULL,
    business_key       VARBINARY(2000) NOT NULL,
    parent_workflow_id BIGINT,
    trace_parent       VARCHAR(55) CHARACTER SET ascii COLLATE ascii_bin,
    created            BIGINT          NOT NULL,
    token              BIGINT          NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY workflow_by_external_id (external_id),
    KEY workflow_by_type (workflow_type, id),
    KEY workflow_by_business_key (business_key, id),
    KEY workflow_by_parent (parent_workflow_id, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The current state of an unfinished workflow. Every step updates this row. It is deleted when the workflow ends.
CREATE TABLE IF NOT EXISTS workflow_run (
    id              BIGINT          NOT NULL,
    workflow_type   VARBINARY(1000) NOT NULL,
    version         VARBINARY(1000) NOT NULL,
    executor_group  VARBINARY(1000) NOT NULL,
    priority        TINYINT         NOT NULL,
    status          VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state           VARBINARY(1000) NOT NULL,
    step            INT             NOT NULL,
    retry_count     INT             NOT NULL,
    execution_count INT             NOT NULL,
    lease           BIGINT          NOT NULL,
    revision        BIGINT          NOT NULL,
    executor_id     BIGINT,
    modified        BIGINT          NOT NULL,
    next_activation BIGINT,
    started         BIGINT,
    open_children   INT             NOT NULL,
    begun           TINYINT         NOT NULL DEFAULT 0,
    cleaning_up     TINYINT         NOT NULL DEFAULT 0,
    awaits_children TINYINT         NOT NULL,
    woken           TINYINT         NOT NULL,
    pause_requested TINYINT         NOT NULL DEFAULT 0,
    held_activation BIGINT,
    awaited_signals TEXT,
    kept_signals    MEDIUMTEXT,
    deadline_state  VARBINARY(1000),
    permit          TINYINT         NOT NULL DEFAULT 0,
    limit_key       VARBINARY(2000) NOT NULL DEFAULT '',
    last_error      TEXT,
    -- The generated columns are stored: with indexed virtual ones, MariaDB 10.11 crashed or had a corrupt index after a restart.
    -- Replaces a partial index: otherwise rows that are not parked would come before those that are, where each claim begins.
    due_priority    TINYINT AS (CASE WHEN next_activation IS NOT NULL AND permit <> 1 THEN priority END) STORED,
    -- A hash: of the place for workflows that wait for permits, of the type for those that have one. Index keys have at most 3,072 bytes.
    permit_place    BINARY(16) AS (CASE WHEN permit <> 1 THEN NULL
                                        WHEN next_activation IS NOT NULL
                                        THEN unhex(md5(concat_ws(0x0A, workflow_type, version, executor_group)))
                                        WHEN executor_id IS NOT NULL THEN unhex(md5(workflow_type)) END) STORED,
    -- The state of a workflow that needs a permit. An index on the state column itself would be updated by every step.
    permit_state    VARBINARY(1000) AS (CASE WHEN permit = 1 THEN state END) STORED,
    PRIMARY KEY (id),
    KEY workflow_run_due (workflow_type, version, executor_group, due_priority, next_activation, id),
    KEY workflow_run_waiting (permit_place, permit_state, limit_key, next_activation, id),
    KEY workflow_run_owned (executor_id, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- How a workflow has ended. Rows are only inserted, unless a person reopens a finished workflow.
CREATE TABLE IF NOT EXISTS workflow_result (
    id              BIGINT          NOT NULL,
    version         VARBINARY(1000) NOT NULL,
    executor_group  VARBINARY(1000) NOT NULL,
    priority        TINYINT         NOT NULL,
    status          VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state           VARBINARY(1000) NOT NULL,
    step            INT             NOT NULL,
    retry_count     INT             NOT NULL,
    execution_count INT             NOT NULL,
    lease           BIGINT          NOT NULL,
    revision        BIGINT          NOT NULL,
    modified        BIGINT          NOT NULL,
    started         BIGINT,
    finished        BIGINT,
    open_children   INT             NOT NULL,
    begun           TINYINT         NOT NULL DEFAULT 0,
    cleaning_up     TINYINT         NOT NULL DEFAULT 0,
    limit_key       VARBINARY(2000) NOT NULL DEFAULT '',
    last_error      TEXT,
    output          LONGTEXT,
    awaited_signals TEXT,
    kept_signals    MEDIUMTEXT,
    PRIMARY KEY (id),
    KEY workflow_result_by_state (state, id),
    KEY workflow_result_by_status (status, id),
    KEY workflow_result_by_finished (finished)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The position of permit granting. A process that grants permits of a type locks its row. Rates are JSON: microseconds by bucket.
CREATE TABLE IF NOT EXISTS workflow_limits (
    workflow_type VARBINARY(1000) NOT NULL,
    last_key      VARBINARY(2000) NOT NULL,
    round_began   BIGINT          NOT NULL,
    rates         LONGTEXT        NOT NULL,
    PRIMARY KEY (workflow_type)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Signals to unfinished workflows. A signal that was taken is kept, so that its key is recognized if it is sent again.
CREATE TABLE IF NOT EXISTS workflow_signals (
    id          BIGINT          NOT NULL AUTO_INCREMENT,
    workflow_id BIGINT          NOT NULL,
    name        VARBINARY(1000) NOT NULL,
    signal_key  VARBINARY(2000),
    payload     LONGTEXT        NOT NULL,
    actor       TEXT            NOT NULL,
    sent        BIGINT          NOT NULL,
    taken       BIGINT,
    PRIMARY KEY (id),
    KEY workflow_signals_by_workflow (workflow_id, id),
    KEY workflow_signals_by_taken (taken)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The variables as a JSON object. A workflow without variables has no row.
CREATE TABLE IF NOT EXISTS workflow_variables (
    workflow_id BIGINT   NOT NULL,
    state_vars  LONGTEXT NOT NULL,
    PRIMARY KEY (workflow_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The history, one entry for each event. Durations are microseconds. Error, details and changes are JSON.
CREATE TABLE IF NOT EXISTS workflow_actions (
    id              BIGINT          NOT NULL AUTO_INCREMENT,
    workflow_id     BIGINT          NOT NULL,
    executor_id     BIGINT,
    kind            VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    from_state      VARBINARY(1000),
    to_state        VARBINARY(1000) NOT NULL,
    status          VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    step            INT             NOT NULL,
    execution_count INT             NOT NULL,
    retry_count     INT             NOT NULL,
    actor           TEXT,
    due             BIGINT,
    duration        BIGINT,
    cause           TEXT,
    text            LONGTEXT,
    error           LONGTEXT,
    details         LONGTEXT,
    changes         LONGTEXT,
    date_time       BIGINT          NOT NULL,
    PRIMARY KEY (id),
    KEY workflow_actions_by_workflow (workflow_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The number of workflows of each kind, updated by every transaction that changes one. A count is the sum of its slots.
-- Connections add to different slots, so that transactions rarely wait for each other.
CREATE TABLE IF NOT EXISTS workflow_counts (
    workflow_type VARBINARY(1000) NOT NULL,
    version       VARBINARY(1000) NOT NULL,
    state         VARBINARY(1000) NOT NULL,
    status        VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    slot          TINYINT         NOT NULL,
    count         BIGINT          NOT NULL,
    PRIMARY KEY (workflow_type, version, state, status, slot)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The changes of transactions, for other processes to read. Written only while a process listens, and kept for a minute.
CREATE TABLE IF NOT EXISTS workflow_changes (
    id      BIGINT   NOT NULL AUTO_INCREMENT,
    sender  BIGINT   NOT NULL,
    written BIGINT   NOT NULL,
    new_ids TEXT,
    content LONGTEXT NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The processes that listen.
CREATE TABLE IF NOT EXISTS change_listeners (
    id      BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS workflow_definitions (
    name        VARBINARY(1000) NOT NULL,
    version     VARBINARY(1000) NOT NULL,
    description LONGTEXT        NOT NULL,
    flow_chart  LONGTEXT        NOT NULL,
    shape       LONGTEXT        NOT NULL,
    created     BIGINT          NOT NULL,
    updated     BIGINT          NOT NULL,
    PRIMARY KEY (name, version)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The groups are a JSON array, because a name may contain any character.
CREATE TABLE IF NOT EXISTS executors (
    id              BIGINT   NOT NULL AUTO_INCREMENT,
    name            LONGTEXT NOT NULL,
    version         LONGTEXT NOT NULL,
    executor_groups LONGTEXT NOT NULL,
    capacity        INT      NOT NULL,
    started         BIGINT   NOT NULL,
    last_active     BIGINT   NOT NULL,
    lease_until     BIGINT   NOT NULL,
    ended           BIGINT,
    PRIMARY KEY (id),
    KEY executors_by_last_active (last_active),
    KEY executors_alive (ended, lease_until)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- How many workflows ended in each of the last minutes, as reported by each executor.
CREATE TABLE IF NOT EXISTS ended_minutes (
    minute        BIGINT          NOT NULL,
    executor_id   BIGINT          NOT NULL,
    workflow_type VARBINARY(1000) NOT NULL,
    status        VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    count         BIGINT          NOT NULL,
    PRIMARY KEY (minute, executor_id, workflow_type, status)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS role_leases (
    name        VARBINARY(100) NOT NULL,
    executor_id BIGINT         NOT NULL,
    lease_until BIGINT         NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS users (
    id            BIGINT         NOT NULL AUTO_INCREMENT,
    username      VARBINARY(400) NOT NULL,
    username_key  VARBINARY(400) NOT NULL,
    display_name  VARBINARY(800),
    role          VARBINARY(100) NOT NULL,
    password_hash LONGTEXT,
    enabled       TINYINT        NOT NULL DEFAULT 1,
    created       BIGINT         NOT NULL,
    last_sign_in  BIGINT,
    issuer        VARBINARY(500),
    subject       VARBINARY(255),
    revision      BIGINT         NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    UNIQUE KEY users_by_username (username_key),
    UNIQUE KEY users_by_subject (issuer, subject)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS api_keys (
    id        BIGINT         NOT NULL AUTO_INCREMENT,
    user_id   BIGINT         NOT NULL,
    name      VARBINARY(400) NOT NULL,
    key_hash  VARBINARY(100) NOT NULL,
    beginning VARBINARY(100) NOT NULL,
    role      VARBINARY(100) NOT NULL,
    created   BIGINT         NOT NULL,
    expires   BIGINT,
    last_used BIGINT,
    revoked   BIGINT,
    PRIMARY KEY (id),
    UNIQUE KEY api_keys_by_hash (key_hash),
    CONSTRAINT api_keys_of_users FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS sessions (
    id         BIGINT         NOT NULL AUTO_INCREMENT,
    token_hash VARBINARY(100) NOT NULL,
    user_id    BIGINT         NOT NULL,
    created    BIGINT         NOT NULL,
    expires    BIGINT         NOT NULL,
    last_used  BIGINT         NOT NULL,
    address    VARBINARY(400),
    user_agent VARBINARY(800),
    PRIMARY KEY (id),
    UNIQUE KEY sessions_by_token (token_hash),
    KEY sessions_by_expires (expires),
    CONSTRAINT sessions_of_users FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Changes by users and their keys. Entries are kept when the user is deleted.
CREATE TABLE IF NOT EXISTS audit_log (
    id          BIGINT          NOT NULL AUTO_INCREMENT,
    at          BIGINT          NOT NULL,
    actor       VARBINARY(400)  NOT NULL,
    user_id     BIGINT,
    api_key_id  BIGINT,
    address     VARBINARY(400),
    action      VARBINARY(400)  NOT NULL,
    target_kind VARBINARY(400)  NOT NULL,
    target_id   VARBINARY(2000) NOT NULL,
    outcome     VARBINARY(100)  NOT NULL,
    before_json LONGTEXT,
    after_json  LONGTEXT,
    request_id  VARBINARY(400),
    PRIMARY KEY (id),
    KEY audit_log_by_at (at, id),
    KEY audit_log_by_actor (actor, at, id),
    KEY audit_log_by_target (target_kind, target_id, at, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Operations on many workflows. The executor of a job holds its lease. Workflows up to after_id are done; pending must be finished first.
CREATE TABLE IF NOT EXISTS jobs (
    id               BIGINT   NOT NULL AUTO_INCREMENT,
    token            BIGINT   NOT NULL,
    operation        LONGTEXT NOT NULL,
    filter           LONGTEXT NOT NULL,
    actor            TEXT     NOT NULL,
    reason           TEXT,
    status           VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created          BIGINT   NOT NULL,
    started          BIGINT,
    ended            BIGINT,
    cancel_requested BIGINT,
    up_to_id         BIGINT   NOT NULL,
    after_id         BIGINT   NOT NULL,
    pending          LONGTEXT,
    total            BIGINT,
    done             BIGINT   NOT NULL DEFAULT 0,
    failed           BIGINT   NOT NULL DEFAULT 0,
    skipped          BIGINT   NOT NULL DEFAULT 0,
    descendants      BIGINT   NOT NULL DEFAULT 0,
    executor_id      BIGINT,
    lease            BIGINT   NOT NULL DEFAULT 0,
    lease_until      BIGINT,
    error            TEXT,
    PRIMARY KEY (id),
    UNIQUE KEY jobs_by_token (token),
    KEY jobs_by_ended (ended, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS job_failures (
    job_id      BIGINT NOT NULL,
    workflow_id BIGINT NOT NULL,
    reason      TEXT   NOT NULL,
    PRIMARY KEY (job_id, workflow_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Schedules and their positions. The runs that wait (queued) and the runs that may not have ended (open_runs) are numbers separated by
-- spaces: seconds since 1970-01-01 UTC, and ids. A position is updated in the transaction that creates the runs.
CREATE TABLE IF NOT EXISTS schedules (
    name                VARBINARY(1000)                                   NOT NULL,
    workflow_type       VARBINARY(2000)                                   NOT NULL,
    cron                VARBINARY(2000),
    every_seconds       BIGINT,
    time_zone           VARBINARY(2000)                                   NOT NULL,
    state_vars          LONGTEXT                                          NOT NULL,
    business_key        VARBINARY(2000)                                   NOT NULL,
    executor_group      VARBINARY(2000)                                   NOT NULL,
    priority            INT                                               NOT NULL,
    overlap             VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    catch_up            VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    catch_up_limit      INT                                               NOT NULL,
    is_paused           TINYINT                                           NOT NULL,
    declared            VARBINARY(2000),
    created_by          VARBINARY(2000)                                   NOT NULL,
    created             BIGINT                                            NOT NULL,
    changed_by          VARBINARY(2000)                                   NOT NULL,
    changed             BIGINT                                            NOT NULL,
    revision            BIGINT                                            NOT NULL,
    next_due            BIGINT,
    last_due            BIGINT,
    last_workflow_id    BIGINT,
    queued              LONGTEXT,
    open_runs           LONGTEXT,
    created_count       BIGINT                                            NOT NULL,
    skipped_by_overlap  BIGINT                                            NOT NULL,
    skipped_by_catch_up BIGINT                                            NOT NULL,
    last_skipped        BIGINT,
    last_skip_reason    VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin,
    PRIMARY KEY (name)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Workflow scripts. The current version of a script is that of the newest definition with its name. A version is never changed. The ids are
-- in the order of the deployments.
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

-- One row. Every change of a script increments it, so a process that has seen the number knows that nothing has changed. Its row lock
-- serializes changes of scripts, definitions and users.
CREATE TABLE IF NOT EXISTS script_revision (
    id       TINYINT NOT NULL,
    revision BIGINT  NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB;

INSERT IGNORE INTO script_revision (id, revision)
VALUES (1, 0);
