using GopherFlow.Definitions;

namespace GopherFlow.Storage;

/// <summary>A wish for due workflows.</summary>
/// <param name="ExecutorId">Who takes them.</param>
/// <param name="Definitions">The versions of definitions that it can run.</param>
/// <param name="ExecutorGroups">Its groups.</param>
/// <param name="Limit">At most so many.</param>
/// <param name="Now">Due means at or before this instant.</param>
public sealed record ClaimRequest(
    long ExecutorId,
    IReadOnlyList<DefinitionKey> Definitions,
    IReadOnlyList<string> ExecutorGroups,
    int Limit,
    DateTimeOffset Now
)
{
    /// <summary>Due means at or before this instant.</summary>
    public DateTimeOffset Now
    {
        get;
        init => field = value.AsStored();
    } = Now.AsStored();
}

/// <summary>What was taken.</summary>
/// <param name="Claimed">The workflows as they are after the claim, first to run first.</param>
/// <param name="Changes">The same, as changes.</param>
/// <param name="NextDue">When the next parked workflow of these groups is due, if any is; null when the limit was reached.</param>
public sealed record ClaimResult(
    IReadOnlyList<WorkflowRecord> Claimed,
    IReadOnlyList<WorkflowChange> Changes,
    DateTimeOffset? NextDue
);

/// <summary>Work that another process has left.</summary>
/// <param name="ExecutorGroup">Whose it is.</param>
/// <param name="Due">Since or from when it is due.</param>
public readonly record struct DueHint(string ExecutorGroup, DateTimeOffset Due);

/// <summary>One claim: a workflow and the lease under which it is held.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Lease">The lease.</param>
public readonly record struct ClaimKey(long WorkflowId, long Lease);

/// <summary>Claims to give back.</summary>
/// <param name="ExecutorId">Who holds them.</param>
/// <param name="Claims">The claims.</param>
/// <param name="Now">The instant at which the workflows become due.</param>
public sealed record ReleaseRequest(long ExecutorId, IReadOnlyList<ClaimKey> Claims, DateTimeOffset Now)
{
    /// <summary>The instant at which the workflows become due.</summary>
    public DateTimeOffset Now
    {
        get;
        init => field = value.AsStored();
    } = Now.AsStored();
}

/// <summary>A search for workflows whose owner is dead: a lease ends by the database's clock.</summary>
/// <param name="ExecutorId">Who repairs; entered in the history.</param>
/// <param name="Limit">At most so many.</param>
public sealed record RepairRequest(long ExecutorId, int Limit);

/// <summary>What a repair has done.</summary>
/// <param name="Changes">The workflows that were taken over, in the order of their ids.</param>
/// <param name="NextExpiry">When the next lease runs out unless it is renewed; null when no executor is alive.</param>
/// <param name="Now">The database's clock at that moment.</param>
public sealed record RepairResult(
    IReadOnlyList<WorkflowChange> Changes,
    DateTimeOffset? NextExpiry,
    DateTimeOffset Now
);
