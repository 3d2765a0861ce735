using GopherFlow.Definitions;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>A request for due workflows.</summary>
/// <param name="ExecutorId">Who takes them.</param>
/// <param name="Definitions">The versions of definitions that it can run.</param>
/// <param name="ExecutorGroups">Its groups.</param>
/// <param name="Limit">The most workflows to take.</param>
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

    /// <summary>
    /// How much waiting time one step of priority is worth: a workflow that has waited this much longer goes before one whose priority is
    /// better by one. Default: 1 minute.
    /// </summary>
    public TimeSpan PriorityStep { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Nothing is known to be due: a store to which it matters looks before it claims, for a look is cheaper than a claim that takes nothing.
    /// Default: false.
    /// </summary>
    public bool ExpectsNothing { get; init; }

    /// <summary>The order in which due workflows are claimed; at one instant the smaller id comes first.</summary>
    internal DateTimeOffset RankOf(int priority, DateTimeOffset due) => due + (priority * PriorityStep);
}

/// <summary>What was taken.</summary>
/// <param name="Claimed">The workflows as they are after the claim, first to run first.</param>
/// <param name="Changes">The same, as changes.</param>
/// <param name="NextDue">When the next parked workflow of these groups and definitions is due, if any is; null when the limit was reached.</param>
public sealed record ClaimResult(
    IReadOnlyList<WorkflowRecord> Claimed,
    IReadOnlyList<WorkflowChange> Changes,
    DateTimeOffset? NextDue
)
{
    /// <summary>Since when each of the workflows was due, in their order.</summary>
    public IReadOnlyList<DateTimeOffset> DueSince { get; init; } = [];

    /// <summary>The result of a claim.</summary>
    internal static ClaimResult Of(
        List<WorkflowRecord> claimed,
        List<DateTimeOffset> dueSince,
        DateTimeOffset? nextDue
    ) => new(claimed, ChangesOf(claimed), nextDue) { DueSince = dueSince };

    /// <summary>A claim leaves the state as it is.</summary>
    internal static List<WorkflowChange> ChangesOf(List<WorkflowRecord> claimed) =>
        claimed.ConvertAll(workflow => WorkflowChange.To(workflow, workflow.State));
}

/// <summary>Work that another process has left.</summary>
/// <param name="ExecutorGroup">The group whose it is.</param>
/// <param name="Definition">The definition and the version that it needs.</param>
/// <param name="Due">Since or from when it is due.</param>
public readonly record struct DueHint(string ExecutorGroup, DefinitionKey Definition, DateTimeOffset Due);

/// <summary>When the first workflow that is parked somewhere is due, or was.</summary>
/// <param name="Definition">Its definition and version.</param>
/// <param name="ExecutorGroup">Its group.</param>
/// <param name="Due">Since or from when.</param>
public readonly record struct FirstDue(DefinitionKey Definition, string ExecutorGroup, DateTimeOffset Due);

/// <summary>A look at who waits for permits.</summary>
/// <param name="Definitions">The definitions whose workflows may need permits.</param>
/// <param name="ExecutorGroups">The groups in which they may wait.</param>
/// <param name="Most">The most workflows to look at for each state, definition and group.</param>
/// <param name="Now">Due means at or before this instant.</param>
public sealed record PermitQueueSearch(
    IReadOnlyList<DefinitionKey> Definitions,
    IReadOnlyList<string> ExecutorGroups,
    int Most,
    DateTimeOffset Now
)
{
    /// <summary>Due means at or before this instant.</summary>
    public DateTimeOffset Now
    {
        get;
        init => field = value.AsStored();
    } = Now.AsStored();

    internal IEnumerable<PermitPlace> Places =>
        from definition in Definitions.Distinct()
        from executorGroup in ExecutorGroups.Distinct()
        select new PermitPlace(definition, executorGroup);
}

/// <summary>The workflows that are due somewhere and wait for a permit.</summary>
/// <param name="Definition">Their definition and version.</param>
/// <param name="State">The state in which they wait.</param>
/// <param name="Waiting">How many were seen.</param>
/// <param name="FirstDue">Since when the first of them is due.</param>
public readonly record struct PermitQueue(
    DefinitionKey Definition,
    string State,
    long Waiting,
    DateTimeOffset FirstDue
);

/// <summary>One claim: a workflow and the lease under which it is held.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Lease">The lease.</param>
public readonly record struct ClaimKey(long WorkflowId, long Lease);

/// <summary>A search for workflows whose owner is dead: a lease ends by the database's clock.</summary>
/// <param name="ExecutorId">Who repairs; entered in the history.</param>
/// <param name="Limit">The most workflows to take over.</param>
public sealed record RepairRequest(long ExecutorId, int Limit);

/// <summary>What a repair has done.</summary>
/// <param name="Changes">The workflows that were taken over, in the order of their ids.</param>
/// <param name="NextExpiry">When the next lease runs out unless it is renewed; null when no executor is alive.</param>
/// <param name="Executors">How many executors are alive.</param>
/// <param name="Now">The database's clock at that moment.</param>
public sealed record RepairResult(
    IReadOnlyList<WorkflowChange> Changes,
    DateTimeOffset? NextExpiry,
    int Executors,
    DateTimeOffset Now
);
