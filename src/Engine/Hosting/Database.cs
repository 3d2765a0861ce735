using GopherFlow.Settings;
using GopherFlow.Storage;

namespace GopherFlow.Hosting;

/// <summary>A database in which an application can store its workflows. Each store package adds one to the registration.</summary>
public abstract class Database
{
    /// <summary>The names of the database in GFLOW_DATABASE_TYPE.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>Reads the settings of the database. Errors are collected in the reader.</summary>
    /// <returns>
    /// A function that opens the stores. Call it only if the settings have no errors. It takes a clock to use instead of the database's, or
    /// null.
    /// </returns>
    public abstract Func<TimeProvider?, OpenedStores> Read(SettingsReader settings);
}

/// <summary>The stores of one database.</summary>
/// <param name="Workflows">Workflows and their history.</param>
/// <param name="Accounts">Users, sessions and API keys.</param>
/// <param name="Audit">The log of changes made by people and API keys.</param>
/// <param name="Throughput">How many workflows ended in each recent minute.</param>
/// <param name="Scripts">Workflow scripts.</param>
/// <param name="Jobs">Operations on many workflows.</param>
/// <param name="Schedules">The schedules that start workflows.</param>
public sealed record OpenedStores(
    IWorkflowStore Workflows,
    IAccountStore Accounts,
    IAuditLog Audit,
    IThroughputLog Throughput,
    IScriptStore Scripts,
    IJobStore Jobs,
    IScheduleStore Schedules
);
