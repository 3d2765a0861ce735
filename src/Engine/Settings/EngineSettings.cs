namespace GopherFlow.Settings;

/// <summary>
/// Reads the engine's options from settings, which have the same names as in the Go system. A setting that is missing keeps its default.
/// </summary>
public static class EngineSettings
{
    private static readonly TimeSpan LongestRetention = TimeSpan.FromDays(100 * 365);

    /// <summary>Reads the options. Errors are collected in the reader.</summary>
    public static EngineOptions Read(SettingsReader settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var defaults = new EngineOptions();
        var repairAfterMinutes = settings.WholeNumber(
            "GFLOW_ENGINE_STUCK_WORKFLOWS_REPAIR_AFTER_MINUTES",
            0,
            1,
            24 * 60
        );
        return defaults with
        {
            IsEnabled = settings.Switch("GFLOW_ENGINE_ENABLED", defaults.IsEnabled),
            ExecutorName = settings.Text("EXECUTOR_NAME", defaults.ExecutorName),
            ExecutorGroups = settings.List("GFLOW_ENGINE_EXECUTOR_GROUP", defaults.ExecutorGroups),
            ExecutorSize = settings.WholeNumber("GFLOW_ENGINE_EXECUTOR_SIZE", defaults.ExecutorSize, 1, 10_000),
            BatchSize = settings.WholeNumber("GFLOW_ENGINE_BATCH_SIZE", defaults.BatchSize, 1, 10_000),
            CheckDbInterval = settings.Duration(
                "GFLOW_ENGINE_CHECK_DB_INTERVAL",
                defaults.CheckDbInterval,
                TimeSpan.FromMilliseconds(10),
                TimeSpan.FromHours(1)
            ),
            PriorityStep = settings.Duration(
                "GFLOW_ENGINE_PRIORITY_STEP",
                defaults.PriorityStep,
                TimeSpan.Zero,
                TimeSpan.FromDays(1)
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
            StateTimeout = settings.Duration(
                "GFLOW_ENGINE_STATE_TIMEOUT",
                defaults.StateTimeout,
                TimeSpan.FromMilliseconds(10),
                TimeSpan.FromDays(30)
            ),
            OnCommitTimeout = settings.Duration(
                "GFLOW_ENGINE_ON_COMMIT_TIMEOUT",
                defaults.OnCommitTimeout,
                TimeSpan.FromMilliseconds(10),
                TimeSpan.FromHours(1)
            ),
            StepsWithoutWait = settings.WholeNumber(
                "GFLOW_ENGINE_STEPS_WITHOUT_WAIT",
                defaults.StepsWithoutWait,
                0,
                int.MaxValue
            ),
            SignalsLimit = settings.WholeNumber("GFLOW_ENGINE_SIGNALS_LIMIT", defaults.SignalsLimit, 1, 100_000),
            CreateWait = settings.Duration(
                "GFLOW_ENGINE_CREATE_WAIT",
                defaults.CreateWait,
                TimeSpan.Zero,
                TimeSpan.FromMinutes(1)
            ),
            CreateQueue = settings.WholeNumber("GFLOW_ENGINE_CREATE_QUEUE", defaults.CreateQueue, 1, 1_000_000),
            VariablesLimit = settings.WholeNumber(
                "GFLOW_ENGINE_VARIABLES_LIMIT",
                defaults.VariablesLimit,
                1024,
                1024 * 1024 * 1024
            ),
            RetentionFinished = Retention(settings, "GFLOW_ENGINE_RETENTION_FINISHED", defaults.RetentionFinished),
            RetentionFailed = Retention(settings, "GFLOW_ENGINE_RETENTION_FAILED", defaults.RetentionFailed),
            RetentionCancelled = Retention(settings, "GFLOW_ENGINE_RETENTION_CANCELLED", defaults.RetentionCancelled),
            RetentionSignals = Retention(settings, "GFLOW_ENGINE_RETENTION_SIGNALS", defaults.RetentionSignals),
            RetentionAudit = Retention(settings, "GFLOW_ENGINE_RETENTION_AUDIT", defaults.RetentionAudit),
            RetentionInterval = settings.Duration(
                "GFLOW_ENGINE_RETENTION_INTERVAL",
                defaults.RetentionInterval,
                TimeSpan.Zero,
                TimeSpan.FromDays(1)
            ),
            RetentionScriptVersions = settings.WholeNumber(
                "GFLOW_ENGINE_RETENTION_SCRIPT_VERSIONS",
                defaults.RetentionScriptVersions,
                0,
                1_000_000
            ),
        };
    }

    private static TimeSpan Retention(SettingsReader settings, string name, TimeSpan fallback) =>
        settings.Duration(name, fallback, TimeSpan.Zero, LongestRetention);
}
