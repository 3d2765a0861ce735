using GopherFlow.Authoring;

namespace GopherFlow.Storage;

/// <summary>What one transaction of the committer writes.</summary>
/// <param name="Creates">Workflows to create.</param>
/// <param name="Steps">Steps to commit; at most one of any workflow.</param>
/// <param name="ExecutorId">The executor that writes; entered in the history.</param>
/// <param name="Now">The instant of the commit.</param>
public sealed record WriteBatch(
    IReadOnlyList<NewWorkflow> Creates,
    IReadOnlyList<StepCommit> Steps,
    long ExecutorId,
    DateTimeOffset Now
)
{
    /// <summary>The instant of the commit.</summary>
    public DateTimeOffset Now
    {
        get;
        init => field = value.AsStored();
    } = Now.AsStored();
}

/// <summary>A workflow to create.</summary>
public sealed record NewWorkflow
{
    /// <summary>Unique among all workflows.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The name of its definition.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>The version of the definition.</summary>
    public required string Version { get; init; }

    /// <summary>What it is about.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>Which executors may run it.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>1 (first) to 9 (last).</summary>
    public int Priority { get; init; } = WorkflowPriority.Default;

    /// <summary>The state in which it starts.</summary>
    public required string State { get; init; }

    /// <summary>Its variables, as the text of a JSON object.</summary>
    public string StateVars { get; init; } = Variables.EmptyJson;

    /// <summary>When it is due.</summary>
    public required DateTimeOffset NextActivation
    {
        get;
        init => field = value.AsStored();
    }

    /// <summary>
    /// The executor that takes it with the very insert (lease 1, status EXECUTING), or null: NEW and to be claimed.
    /// </summary>
    public long? ClaimedBy { get; init; }

    /// <summary>What the history says of its creation, for example who asked for it.</summary>
    public string CreatedText { get; init; } = "";
}

/// <summary>The outcome of one attempt of one state, to be written whole or not at all.</summary>
public sealed record StepCommit
{
    /// <summary>The workflow as it was when the attempt began. Its lease and execution count are the fence.</summary>
    public required WorkflowRecord Before { get; init; }

    /// <summary>The state it is in now.</summary>
    public required string State { get; init; }

    /// <summary>EXECUTING keeps the claim and goes on at once; any other status gives the claim up.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>True for a transition, also one from a state to itself; false for a failed attempt.</summary>
    public required bool Advances { get; init; }

    /// <summary>Failed attempts of the state since it was reached.</summary>
    public required int RetryCount { get; init; }

    /// <summary>When a parked workflow is due; null when it is not parked or waits for its children.</summary>
    public DateTimeOffset? NextActivation
    {
        get;
        init => field = value.AsStored();
    }

    /// <summary>Parked until no child is open; with none open, it is due at once.</summary>
    public bool AwaitsChildren { get; init; }

    /// <summary>The new variables, or null when they are unchanged.</summary>
    public string? StateVars { get; init; }

    /// <summary>Entries for the history, oldest first. Those of created children and of the wake are added by the store.</summary>
    public IReadOnlyList<NewAction> Actions { get; init; } = [];

    /// <summary>Children to create.</summary>
    public IReadOnlyList<NewWorkflow> Children { get; init; } = [];

    /// <summary>Whether the parent becomes due.</summary>
    public bool WakesParent { get; init; }

    /// <summary>Writes to the user's own tables in the same transaction, or null.</summary>
    public CommitCallback? OnCommit { get; init; }
}

/// <summary>An entry for the history of a workflow.</summary>
/// <param name="Type">One of <see cref="ActionTypes"/>.</param>
/// <param name="Name">What it is about, mostly a state.</param>
/// <param name="Text">In words.</param>
public readonly record struct NewAction(string Type, string Name, string Text);

/// <summary>The result of a <see cref="WriteBatch"/>, in the order of its members.</summary>
/// <param name="Creates">One outcome a create.</param>
/// <param name="Steps">One outcome a step.</param>
/// <param name="Changes">Every workflow that is different now, parents and children included, in the order of writing.</param>
public sealed record WriteResult(
    IReadOnlyList<CreateOutcome> Creates,
    IReadOnlyList<StepOutcome> Steps,
    IReadOnlyList<WorkflowChange> Changes
);

/// <summary>What became of a create.</summary>
/// <param name="Id">The id of the workflow that has the external id now.</param>
/// <param name="Existed">True when it was there before; nothing of it was changed.</param>
public readonly record struct CreateOutcome(long Id, bool Existed);

/// <summary>What became of a step commit.</summary>
public enum StepVerdict
{
    /// <summary>It is written.</summary>
    Committed,

    /// <summary>The fence did not hold: another owns the workflow, or it was changed by hand. Nothing is written.</summary>
    LeaseLost,

    /// <summary>It cannot be written as it is, for the reason given. Nothing is written; the attempt has failed.</summary>
    Rejected,
}

/// <summary>What became of a step commit, with the reason when it was rejected.</summary>
/// <param name="Verdict">Written, fenced out, or rejected.</param>
/// <param name="Reason">Why it was rejected.</param>
public readonly record struct StepOutcome(StepVerdict Verdict, Exception? Reason = null);
