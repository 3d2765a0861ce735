namespace GopherFlow.Hosting;

/// <summary>Reads the engine's options from settings named as in the Go system. What is not set has its default.</summary>
public static class EngineSettings
{
    private static readonly Dictionary<string, DatabaseType> Databases = new()
    {
        ["POSTGRES"] = DatabaseType.Postgres,
        ["MYSQL"] = DatabaseType.MySql,
        ["SQLITE"] = DatabaseType.Sqlite,
        ["SQLLITE"] = DatabaseType.Sqlite,
    };

    private static readonly Dictionary<string, SqliteSynchronous> Synchronous = new()
    {
        ["FULL"] = SqliteSynchronous.Full,
        ["NORMAL"] = SqliteSynchronous.Normal,
    };

    /// <summary>The options; faults gather in the reader.</summary>
    public static EngineOptions Read(SettingsReader settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var defaults = new EngineOptions();
        var file = settings.Text("GFLOW_DATABASE_SQLLITE_FILE_NAME", defaults.SqliteFile);
        var database = settings.Choice("GFLOW_DATABASE_TYPE", defaults.Database, Databases);
        var repairAfterMinutes = settings.WholeNumber(
            "GFLOW_ENGINE_STUCK_WORKFLOWS_REPAIR_AFTER_MINUTES",
            0,
            1,
            24 * 60
        );
        return defaults with
        {
            Database = database == DatabaseType.Sqlite && file == "memory" ? DatabaseType.InMemory : database,
            DatabaseUrl = ReadDatabaseUrl(settings, database),
            SqliteFile = file,
            SqliteSynchronous = settings.Choice(
                "GFLOW_DATABASE_SQLITE_SYNCHRONOUS",
                defaults.SqliteSynchronous,
                Synchronous
            ),
            ExecutorName = settings.Text("EXECUTOR_NAME", defaults.ExecutorName),
            ExecutorGroups = settings.Words("GFLOW_ENGINE_EXECUTOR_GROUP", defaults.ExecutorGroups),
            ExecutorSize = settings.WholeNumber("GFLOW_ENGINE_EXECUTOR_SIZE", defaults.ExecutorSize, 1, 10_000),
            BatchSize = settings.WholeNumber("GFLOW_ENGINE_BATCH_SIZE", defaults.BatchSize, 1, 10_000),
            CheckDbInterval = settings.Duration(
                "GFLOW_ENGINE_CHECK_DB_INTERVAL",
                defaults.CheckDbInterval,
                TimeSpan.FromMilliseconds(10),
                TimeSpan.FromHours(1)
            ),
            Lease = settings.Duration(
                "GFLOW_ENGINE_LEASE",
                repairAfterMinutes > 0 ? TimeSpan.FromMinutes(repairAfterMinutes) : defaults.Lease,
                TimeSpan.FromSeconds(1),
                TimeSpan.FromHours(24)
            ),
            StuckWorkflowsInterval = settings.Duration(
                "GFLOW_ENGINE_STUCK_WORKFLOWS_INTERVAL",
                defaults.StuckWorkflowsInterval,
                TimeSpan.FromMilliseconds(100),
                TimeSpan.FromHours(1)
            ),
            GracePeriod = settings.Duration(
                "GFLOW_ENGINE_GRACE_PERIOD",
                defaults.GracePeriod,
                TimeSpan.Zero,
                TimeSpan.FromHours(1)
            ),
        };
    }

    /// <summary>Only where there is a server; its value holds a password, so no fault shows any of it.</summary>
    private static DatabaseUrl? ReadDatabaseUrl(SettingsReader settings, DatabaseType database)
    {
        const string name = "GFLOW_DATABASE_URL";
        if (database is not (DatabaseType.Postgres or DatabaseType.MySql))
        {
            return null;
        }

        if (settings.OptionalText(name) is not { } text)
        {
            return settings.Fault<DatabaseUrl?>(name, null, DatabaseUrl.FormOf(database), null);
        }

        if (!DatabaseUrl.TryParse(database, text, out var url, out var fault))
        {
            settings.SecretFault(name, fault);
        }

        return url;
    }
}
