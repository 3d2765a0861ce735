using System.Data.Common;
using GopherFlow.Authoring;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Gives an OnCommit callback its time limit and a thread for the author's code. What the store awaits ends at the limit, whether or
/// not the callback heeds its token; the store then rolls back. A callback that goes on holds a slot until it returns.
/// </summary>
internal sealed class CommitCallbacks(
    AuthorThreads threads,
    RunningWorkflows runs,
    TimeSpan timeout,
    DatabaseClock clock,
    ILogger<CommitCallbacks> log
)
{
    /// <summary>The callback of a step within its limit.</summary>
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
            // It did what it was asked to.
        }
        catch (Exception failure)
        {
            log.LateCommitCallbackFailed(failure, call.Workflow.Id, call.Workflow.WorkflowType, call.Workflow.State);
        }
    }
}
