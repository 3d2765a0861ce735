using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations;

/// <summary>Writes the events of callers and operators, and passes the result to the executor.</summary>
internal sealed class EventWriter(IWorkflowStore store, Executor executor, TimeProvider clock)
{
    /// <summary>Writes events in one transaction.</summary>
    /// <returns>One outcome per event.</returns>
    public async Task<IReadOnlyList<EventOutcome>> WriteAsync(
        IReadOnlyList<EventFor> events,
        CancellationToken cancellation
    )
    {
        var result = await store.WriteAsync(new WriteBatch([], events, ExecutorId: null, clock.Now()), cancellation);
        executor.Observe(result);
        return result.Events;
    }

    /// <summary>Writes one event.</summary>
    /// <exception cref="RejectedRequestException">A variable cannot be set to that value. Nothing is stored.</exception>
    public async Task<OperationResult> ApplyAsync(
        long workflowId,
        WorkflowEvent happened,
        CancellationToken cancellation
    ) => ResultOf((await WriteAsync([new(workflowId, happened)], cancellation))[0]);

    /// <summary>Converts an outcome to the result for the caller.</summary>
    /// <exception cref="RejectedRequestException">A variable cannot be set to that value. Nothing is stored.</exception>
    public static OperationResult ResultOf(EventOutcome outcome) =>
        outcome.Verdict switch
        {
            EventVerdict.NotFound => OperationResult.NotFound,
            EventVerdict.Rejected when outcome.Reason is InvalidVariableException fault =>
                throw new RejectedRequestException([new("value", null, fault.Expected)]),
            EventVerdict.Committed => new(OperationVerdict.Changed, outcome.Workflow?.State, outcome.Workflow?.Status),
            _ => new(OperationVerdict.Conflict, outcome.Workflow?.State, outcome.Workflow?.Status),
        };
}
