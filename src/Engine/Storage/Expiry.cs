using GopherFlow.Authoring;

namespace GopherFlow.Storage;

/// <summary>A claim to a role that one process at a time can have.</summary>
/// <param name="Role">The role.</param>
/// <param name="ExecutorId">The executor that claims it.</param>
/// <param name="Lease">How long the executor keeps it, from now on by the database's clock.</param>
public sealed record RoleClaim(string Role, long ExecutorId, TimeSpan Lease);

/// <summary>A position in the order of <see cref="ExpiredSearch"/>. The workflows after it have not been read yet.</summary>
/// <param name="Finished">When the workflow at this position ended.</param>
/// <param name="Id">Its id, because several workflows can end at the same instant.</param>
public readonly record struct ExpiryPosition(DateTimeOffset Finished, long Id)
{
    /// <summary>Before all workflows.</summary>
    public static ExpiryPosition First { get; } = new(DateTimeOffset.UnixEpoch, 0);
}

/// <summary>A page of the workflows that ended long enough ago, in the order in which they ended.</summary>
/// <param name="Retention">How long ago they must have ended at least, by the database's clock.</param>
/// <param name="After">Only workflows after this position.</param>
/// <param name="Limit">The maximum number of workflows in the page.</param>
public sealed record ExpiredSearch(TimeSpan Retention, ExpiryPosition After, int Limit);

/// <summary>A workflow that ended long ago.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Revision">Its revision when it was read.</param>
/// <param name="WorkflowType">Its type.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Finished">When.</param>
/// <param name="IsNeeded">Whether its parent or one of its children is unfinished.</param>
public sealed record ExpiredWorkflow(
    long Id,
    long Revision,
    string WorkflowType,
    WorkflowStatus Status,
    DateTimeOffset Finished,
    bool IsNeeded
)
{
    /// <summary>Its position in the order.</summary>
    public ExpiryPosition Position => new(Finished, Id);
}

/// <summary>How long data other than workflows is kept.</summary>
/// <param name="Executors">How long an executor is kept after its end.</param>
/// <param name="Signals">How long a signal, and with it its key, is kept after it was taken; zero means forever.</param>
/// <param name="ScriptVersions">How many of the newest versions of a script are kept even if nothing uses them; 0 keeps all.</param>
/// <param name="Audit">How long an entry of the audit log is kept; zero means forever.</param>
/// <param name="Throughput">How long the numbers of workflows that ended in each minute are kept.</param>
/// <param name="Limit">
/// The maximum number of signals, and of entries of the audit log, to delete in one transaction, and of kinds whose counts are deleted.
/// </param>
public sealed record LeftoverLimits(
    TimeSpan Executors,
    TimeSpan Signals,
    int ScriptVersions,
    TimeSpan Audit,
    TimeSpan Throughput,
    int Limit
);

/// <summary>How much was deleted, apart from workflows.</summary>
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
    /// <summary>The sum of all.</summary>
    public int Total => Executors + Sessions + Signals + ScriptVersions + Definitions + Audit;

    /// <summary>The sum of both.</summary>
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
