namespace GopherFlow.Hosting;

/// <summary>Reads the engine's options from settings named as in the Go system. What is not set has its default.</summary>
public static class EngineSettings
{
    private static readonly Dictionary<string, DatabaseType> Databases = new()
    {
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
            Database = file == "memory" ? DatabaseType.InMemory : database,
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
}
