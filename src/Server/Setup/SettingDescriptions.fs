namespace GopherFlow.Server

/// A one-line description of each setting. The documentation has the details.
module internal SettingDescriptions =

    let private all =
        Map.ofList [
            "GFLOW_DATABASE_TYPE", "The kind of the database"
            "GFLOW_DATABASE_URL", "Where the database server is and how to sign in to it"
            "GFLOW_DATABASE_SQLLITE_FILE_NAME", "The file of a SQLite database; memory keeps everything in memory"
            "GFLOW_DATABASE_SQLITE_SYNCHRONOUS",
            "What a commit on SQLite survives: with FULL a power failure, with NORMAL a crash of the process"
            "EXECUTOR_NAME", "The name of this executor"
            "GFLOW_ENGINE_ENABLED", "Whether workflows run in this process"
            "GFLOW_ENGINE_EXECUTOR_GROUP", "The groups whose workflows run in this process"
            "GFLOW_ENGINE_EXECUTOR_SIZE", "How many workflows run at once"
            "GFLOW_ENGINE_BATCH_SIZE", "The largest transaction and the largest claim, in workflows"
            "GFLOW_ENGINE_CHECK_DB_INTERVAL",
            "How often the executor polls the database for due workflows when nothing else wakes it"
            "GFLOW_ENGINE_LEASE", "How long an executor counts as alive after its last heartbeat"
            "GFLOW_ENGINE_PRIORITY_STEP",
            "How much longer a workflow must wait to run before one of the next better priority; 0s: ignore priorities"
            "GFLOW_ENGINE_STUCK_WORKFLOWS_REPAIR_AFTER_MINUTES", "The lease in minutes, as the Go system names it"
            "GFLOW_ENGINE_STUCK_WORKFLOWS_INTERVAL", "How often the executor looks for abandoned claims"
            "GFLOW_ENGINE_GRACE_PERIOD", "How long running steps may continue during shutdown"
            "GFLOW_ENGINE_SIGNALS_LIMIT", "How many signals may be kept for one workflow"
            "GFLOW_ENGINE_STATE_TIMEOUT", "The timeout of one attempt of a state that has no timeout of its own"
            "GFLOW_ENGINE_ON_COMMIT_TIMEOUT", "How long the OnCommit callbacks of one step may take"
            "GFLOW_ENGINE_STEPS_WITHOUT_WAIT", "How many steps without a wait count as an endless loop; 0: no limit"
            "GFLOW_ENGINE_VARIABLES_LIMIT", "How many bytes the variables of one workflow may have"
            "GFLOW_ENGINE_CREATE_QUEUE", "How many creates may wait to be written"
            "GFLOW_ENGINE_CREATE_WAIT", "How long a create may wait for a free slot here"
            "GFLOW_ENGINE_RETENTION_FINISHED", "How long a FINISHED workflow is kept; 0s: forever"
            "GFLOW_ENGINE_RETENTION_FAILED", "How long a FAILED or ERROR workflow is kept; 0s: forever"
            "GFLOW_ENGINE_RETENTION_CANCELLED", "How long a CANCELLED workflow is kept; 0s: forever"
            "GFLOW_ENGINE_RETENTION_SIGNALS",
            "How long a signal is kept after a step has taken it; 0s: as long as its workflow"
            "GFLOW_ENGINE_RETENTION_SCRIPT_VERSIONS", "How many of the newest versions of a script are kept; 0: all"
            "GFLOW_ENGINE_RETENTION_AUDIT", "How long an entry of the audit log is kept; 0s: forever"
            "GFLOW_ENGINE_RETENTION_INTERVAL",
            "How often data that has been kept long enough is deleted; 0s: not by this process"
            "GFLOW_WEBHOOK_URLS", "The URLs of the webhook receivers"
            "GFLOW_WEBHOOK_SECRETS", "The secrets with which webhooks are signed for their receivers"
            "GFLOW_WEBHOOK_TIMEOUT", "How long a webhook receiver may take to respond"
            "GFLOW_SERVER_ENABLED", "Whether this process serves the API and the console"
            "GFLOW_ENGINE_SERVER_WEB_PORT", "The port to listen on"
            "HTTP_ADDR", "The address and port to listen on; overrides the port setting"
            "GFLOW_ADMIN_PASSWORD", "The password of the first user"
            "GFLOW_ADMIN_API_KEY", "A first API key of the first user"
            "GFLOW_WEB_SESSION_EXPIRY_HOURS", "How long a session lasts, in hours"
            "GFLOW_WEB_MAX_BODY_BYTES", "The maximum size of a request body"
            "GFLOW_WEB_MAX_WAIT_SECONDS", "The longest wait of createAndWait and stateAndWait"
            "GFLOW_WEB_MAX_STREAMS", "How many streams of live events may be open at once"
            "GFLOW_ALLOWED_HOSTS", "The host names that the server accepts"
            "GFLOW_TRUSTED_PROXIES", "The proxies whose forwarded headers (client address, scheme, host) are trusted"
            "GFLOW_OIDC_AUTHORITY", "The URL of the OpenID Connect provider through which users can sign in"
            "GFLOW_OIDC_CLIENT_ID", "The client id of this server at the provider"
            "GFLOW_OIDC_CLIENT_SECRET", "The client secret of this server at the provider"
            "GFLOW_OIDC_SCOPES", "The scopes that are requested from the provider"
            "GFLOW_OIDC_ROLE_CLAIM", "The claim that contains a user's roles"
            "GFLOW_OIDC_ADMIN_VALUES", "The values of this claim that mean admin"
            "GFLOW_OIDC_OPERATOR_VALUES", "The values of this claim that mean operator"
            "GFLOW_OIDC_VIEWER_VALUES", "The values of this claim that mean viewer"
            "GFLOW_METRICS", "Whether Prometheus can scrape metrics"
            "GFLOW_SCRIPTS_DIR", "The folder from which scripts are deployed"
            "GFLOW_SCRIPTS_CACHE", "The folder in which compiled scripts are cached"
            "GFLOW_SCRIPTS_DEPLOY", "Whether scripts may be deployed over the API"
            "GFLOW_SCRIPTS_LOAD_LIMIT", "How long the top-level code of a script may take when it is loaded"
            "GFLOW_DEMO_SPEED", "The factor by which the waits of the demos are shortened"
            "GFLOW_DEMO_IP_URL", "The URL that GetIpWorkflow calls"
            "GFLOW_DEMO_JOB_URL", "The URL that the script PollJob polls"
        ]

    /// None for a setting of the application itself.
    let tryFind (name: string) : string option = all |> Map.tryFind name
