using System.Diagnostics.CodeAnalysis;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>A claim that this executor holds, and the run that goes with it.</summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "It may be cancelled while the run ends, and has neither a timer nor a handle to dispose of."
)]
internal sealed class WorkflowRun(WorkflowRecord workflow)
{
    // Only the engine registers with it; the author's functions have tokens of their own.
    private readonly CancellationTokenSource cancellation = new();
    private StateCall? call;

    /// <summary>The workflow as it is committed.</summary>
    public WorkflowRecord Workflow { get; set; } = workflow;

    /// <summary>How many transitions it has made.</summary>
    public int Transitions { get; set; }

    /// <summary>The claim.</summary>
    public ClaimKey Claim { get; } = new(workflow.Id, workflow.Lease);

    /// <summary>The call of a state function that is under way, or was last.</summary>
    public StateCall? Call => Volatile.Read(ref call);

    /// <summary>Set when nothing of the running step is wanted any more.</summary>
    public CancellationToken Cancellation => cancellation.Token;

    /// <summary>A state function is about to be called.</summary>
    public void Begin(StateCall next)
    {
        Interlocked.Exchange(ref call, next);
        if (cancellation.IsCancellationRequested)
        {
            next.Abandon();
        }
    }

    /// <summary>Ends the run and drops the step that it is in.</summary>
    /// <returns>The call whose function is to be told, or null when none is under way.</returns>
    public StateCall? Cancel()
    {
        cancellation.Cancel();
        return Call is { } running && running.Abandon() ? running : null;
    }
}
