using System.Diagnostics.CodeAnalysis;
using GopherFlow.Authoring;
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
    private readonly CancellationTokenSource stop = new();
    private StateCall? call;
    private volatile bool isDropped;

    /// <summary>The workflow as it is committed.</summary>
    public WorkflowRecord Workflow { get; set; } = workflow;

    /// <summary>The signal that its state was waiting for, if it was.</summary>
    public ReceivedSignal? Signal { get; set; }

    /// <summary>How many transitions it has made.</summary>
    public int Transitions { get; set; }

    /// <summary>The claim.</summary>
    public ClaimKey Claim { get; } = new(workflow.Id, workflow.Lease);

    /// <summary>The call of a state function that is under way, or was last.</summary>
    public StateCall? Call => Volatile.Read(ref call);

    /// <summary>Whether nothing of the running step is wanted any more.</summary>
    public bool IsDropped => isDropped;

    /// <summary>For what the engine does for the run beside its functions, such as loading its definition.</summary>
    public CancellationToken Cancellation => stop.Token;

    /// <summary>A state function is about to be called.</summary>
    public void Begin(StateCall next)
    {
        Interlocked.Exchange(ref call, next);
        if (isDropped)
        {
            next.Abandon();
        }
    }

    /// <summary>Drops the step that the run is in, and ends the run. Runs no callback.</summary>
    /// <returns>False when that has happened before.</returns>
    public bool Drop()
    {
        var before = Interlocked.Exchange(ref isDropped, true);
        Call?.Abandon();
        return !before;
    }

    /// <summary>Cancels what goes on for the run, and runs what is registered with it.</summary>
    public void Cancel()
    {
        stop.Cancel();
        Call?.Stop.Cancel();
    }
}
