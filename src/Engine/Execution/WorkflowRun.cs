using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>A claim that this executor holds, and the run that goes with it.</summary>
internal sealed class WorkflowRun(WorkflowRecord workflow) : IDisposable
{
    private readonly CancellationTokenSource cancellation = new();

    /// <summary>The workflow as it is committed.</summary>
    public WorkflowRecord Workflow { get; set; } = workflow;

    /// <summary>The claim.</summary>
    public ClaimKey Claim { get; } = new(workflow.Id, workflow.Lease);

    /// <summary>Set when nothing of the running step is wanted any more.</summary>
    public CancellationToken Cancellation => cancellation.Token;

    /// <summary>Ends the running step; its outcome will be dropped.</summary>
    public void Cancel() => cancellation.Cancel();

    public void Dispose() => cancellation.Dispose();
}
