using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>What one transaction writes: new workflows, and events that have happened to others.</summary>
/// <param name="Creates">Workflows to create.</param>
/// <param name="Events">Events, in the order in which they happened.</param>
/// <param name="ExecutorId">The executor that writes, recorded in the history; null for a person.</param>
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

/// <summary>An event, and the workflow to which it happens.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Event">The event.</param>
public sealed record EventFor(long WorkflowId, WorkflowEvent Event)
{
    /// <summary>
    /// The workflow as the caller knows it, or null. If its row has not changed since, it is written without being read first.
    /// </summary>
    public WorkflowRecord? Known { get; init; }

    /// <summary>
    /// A callback that writes to the user's own tables in the same transaction, or null. If it throws, nothing of the event is written and
    /// the outcome is <see cref="EventVerdict.Rejected"/>. An event with a callback has its own transaction.
    /// </summary>
    public CommitCallback? OnCommit { get; init; }
}

/// <summary>The result of a <see cref="WriteBatch"/>, in the order of its members.</summary>
/// <param name="Creates">One outcome for each create.</param>
/// <param name="Events">One outcome for each event.</param>
/// <param name="Changes">Every workflow that has changed, including parents and children, in the order of writing.</param>
public sealed record WriteResult(
    IReadOnlyList<CreateOutcome> Creates,
    IReadOnlyList<EventOutcome> Events,
    IReadOnlyList<WorkflowChange> Changes
);

/// <summary>The outcome of a create.</summary>
/// <param name="Id">The id of the workflow that now has the external id.</param>
/// <param name="Existed">True if an earlier create had already made it. Nothing of it was changed.</param>
public readonly record struct CreateOutcome(long Id, bool Existed);

/// <summary>What happened to an event.</summary>
public enum EventVerdict
{
    /// <summary>The event is written.</summary>
    Committed,

    /// <summary>Another executor holds the workflow, or the attempt was already committed. Nothing is written.</summary>
    LeaseLost,

    /// <summary>The workflow is in none of the states, or not on the version, that the event requires. Nothing is written.</summary>
    WrongState,

    /// <summary>The workflow does not have the status, or the variables, that the event requires. Nothing is written.</summary>
    Conflict,

    /// <summary>There is no such workflow.</summary>
    NotFound,

    /// <summary>The event cannot be written, for the reason given. Nothing is written, and if it was an attempt, it has failed.</summary>
    Rejected,
}

/// <summary>The outcome of an event.</summary>
/// <param name="Verdict">Written, or why not.</param>
/// <param name="Workflow">The workflow as it is now; null when there is none.</param>
/// <param name="Reason">Why it was rejected.</param>
public readonly record struct EventOutcome(
    EventVerdict Verdict,
    WorkflowRecord? Workflow = null,
    Exception? Reason = null
);
