using GopherFlow.Settings;
using GopherFlow.Storage;

namespace GopherFlow.Hosting;

/// <summary>A database in which an application can keep its workflows. Each store package adds one to the registration.</summary>
public abstract class Database
{
    /// <summary>Its names in GFLOW_DATABASE_TYPE.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>Reads what it needs from the settings; faults gather there.</summary>
    /// <returns>Opens the stores, once the settings have no faults, given a clock in place of the database's, or null.</returns>
    public abstract Func<TimeProvider?, OpenedStores> Read(SettingsReader settings);
}

/// <summary>The stores of one database.</summary>
/// <param name="Workflows">Workflows and their history.</param>
/// <param name="Accounts">Users, sessions and API keys.</param>
/// <param name="Audit">What people and their keys have changed.</param>
/// <param name="Throughput">How many workflows ended lately.</param>
/// <param name="Scripts">Workflow scripts.</param>
/// <param name="Jobs">Operations on many workflows.</param>
/// <param name="Schedules">What starts workflows by the clock.</param>
public sealed record OpenedStores(
    IWorkflowStore Workflows,
    IAccountStore Accounts,
    IAuditLog Audit,
    IThroughputLog Throughput,
    IScriptStore Scripts,
    IJobStore Jobs,
    IScheduleStore Schedules
);
