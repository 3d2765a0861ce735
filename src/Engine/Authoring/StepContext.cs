using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Authoring;

/// <summary>Runs one state: reads the context, changes variables, and says where to go.</summary>
public delegate ValueTask<NextState> StateFunction(StepContext step);

/// <summary>
/// Writes to the user's own tables inside the transaction of a step's commit. It gets the open connection and transaction of
/// the store, and must neither commit nor keep them. If it throws, nothing of the step is committed and the attempt has failed.
/// </summary>
public delegate Task CommitCallback(DbConnection connection, DbTransaction transaction, CancellationToken cancellation);

/// <summary>What a state function knows of the workflow and of this attempt. Valid until the function returns.</summary>
public sealed class StepContext
{
    private readonly Func<CancellationToken, Task<IReadOnlyList<ChildWorkflow>>> loadChildren;
    private readonly Func<CancellationToken, Task<IReadOnlyList<ChildResult>>> loadResults;

    internal StepContext(
        Func<CancellationToken, Task<IReadOnlyList<ChildWorkflow>>> loadChildren,
        Func<CancellationToken, Task<IReadOnlyList<ChildResult>>> loadResults
    )
    {
        this.loadChildren = loadChildren;
        this.loadResults = loadResults;
    }

    /// <summary>The id that the store gave the workflow.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>The caller's id for the workflow, unique.</summary>
    public required string ExternalId { get; init; }

    /// <summary>What the workflow is about, in the words of the business.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>The name of the definition.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>The state that runs.</summary>
    public required string State { get; init; }

    /// <summary>1 for the first run of this state, 2 for the first retry, and so on.</summary>
    public required int Attempt { get; init; }

    /// <summary>
    /// The same for every retry of this step and different for every other step of any workflow: what to give to an outside
    /// system as an idempotency key.
    /// </summary>
    public required string StepKey { get; init; }

    /// <summary>
    /// The <see cref="StepKey"/> of the step that this one undoes: what an outside system was given with what is to be taken back. Null in a
    /// state that undoes nothing.
    /// </summary>
    public string? Undoes { get; internal set; }

    /// <summary>The workflow's variables.</summary>
    public required Variables Variables { get; init; }

    /// <summary>The signal that the state was waiting for; null when it did not wait for one.</summary>
    public ReceivedSignal? Signal { get; init; }

    /// <summary>A logger whose entries carry the workflow's ids.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>The engine's clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>The services of this step's scope.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>Set when the state's timeout has passed, the lease is lost, or the process stops.</summary>
    public required CancellationToken Cancellation { get; init; }

    /// <summary>The transitions that the workflow has made.</summary>
    internal int StepNumber { get; init; }

    /// <summary>The <see cref="StepKey"/> of a step of this workflow.</summary>
    internal string KeyOf(int step) => $"{ExternalId}:{step}";

    /// <summary>Whether a step of the workflow is committed: until then its variables are what it was created with.</summary>
    internal bool HasBegun { get; init; }

    internal CommitCallback? CommitCallback { get; private set; }

    /// <summary>
    /// Begins a request for a child whose variables are written as those of this workflow are, also with converters that the
    /// application has added.
    /// </summary>
    /// <param name="workflowType">The name of a definition that this or another executor runs.</param>
    /// <param name="businessKey">What the child is about, in the words of the business.</param>
    public ChildRequest NewChild(string workflowType, string businessKey) =>
        new(workflowType, businessKey) { Variables = new Variables(Variables.Serialization) };

    /// <summary>Loads the workflow's children as they are committed now, oldest first. Nothing is loaded unless asked for.</summary>
    public Task<IReadOnlyList<ChildWorkflow>> GetChildrenAsync() => loadChildren(Cancellation);

    /// <summary>Loads how the workflow's children stand or have ended, oldest first, without their variables.</summary>
    public Task<IReadOnlyList<ChildResult>> GetChildResultsAsync() => loadResults(Cancellation);

    /// <summary>
    /// Runs a callback inside the transaction that commits this step, so that a row of your own is written exactly once.
    /// Several callbacks run in the order in which they were added.
    /// </summary>
    public void OnCommit(CommitCallback callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        CommitCallback = CommitCallback is { } earlier
            ? async (connection, transaction, cancellation) =>
            {
                await earlier(connection, transaction, cancellation);
                await callback(connection, transaction, cancellation);
            }
            : callback;
    }
}
