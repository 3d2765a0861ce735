using GopherFlow.Definitions;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>A request for due workflows.</summary>
/// <param name="ExecutorId">The executor that claims them.</param>
/// <param name="Definitions">The versions of definitions that it can run.</param>
/// <param name="ExecutorGroups">The groups that it serves.</param>
/// <param name="Limit">The maximum number of workflows to take.</param>
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
    /// The waiting time that one step of priority is worth: a workflow that has waited this much longer is claimed before one whose
    /// priority is better by one. Default: 1 minute.
    /// </summary>
    public TimeSpan PriorityStep { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether nothing is known to be due. A store may then query first, if a query is cheaper there than a claim that takes nothing.
    /// Default: false.
    /// </summary>
    public bool ExpectsNothing { get; init; }

    /// <summary>The rank by which due workflows are claimed; of equal ranks, the smaller id comes first.</summary>
    internal DateTimeOffset RankOf(int priority, DateTimeOffset due) => due + (priority * PriorityStep);
}

/// <summary>The result of a claim.</summary>
/// <param name="Claimed">The workflows as they are after the claim, in the order in which to run them.</param>
/// <param name="Changes">The same workflows, as changes.</param>
/// <param name="NextDue">
/// When the next parked workflow of these groups and definitions is due; null if there is none, or if the limit was reached.
/// </param>
public sealed record ClaimResult(
    IReadOnlyList<WorkflowRecord> Claimed,
    IReadOnlyList<WorkflowChange> Changes,
    DateTimeOffset? NextDue
)
{
    /// <summary>For each claimed workflow, in the same order, since when it was due.</summary>
    public IReadOnlyList<DateTimeOffset> DueSince { get; init; } = [];

    internal static ClaimResult Of(
        List<WorkflowRecord> claimed,
        List<DateTimeOffset> dueSince,
        DateTimeOffset? nextDue
    ) => new(claimed, ChangesOf(claimed), nextDue) { DueSince = dueSince };

    /// <summary>The changes that a claim makes. It leaves the state as it is.</summary>
    internal static List<WorkflowChange> ChangesOf(List<WorkflowRecord> claimed) =>
        claimed.ConvertAll(workflow => WorkflowChange.To(workflow, workflow.State));
}

/// <summary>A notification that another process has made work due.</summary>
/// <param name="ExecutorGroup">The executor group of that work.</param>
/// <param name="Definition">The definition and version of that work.</param>
/// <param name="Due">Since when or from when it is due.</param>
public readonly record struct DueHint(string ExecutorGroup, DefinitionKey Definition, DateTimeOffset Due);

/// <summary>When the first parked workflow of a definition and group is due, or has been due.</summary>
/// <param name="Definition">The definition and version.</param>
/// <param name="ExecutorGroup">The executor group.</param>
/// <param name="Due">Since when or from when it is due.</param>
public readonly record struct FirstDue(DefinitionKey Definition, string ExecutorGroup, DateTimeOffset Due);

/// <summary>A search for the workflows that wait for permits.</summary>
/// <param name="Definitions">The definitions whose workflows may need permits.</param>
/// <param name="ExecutorGroups">The groups in which they may wait.</param>
/// <param name="Most">The maximum number of workflows to read for each state, definition and group.</param>
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

/// <summary>The due workflows of one definition, state and executor group that wait for a permit.</summary>
/// <param name="Definition">Their definition and version.</param>
/// <param name="State">The state in which they wait.</param>
/// <param name="Waiting">How many were counted; at most <see cref="PermitQueueSearch.Most"/>.</param>
/// <param name="FirstDue">Since when the first of them has been due.</param>
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

/// <summary>A search for workflows of dead executors. A lease expires by the database's clock.</summary>
/// <param name="ExecutorId">The executor that takes over; recorded in the history.</param>
/// <param name="Limit">The maximum number of workflows to take over.</param>
public sealed record RepairRequest(long ExecutorId, int Limit);

/// <summary>The result of a repair.</summary>
/// <param name="Changes">The workflows that were taken over, in the order of their ids.</param>
/// <param name="NextExpiry">When the next lease expires unless it is renewed; null if no executor is alive.</param>
/// <param name="Executors">How many executors are alive.</param>
/// <param name="Now">The database's clock at that moment.</param>
public sealed record RepairResult(
    IReadOnlyList<WorkflowChange> Changes,
    DateTimeOffset? NextExpiry,
    int Executors,
    DateTimeOffset Now
);
