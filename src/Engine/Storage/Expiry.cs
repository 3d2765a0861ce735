using GopherFlow.Authoring;

namespace GopherFlow.Storage;

/// <summary>Asks for a role that one process at a time has.</summary>
/// <param name="Role">Which.</param>
/// <param name="ExecutorId">Who asks.</param>
/// <param name="Lease">How long it is held, from now on by the database's clock.</param>
public sealed record RoleClaim(string Role, long ExecutorId, TimeSpan Lease);

/// <summary>A place in the order of <see cref="ExpiredSearch"/>: behind it nothing has been looked at yet.</summary>
/// <param name="Finished">When a workflow ended.</param>
/// <param name="Id">Which one, for several end at one instant.</param>
public readonly record struct ExpiryPosition(DateTimeOffset Finished, long Id)
{
    /// <summary>Before all workflows.</summary>
    public static ExpiryPosition First { get; } = new(DateTimeOffset.UnixEpoch, 0);
}

/// <summary>A page of the workflows that ended long ago, the one that ended first before the others.</summary>
/// <param name="Retention">How long ago by the database's clock, at least.</param>
/// <param name="After">Only those behind this place.</param>
/// <param name="Limit">The most workflows in the page.</param>
public sealed record ExpiredSearch(TimeSpan Retention, ExpiryPosition After, int Limit);

/// <summary>A workflow that ended long ago.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Revision">The revision that was seen.</param>
/// <param name="WorkflowType">Its type.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Finished">When.</param>
/// <param name="IsNeeded">Whether its parent is unfinished, or a child of its own is.</param>
public sealed record ExpiredWorkflow(
    long Id,
    long Revision,
    string WorkflowType,
    WorkflowStatus Status,
    DateTimeOffset Finished,
    bool IsNeeded
)
{
    /// <summary>Its place in the order.</summary>
    public ExpiryPosition Position => new(Finished, Id);
}

/// <summary>What may be kept beside the workflows, and for how long.</summary>
/// <param name="Executors">How long an executor is kept after its end.</param>
/// <param name="Signals">How long a signal is kept after it was taken, and with it its key; zero is for ever.</param>
/// <param name="ScriptVersions">How many of the newest versions of a script are kept although nothing uses them; 0 keeps all.</param>
/// <param name="Audit">How long an entry of the audit log is kept; zero is for ever.</param>
/// <param name="Throughput">How long it is kept how many workflows ended in a minute.</param>
/// <param name="Limit">
/// The most signals, and the most entries of the audit log, to remove in one transaction, and the most kinds whose counts are removed.
/// </param>
public sealed record LeftoverLimits(
    TimeSpan Executors,
    TimeSpan Signals,
    int ScriptVersions,
    TimeSpan Audit,
    TimeSpan Throughput,
    int Limit
);

/// <summary>How much was deleted beside the workflows.</summary>
/// <param name="Executors">Executors that ended long ago.</param>
/// <param name="Sessions">Sessions that have expired.</param>
/// <param name="Signals">Signals that were taken long ago.</param>
/// <param name="ScriptVersions">Versions of scripts.</param>
/// <param name="Definitions">Versions of definitions.</param>
/// <param name="Audit">Entries of the audit log.</param>
public readonly record struct Leftovers(
    int Executors,
    int Sessions,
    int Signals,
    int ScriptVersions,
    int Definitions,
    int Audit
)
{
    /// <summary>All together.</summary>
    public int Total => Executors + Sessions + Signals + ScriptVersions + Definitions + Audit;

    /// <summary>Both together.</summary>
    public Leftovers And(Leftovers others) =>
        new(
            Executors + others.Executors,
            Sessions + others.Sessions,
            Signals + others.Signals,
            ScriptVersions + others.ScriptVersions,
            Definitions + others.Definitions,
            Audit + others.Audit
        );
}
