using GopherFlow.Settings;

namespace GopherFlow.Execution;

/// <summary>The health checks of an executor.</summary>
internal static class ExecutorChecks
{
    /// <summary>Adds the checks.</summary>
    public static void Add(
        EngineHealth health,
        EngineOptions options,
        RunningWorkflows running,
        LeaseKeeper leaseKeeper,
        Startup startup,
        Func<bool> hasStarted,
        Func<bool> isStopping
    )
    {
        health.Add(
            "executor",
            () =>
                !hasStarted() ? "The executor has not started."
                : isStopping() ? "The executor is stopping."
                : null
        );
        health.Add(
            "database",
            () => leaseKeeper.IsUnanswered ? "The database has not answered the last heartbeat." : null
        );
        health.Add(
            "migrations",
            () => startup.IsOpen ? null : "The database was not reached yet, or its schema is not up to date."
        );
        health.Add("lease", () => hasStarted() && !isStopping() && !leaseKeeper.HasLease ? "The lease is lost." : null);
        health.Add(
            "threads",
            () =>
                running.Held >= options.ExecutorSize
                    ? $"No slot is left: {running.Held} functions have not returned although their attempts are over."
                    : null
        );
    }
}
