namespace GopherFlow.Client;

/// <summary>One workflow, known by its key. Thread-safe.</summary>
public interface IWorkflowHandle
{
    /// <summary>Its external id.</summary>
    string Key { get; }

    /// <summary>Its current status, with its data.</summary>
    /// <exception cref="WorkflowCallException">There is no such workflow (NotFound).</exception>
    Task<WorkflowSnapshot> QueryAsync(CancellationToken cancellation = default);

    /// <summary>Waits until it has ended, however it ends.</summary>
    /// <param name="cancellation">Ends the wait. There is no other limit.</param>
    /// <exception cref="WorkflowCallException">There is no such workflow (NotFound).</exception>
    Task<WorkflowSnapshot> EndAsync(CancellationToken cancellation = default);

    /// <summary>Sends it a signal. One that it does not wait for yet is kept.</summary>
    /// <param name="name">The name of the signal.</param>
    /// <param name="payload">Anything that System.Text.Json can write.</param>
    /// <param name="signalKey">When not null: a signal whose key the workflow has received before is dropped.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="WorkflowCallException">There is no such workflow (NotFound), it has ended (Conflict), or the signal is faulty (Rejected).</exception>
    Task SignalAsync(
        string name,
        object? payload = null,
        string? signalKey = null,
        CancellationToken cancellation = default
    );

    /// <summary>Cancels it. A step that runs is asked to stop, and its result is dropped.</summary>
    /// <param name="children">Whether its unfinished children, and theirs, are cancelled with it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="WorkflowCallException">There is no such workflow (NotFound), or it has ended (Conflict).</exception>
    Task CancelAsync(bool children = false, CancellationToken cancellation = default);

    /// <summary>Its history so far, oldest first.</summary>
    /// <param name="follow">Whether to continue with what happens next, until the workflow has ended. Default: false.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="WorkflowCallException">There is no such workflow (NotFound).</exception>
    IAsyncEnumerable<WorkflowHappening> HistoryAsync(bool follow = false, CancellationToken cancellation = default);
}
