using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>What one transaction writes: new workflows, and what has happened to others.</summary>
/// <param name="Creates">Workflows to create.</param>
/// <param name="Events">Events, in the order in which they happened.</param>
/// <param name="ExecutorId">The executor that writes, entered in the history; null for a person.</param>
/// <param name="Now">The instant of the commit, by the database's clock.</param>
public sealed record WriteBatch(
    IReadOnlyList<NewWorkflow> Creates,
    IReadOnlyList<EventFor> Events,
    long? ExecutorId,
    DateTimeOffset Now
)
{
    /// <summary>The instant of the commit, by the database's clock.</summary>
    public DateTimeOffset Now
    {
        get;
        init => field = value.AsStored();
    } = Now.AsStored();
}

/// <summary>An event and the workflow that it happens to.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Event">What happens.</param>
public sealed record EventFor(long WorkflowId, WorkflowEvent Event)
{
    /// <summary>
    /// The workflow as the caller knows it, or null. When its row has not moved on since, it is written without being read first.
    /// </summary>
    public WorkflowRecord? Known { get; init; }

    /// <summary>
    /// Writes to the user's own tables in the same transaction, or null. When it throws, nothing of the event is written and the
    /// outcome is <see cref="EventVerdict.Rejected"/>. Such an event has a transaction of its own.
    /// </summary>
    public CommitCallback? OnCommit { get; init; }
}

/// <summary>The result of a <see cref="WriteBatch"/>, in the order of its members.</summary>
/// <param name="Creates">One outcome a create.</param>
/// <param name="Events">One outcome an event.</param>
/// <param name="Changes">Every workflow that is different now, parents and children included, in the order of writing.</param>
public sealed record WriteResult(
    IReadOnlyList<CreateOutcome> Creates,
    IReadOnlyList<EventOutcome> Events,
    IReadOnlyList<WorkflowChange> Changes
);

/// <summary>What became of a create.</summary>
/// <param name="Id">The id of the workflow that has the external id now.</param>
/// <param name="Existed">True when another create had made it before; nothing of it was changed.</param>
public readonly record struct CreateOutcome(long Id, bool Existed);

/// <summary>What became of an event.</summary>
public enum EventVerdict
{
    /// <summary>It is written.</summary>
    Committed,

    /// <summary>Another holds the workflow, or the attempt was committed before. Nothing is written.</summary>
    LeaseLost,

    /// <summary>The workflow is in none of the states, or not on the version, that the event asks for. Nothing is written.</summary>
    WrongState,

    /// <summary>The workflow has not the status, or the variables, that the event asks for. Nothing is written.</summary>
    Conflict,

    /// <summary>There is no such workflow.</summary>
    NotFound,

    /// <summary>It cannot be written as it is, for the reason given. Nothing is written; an attempt has failed.</summary>
    Rejected,
}

/// <summary>What became of an event.</summary>
/// <param name="Verdict">Written, or why not.</param>
/// <param name="Workflow">The workflow as it is now; null when there is none.</param>
/// <param name="Reason">Why it was rejected.</param>
public readonly record struct EventOutcome(
    EventVerdict Verdict,
    WorkflowRecord? Workflow = null,
    Exception? Reason = null
);
