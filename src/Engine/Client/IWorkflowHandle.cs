namespace GopherFlow.Client;

/// <summary>A handle for one workflow, identified by its key. Thread-safe.</summary>
public interface IWorkflowHandle
{
    /// <summary>The external id of the workflow.</summary>
    string Key { get; }

    /// <summary>Reads the current status and data of the workflow.</summary>
    /// <exception cref="WorkflowCallException">The workflow does not exist (NotFound).</exception>
    Task<WorkflowSnapshot> QueryAsync(CancellationToken cancellation = default);

    /// <summary>Waits until the workflow has ended, with any outcome.</summary>
    /// <param name="cancellation">Cancels the wait. There is no other timeout.</param>
    /// <exception cref="WorkflowCallException">The workflow does not exist (NotFound).</exception>
    Task<WorkflowSnapshot> EndAsync(CancellationToken cancellation = default);

    /// <summary>Sends a signal to the workflow. If the workflow is not waiting for it yet, the signal is kept.</summary>
    /// <param name="name">The name of the signal.</param>
    /// <param name="payload">Any value that System.Text.Json can write.</param>
    /// <param name="signalKey">If not null, the signal is dropped when the workflow has already received one with the same key.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="WorkflowCallException">
    /// The workflow does not exist (NotFound), it has ended or already keeps the maximum number of signals (Conflict), or the signal is
    /// invalid (Rejected).
    /// </exception>
    Task SignalAsync(
        string name,
        object? payload = null,
        string? signalKey = null,
        CancellationToken cancellation = default
    );

    /// <summary>Cancels the workflow. A running step is asked to stop, and its result is discarded.</summary>
    /// <param name="children">Whether to cancel its unfinished descendants too. Default: false.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="WorkflowCallException">The workflow does not exist (NotFound), or it has ended (Conflict).</exception>
    Task CancelAsync(bool children = false, CancellationToken cancellation = default);

    /// <summary>Reads the history of the workflow, oldest entry first.</summary>
    /// <param name="follow">Whether to keep returning new entries until the workflow has ended. Default: false.</param>
    /// <param name="cancellation">Cancels the enumeration.</param>
    /// <exception cref="WorkflowCallException">The workflow does not exist (NotFound).</exception>
    IAsyncEnumerable<WorkflowHistoryItem> HistoryAsync(bool follow = false, CancellationToken cancellation = default);
}
