using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Authoring;

/// <summary>The function of a state: reads the context, changes variables, and returns the next state.</summary>
public delegate ValueTask<NextState> StateFunction(StepContext step);

/// <summary>
/// Writes to the application's own tables in the transaction that commits a step. It receives the store's open connection and transaction.
/// It must not commit, roll back or close them, nor use them after it has returned. If it throws, the whole transaction is rolled back and
/// the attempt has failed.
/// </summary>
public delegate Task CommitCallback(DbConnection connection, DbTransaction transaction, CancellationToken cancellation);

/// <summary>The workflow and the current attempt, as passed to a state function. Valid until the function returns.</summary>
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

    /// <summary>The id of the workflow, assigned by the store.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>The unique id of the workflow that its creator chose.</summary>
    public required string ExternalId { get; init; }

    /// <summary>What the workflow is about, such as an order number.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>The name of the definition.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>The name of the state that runs.</summary>
    public required string State { get; init; }

    /// <summary>1 for the first run of this state, 2 for the first retry, and so on.</summary>
    public required int Attempt { get; init; }

    /// <summary>
    /// A key that is the same for every retry of this step and different for every other step of any workflow. Pass it to external systems
    /// as an idempotency key.
    /// </summary>
    public required string StepKey { get; init; }

    /// <summary>
    /// The <see cref="StepKey"/> of the step that this one undoes: the idempotency key of the external call to reverse. Null in a state
    /// that undoes nothing.
    /// </summary>
    public string? Undoes { get; internal set; }

    /// <summary>The workflow's variables. Changes are committed with the step, and discarded if the attempt fails.</summary>
    public required Variables Variables { get; init; }

    /// <summary>The signal that the state was waiting for, or null if it was not waiting for one.</summary>
    public ReceivedSignal? Signal { get; init; }

    /// <summary>A logger that adds the workflow's ids to each entry.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>The engine's clock, which follows the clock of the database.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>The services of the scope of this step.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>
    /// Cancelled when the state's timeout has passed, the step is dropped (for example because the lease is lost), or the process stops.
    /// </summary>
    public required CancellationToken Cancellation { get; init; }

    /// <summary>How many transitions the workflow has made.</summary>
    internal int StepNumber { get; init; }

    /// <summary>The <see cref="StepKey"/> of a step of this workflow, by its number.</summary>
    internal string KeyOf(int step) => $"{ExternalId}:{step}";

    /// <summary>
    /// Whether a step of the workflow has been committed. Before that, its variables are those with which it was created.
    /// </summary>
    internal bool HasBegun { get; init; }

    internal CommitCallback? CommitCallback { get; private set; }

    /// <summary>
    /// Creates a request for a child. Its variables are written with the same serializer options as those of this workflow, including
    /// converters that the application has added.
    /// </summary>
    /// <param name="workflowType">The name of a definition that this or another executor runs.</param>
    /// <param name="businessKey">What the child is about, such as an order number.</param>
    public ChildRequest NewChild(string workflowType, string businessKey) =>
        new(workflowType, businessKey) { Variables = new Variables(Variables.Serialization) };

    /// <summary>Loads the workflow's children as they are committed now, oldest first.</summary>
    public Task<IReadOnlyList<ChildWorkflow>> GetChildrenAsync() => loadChildren(Cancellation);

    /// <summary>Loads the status and result of the workflow's children, oldest first, without their variables.</summary>
    public Task<IReadOnlyList<ChildResult>> GetChildResultsAsync() => loadResults(Cancellation);

    /// <summary>
    /// Runs a callback in the transaction that commits this step, so what it writes is committed exactly once. The callback itself may run
    /// more than once. Several callbacks run in the order in which they were added.
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
