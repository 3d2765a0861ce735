namespace GopherFlow.Server

/// One line for each setting; the documentation says more.
module internal SettingDescriptions =

    let private all =
        Map.ofList [
            "GFLOW_DATABASE_TYPE", "The kind of the database"
            "GFLOW_DATABASE_URL", "Where the database server is and how to sign in to it"
            "GFLOW_DATABASE_SQLLITE_FILE_NAME", "The file of a SQLite database; memory keeps everything in memory"
            "GFLOW_DATABASE_SQLITE_SYNCHRONOUS",
            "What a commit on SQLite survives: FULL a power failure, NORMAL the death of the process"
            "EXECUTOR_NAME", "What this executor is called"
            "GFLOW_ENGINE_ENABLED", "Whether workflows run in this process"
            "GFLOW_ENGINE_EXECUTOR_GROUP", "The groups whose workflows run in this process"
            "GFLOW_ENGINE_EXECUTOR_SIZE", "How many workflows run at once"
            "GFLOW_ENGINE_BATCH_SIZE", "The largest transaction and the largest claim, in workflows"
            "GFLOW_ENGINE_CHECK_DB_INTERVAL",
            "How often the database is asked for due workflows when nothing else wakes the executor"
            "GFLOW_ENGINE_LEASE", "How long an executor counts as alive after its last heartbeat"
            "GFLOW_ENGINE_STUCK_WORKFLOWS_REPAIR_AFTER_MINUTES", "The lease in minutes, as the Go system names it"
            "GFLOW_ENGINE_STUCK_WORKFLOWS_INTERVAL", "How often forgotten claims are looked for"
            "GFLOW_ENGINE_GRACE_PERIOD", "How long running steps may go on after a stop was asked for"
            "GFLOW_ENGINE_SIGNALS_LIMIT", "How many signals may be kept for one workflow"
            "GFLOW_ENGINE_STATE_TIMEOUT", "How long one attempt of a state may take that has no timeout of its own"
            "GFLOW_ENGINE_ON_COMMIT_TIMEOUT", "How long the OnCommit callbacks of one step may take"
            "GFLOW_ENGINE_STEPS_WITHOUT_WAIT", "How many steps without a wait make an endless loop; 0: no limit"
            "GFLOW_ENGINE_VARIABLES_LIMIT", "How many bytes the variables of one workflow may have"
            "GFLOW_ENGINE_CREATE_QUEUE", "How many creates may wait to be written"
            "GFLOW_ENGINE_CREATE_WAIT", "How long a create may wait for a free slot here"
            "GFLOW_ENGINE_RETENTION_FINISHED", "How long a FINISHED workflow is kept; 0s: for ever"
            "GFLOW_ENGINE_RETENTION_FAILED", "How long a FAILED or ERROR workflow is kept; 0s: for ever"
            "GFLOW_ENGINE_RETENTION_CANCELLED", "How long a CANCELLED workflow is kept; 0s: for ever"
            "GFLOW_ENGINE_RETENTION_SIGNALS",
            "How long a signal is kept after a step has taken it; 0s: as long as its workflow"
            "GFLOW_ENGINE_RETENTION_SCRIPT_VERSIONS", "How many of the newest versions of a script are kept; 0: all"
            "GFLOW_ENGINE_RETENTION_AUDIT", "How long an entry of the audit log is kept; 0s: for ever"
            "GFLOW_ENGINE_RETENTION_INTERVAL",
            "How often what has been kept long enough is looked for; 0s: not by this process"
            "GFLOW_ENGINE_RETENTION_AUDIT", "How long an entry of the audit log is kept; 0s: for ever"
            "GFLOW_SERVER_ENABLED", "Whether this process has the API and the console"
            "GFLOW_ENGINE_SERVER_WEB_PORT", "The port"
            "HTTP_ADDR", "The address and port; it wins over the port"
            "GFLOW_ADMIN_PASSWORD", "The password of the first user"
            "GFLOW_ADMIN_API_KEY", "A first API key of the first user"
            "GFLOW_OIDC_AUTHORITY", "The OpenID Connect provider with which people sign in"
            "GFLOW_OIDC_CLIENT_ID", "The id of this application at the provider"
            "GFLOW_OIDC_CLIENT_SECRET", "The secret of this application at the provider"
            "GFLOW_OIDC_SCOPES", "The scopes that are asked for"
            "GFLOW_OIDC_ROLE_CLAIM", "The claim that tells roles"
            "GFLOW_OIDC_ADMIN_VALUES", "The values of that claim that stand for admins"
            "GFLOW_OIDC_OPERATOR_VALUES", "The values of that claim that stand for operators"
            "GFLOW_OIDC_VIEWER_VALUES", "The values of that claim that stand for viewers"
            "GFLOW_WEB_SESSION_EXPIRY_HOURS", "How long a session lasts, in hours"
            "GFLOW_WEB_MAX_BODY_BYTES", "The largest body of a request"
            "GFLOW_WEB_MAX_WAIT_SECONDS", "The longest wait of createAndWait and stateAndWait"
            "GFLOW_WEB_MAX_STREAMS", "How many streams of live events may be open at once"
            "GFLOW_ALLOWED_HOSTS", "The hosts under which the server may be asked for"
            "GFLOW_TRUSTED_PROXIES", "The proxies whose word counts on who asks, by which scheme and host"
            "GFLOW_OIDC_AUTHORITY", "The OpenID Connect provider with which people can sign in"
            "GFLOW_OIDC_CLIENT_ID", "What the provider calls this server"
            "GFLOW_OIDC_CLIENT_SECRET", "The secret that the provider has given to this server"
            "GFLOW_OIDC_SCOPES", "What the provider is asked for"
            "GFLOW_OIDC_ROLE_CLAIM", "The claim that says which role somebody has"
            "GFLOW_OIDC_ADMIN_VALUES", "Values of the claim that make an admin"
            "GFLOW_OIDC_OPERATOR_VALUES", "Values of the claim that make an operator"
            "GFLOW_OIDC_VIEWER_VALUES", "Values of the claim that make a viewer"
            "GFLOW_METRICS", "Whether Prometheus may ask for metrics"
            "GFLOW_SCRIPTS_DIR", "The folder whose scripts are deployed"
            "GFLOW_SCRIPTS_CACHE", "Where compiled scripts are kept"
            "GFLOW_SCRIPTS_DEPLOY", "Whether scripts may be deployed over the API"
            "GFLOW_SCRIPTS_LOAD_LIMIT", "How long the top-level code of a script may take when it is loaded"
            "GFLOW_DEMO_SPEED", "What the waits of the demos are divided by"
            "GFLOW_DEMO_IP_URL", "Where GetIpWorkflow asks"
            "GFLOW_DEMO_JOB_URL", "Where the script PollJob asks"
        ]

    /// None for a setting of the application's own.
    let tryFind (name: string) : string option = all |> Map.tryFind name
