-- Instants are whole microseconds since 1970-01-01 UTC.

-- The identity of a workflow: inserted once, never updated. The token identifies the create that inserted it.
CREATE TABLE workflow (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    external_id        TEXT    NOT NULL UNIQUE,
    workflow_type      TEXT    NOT NULL,
    business_key       TEXT    NOT NULL,
    parent_workflow_id INTEGER,
    trace_parent       TEXT,
    created            INTEGER NOT NULL,
    token              INTEGER NOT NULL
) STRICT;

CREATE INDEX workflow_by_type ON workflow (workflow_type);

CREATE INDEX workflow_by_business_key ON workflow (business_key);

CREATE INDEX workflow_by_parent ON workflow (parent_workflow_id)
    WHERE parent_workflow_id IS NOT NULL;

-- The current state of an unfinished workflow. There is no foreign key, because it would look up the workflow at every write.
CREATE TABLE workflow_run (
    id              INTEGER PRIMARY KEY,
    workflow_type   TEXT    NOT NULL,
    version         TEXT    NOT NULL,
    executor_group  TEXT    NOT NULL,
    priority        INTEGER NOT NULL,
    status          TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    step            INTEGER NOT NULL,
    retry_count     INTEGER NOT NULL,
    execution_count INTEGER NOT NULL,
    lease           INTEGER NOT NULL,
    revision        INTEGER NOT NULL,
    executor_id     INTEGER,
    modified        INTEGER NOT NULL,
    next_activation INTEGER,
    started         INTEGER,
    open_children   INTEGER NOT NULL,
    begun           INTEGER NOT NULL DEFAULT 0,
    cleaning_up     INTEGER NOT NULL DEFAULT 0,
    awaits_children INTEGER NOT NULL,
    woken           INTEGER NOT NULL,
    pause_requested INTEGER NOT NULL DEFAULT 0,
    held_activation INTEGER,
    awaited_signals TEXT,
    kept_signals    TEXT,
    deadline_state  TEXT,
    permit          INTEGER NOT NULL DEFAULT 0,
    limit_key       TEXT    NOT NULL DEFAULT '',
    last_error      TEXT
) STRICT;

-- Only unowned workflows that are parked until an instant have a next activation. Those that need a permit (1) are in the next index.
CREATE INDEX workflow_run_due ON workflow_run (workflow_type, version, executor_group, priority, next_activation)
    WHERE next_activation IS NOT NULL AND permit <> 1;

CREATE INDEX workflow_run_waiting ON workflow_run (workflow_type, version, executor_group, state, limit_key, next_activation)
    WHERE permit = 1 AND next_activation IS NOT NULL;

CREATE INDEX workflow_run_permits ON workflow_run (workflow_type)
    WHERE permit = 1 AND executor_id IS NOT NULL;

CREATE INDEX workflow_run_owned ON workflow_run (executor_id)
    WHERE executor_id IS NOT NULL;

-- Executing workflows are owned, and are found by their owners.
CREATE INDEX workflow_run_by_status ON workflow_run (status)
    WHERE status <> 'EXECUTING';

-- How a workflow has ended.
CREATE TABLE workflow_result (
    id              INTEGER PRIMARY KEY,
    version         TEXT    NOT NULL,
    executor_group  TEXT    NOT NULL,
    priority        INTEGER NOT NULL,
    status          TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    step            INTEGER NOT NULL,
    retry_count     INTEGER NOT NULL,
    execution_count INTEGER NOT NULL,
    lease           INTEGER NOT NULL,
    revision        INTEGER NOT NULL,
    modified        INTEGER NOT NULL,
    started         INTEGER,
    finished        INTEGER,
    open_children   INTEGER NOT NULL,
    begun           INTEGER NOT NULL DEFAULT 0,
    cleaning_up     INTEGER NOT NULL DEFAULT 0,
    limit_key       TEXT    NOT NULL DEFAULT '',
    last_error      TEXT,
    output          TEXT,
    awaited_signals TEXT,
    kept_signals    TEXT
) STRICT;

CREATE INDEX workflow_result_by_state ON workflow_result (state);

CREATE INDEX workflow_result_by_status ON workflow_result (status)
    WHERE status <> 'FINISHED';

-- Retention uses this index to find workflows that ended long ago.
CREATE INDEX workflow_result_by_finished ON workflow_result (finished);

-- The variables as a JSON object. A workflow without variables has no row.
CREATE TABLE workflow_variables (
    workflow_id INTEGER PRIMARY KEY,
    state_vars  TEXT NOT NULL
) STRICT;

-- The history, one entry for each event. Durations are microseconds. Error, details and changes are JSON.
CREATE TABLE workflow_actions (
    id              INTEGER PRIMARY KEY,
    workflow_id     INTEGER NOT NULL,
    executor_id     INTEGER,
    kind            TEXT    NOT NULL,
    from_state      TEXT,
    to_state        TEXT    NOT NULL,
    status          TEXT    NOT NULL,
    step            INTEGER NOT NULL,
    execution_count INTEGER NOT NULL,
    retry_count     INTEGER NOT NULL,
    actor           TEXT,
    due             INTEGER,
    duration        INTEGER,
    cause           TEXT,
    text            TEXT,
    error           TEXT,
    details         TEXT,
    changes         TEXT,
    date_time       INTEGER NOT NULL
) STRICT;

CREATE INDEX workflow_actions_by_workflow ON workflow_actions (workflow_id);

-- The position of permit granting. Rates are JSON: microseconds by bucket.
CREATE TABLE workflow_limits (
    workflow_type TEXT    PRIMARY KEY,
    last_key      TEXT    NOT NULL,
    round_began   INTEGER NOT NULL,
    rates         TEXT    NOT NULL
) STRICT;

-- Signals to unfinished workflows. A signal that was taken is kept, so that its key is recognized if it is sent again.
CREATE TABLE workflow_signals (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    workflow_id INTEGER NOT NULL,
    name        TEXT    NOT NULL,
    signal_key  TEXT,
    payload     TEXT    NOT NULL,
    actor       TEXT    NOT NULL,
    sent        INTEGER NOT NULL,
    taken       INTEGER
) STRICT;

CREATE INDEX workflow_signals_by_workflow ON workflow_signals (workflow_id);

CREATE INDEX workflow_signals_by_taken ON workflow_signals (taken)
    WHERE taken IS NOT NULL;

-- The number of workflows of each kind, updated by every transaction that changes one.
CREATE TABLE workflow_counts (
    workflow_type TEXT    NOT NULL,
    version       TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    count         INTEGER NOT NULL,
    PRIMARY KEY (workflow_type, version, state, status)
) STRICT, WITHOUT ROWID;

-- The changes of transactions, for other processes to read. Written only while a process listens, and kept for a minute.
CREATE TABLE workflow_changes (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    sender  INTEGER NOT NULL,
    written INTEGER NOT NULL,
    new_ids TEXT,
    content TEXT    NOT NULL
) STRICT;

-- The processes that listen.
CREATE TABLE change_listeners (
    id      INTEGER PRIMARY KEY,
    expires INTEGER NOT NULL
) STRICT;

CREATE TABLE workflow_definitions (
    name        TEXT    NOT NULL,
    version     TEXT    NOT NULL,
    description TEXT    NOT NULL,
    flow_chart  TEXT    NOT NULL,
    shape       TEXT    NOT NULL,
    created     INTEGER NOT NULL,
    updated     INTEGER NOT NULL,
    PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;

-- The groups are a JSON array, because a name may contain any character.
CREATE TABLE executors (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    name            TEXT    NOT NULL,
    version         TEXT    NOT NULL,
    executor_groups TEXT    NOT NULL,
    capacity        INTEGER NOT NULL,
    started         INTEGER NOT NULL,
    last_active     INTEGER NOT NULL,
    lease_until     INTEGER NOT NULL,
    ended           INTEGER
) STRICT;

CREATE INDEX executors_by_last_active ON executors (last_active);

CREATE INDEX executors_alive ON executors (lease_until)
    WHERE ended IS NULL;

-- How many workflows ended in each of the last minutes, as reported by each executor.
CREATE TABLE ended_minutes (
    minute        INTEGER NOT NULL,
    executor_id   INTEGER NOT NULL,
    workflow_type TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    count         INTEGER NOT NULL,
    PRIMARY KEY (minute, executor_id, workflow_type, status)
) STRICT, WITHOUT ROWID;

-- Roles that only one process may have at a time.
CREATE TABLE role_leases (
    name        TEXT    PRIMARY KEY,
    executor_id INTEGER NOT NULL,
    lease_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    username      TEXT    NOT NULL,
    username_key  TEXT    NOT NULL UNIQUE,
    display_name  TEXT,
    role          TEXT    NOT NULL,
    password_hash TEXT,
    enabled       INTEGER NOT NULL DEFAULT 1,
    created       INTEGER NOT NULL,
    last_sign_in  INTEGER,
    issuer        TEXT,
    subject       TEXT,
    revision      INTEGER NOT NULL DEFAULT 0,
    UNIQUE (issuer, subject)
) STRICT;

CREATE TABLE api_keys (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id   INTEGER NOT NULL REFERENCES users (id),
    name      TEXT    NOT NULL,
    key_hash  TEXT    NOT NULL UNIQUE,
    beginning TEXT    NOT NULL,
    role      TEXT    NOT NULL,
    created   INTEGER NOT NULL,
    expires   INTEGER,
    last_used INTEGER,
    revoked   INTEGER
) STRICT;

CREATE INDEX api_keys_by_user ON api_keys (user_id);

CREATE TABLE sessions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash TEXT    NOT NULL UNIQUE,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    created    INTEGER NOT NULL,
    expires    INTEGER NOT NULL,
    last_used  INTEGER NOT NULL,
    address    TEXT,
    user_agent TEXT
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE INDEX sessions_by_expires ON sessions (expires);

-- Changes by users and their keys. Entries are kept when the user is deleted.
CREATE TABLE audit_log (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL,
    actor       TEXT    NOT NULL,
    user_id     INTEGER,
    api_key_id  INTEGER,
    address     TEXT,
    action      TEXT    NOT NULL,
    target_kind TEXT    NOT NULL,
    target_id   TEXT    NOT NULL,
    outcome     TEXT    NOT NULL,
    before_json TEXT,
    after_json  TEXT,
    request_id  TEXT
) STRICT;

CREATE INDEX audit_log_by_at ON audit_log (at);

CREATE INDEX audit_log_by_actor ON audit_log (actor, at);

CREATE INDEX audit_log_by_target ON audit_log (target_kind, target_id, at);

-- Operations on many workflows. The executor of a job holds its lease. Workflows up to after_id are done; pending must be finished first.
CREATE TABLE jobs (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    token            INTEGER NOT NULL,
    operation        TEXT    NOT NULL,
    filter           TEXT    NOT NULL,
    actor            TEXT    NOT NULL,
    reason           TEXT,
    status           TEXT    NOT NULL,
    created          INTEGER NOT NULL,
    started          INTEGER,
    ended            INTEGER,
    cancel_requested INTEGER,
    up_to_id         INTEGER NOT NULL,
    after_id         INTEGER NOT NULL,
    pending          TEXT,
    total            INTEGER,
    done             INTEGER NOT NULL DEFAULT 0,
    failed           INTEGER NOT NULL DEFAULT 0,
    skipped          INTEGER NOT NULL DEFAULT 0,
    descendants      INTEGER NOT NULL DEFAULT 0,
    executor_id      INTEGER,
    lease            INTEGER NOT NULL DEFAULT 0,
    lease_until      INTEGER,
    error            TEXT
) STRICT;

CREATE UNIQUE INDEX jobs_by_token ON jobs (token);

CREATE INDEX jobs_open ON jobs (id)
    WHERE ended IS NULL;

CREATE INDEX jobs_by_ended ON jobs (ended)
    WHERE ended IS NOT NULL;

CREATE TABLE job_failures (
    job_id      INTEGER NOT NULL,
    workflow_id INTEGER NOT NULL,
    reason      TEXT    NOT NULL,
    PRIMARY KEY (job_id, workflow_id)
) STRICT, WITHOUT ROWID;

-- Schedules and their positions. The runs that wait (queued) and the runs that may not have ended (open_runs) are numbers separated by
-- spaces: seconds since 1970-01-01 UTC, and ids. A position is updated in the transaction that creates the runs.
CREATE TABLE schedules (
    name                TEXT NOT NULL PRIMARY KEY,
    workflow_type       TEXT    NOT NULL,
    cron                TEXT,
    every_seconds       INTEGER,
    time_zone           TEXT    NOT NULL,
    state_vars          TEXT    NOT NULL,
    business_key        TEXT    NOT NULL,
    executor_group      TEXT    NOT NULL,
    priority            INTEGER NOT NULL,
    overlap             TEXT    NOT NULL,
    catch_up            TEXT    NOT NULL,
    catch_up_limit      INTEGER NOT NULL,
    is_paused           INTEGER NOT NULL,
    declared            TEXT,
    created_by          TEXT    NOT NULL,
    created             INTEGER NOT NULL,
    changed_by          TEXT    NOT NULL,
    changed             INTEGER NOT NULL,
    revision            INTEGER NOT NULL,
    next_due            INTEGER,
    last_due            INTEGER,
    last_workflow_id    INTEGER,
    queued              TEXT,
    open_runs           TEXT,
    created_count       INTEGER NOT NULL,
    skipped_by_overlap  INTEGER NOT NULL,
    skipped_by_catch_up INTEGER NOT NULL,
    last_skipped        INTEGER,
    last_skip_reason    TEXT
) STRICT;

-- Workflow scripts. The current version of a script is that of the newest definition with its name. A version is never changed. The ids are
-- in the order of the deployments.

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

-- One row. Every change of a script increments it, so a process that has seen the number knows that nothing has changed. Every change of
-- scripts, definitions or users begins with an update of the row. In SQLite, the transaction holds the lock of the file anyway.
CREATE TABLE script_revision (
    revision INTEGER NOT NULL
) STRICT;

INSERT INTO script_revision (revision)
VALUES (0);
