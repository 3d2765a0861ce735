using System.Data.Common;
using GopherFlow.Authoring;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Runs OnCommit callbacks with a timeout, on a thread for the author's code. The store's wait ends at the timeout even if the callback
/// ignores its token, and the store then rolls back. A callback that continues to run holds a slot until it returns.
/// </summary>
internal sealed class CommitCallbacks(
    AuthorThreads threads,
    RunningWorkflows runs,
    TimeSpan timeout,
    DatabaseClock clock,
    ILogger<CommitCallbacks> log
)
{
    /// <summary>Wraps the callback of a step with the timeout.</summary>
    public CommitCallback Limit(StateCall call, CommitCallback callback) =>
        (connection, transaction, cancellation) => RunAsync(call, callback, connection, transaction, cancellation);

    private async Task RunAsync(
        StateCall call,
        CommitCallback callback,
        DbConnection connection,
        DbTransaction transaction,
        CancellationToken cancellation
    )
    {
        var began = clock.Now();
        using var limit = new CancellationTokenSource(timeout, clock);
        var stop = new CancellationTokenSource();
        var running = threads.RunAsync(() => callback(connection, transaction, stop.Token));
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            await running.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!running.IsCompleted)
        {
            threads.Cancel(stop.Cancel, call.Workflow);
            _ = ObserveAsync(call, running, began);
            cancellation.ThrowIfCancellationRequested();
            throw new TimeoutException($"The OnCommit callbacks did not finish within {timeout}.");
        }
    }

    private async Task ObserveAsync(StateCall call, Task running, DateTimeOffset began)
    {
        try
        {
            await runs.HoldUntilReturnedAsync(running, call.Workflow, began);
        }
        catch (OperationCanceledException)
        {
            // The callback has reacted to its token.
        }
        catch (Exception failure)
        {
            log.LateCommitCallbackFailed(failure, call.Workflow.Id, call.Workflow.WorkflowType, call.Workflow.State);
        }
    }
}
