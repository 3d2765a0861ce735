using System.Diagnostics.CodeAnalysis;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>A claim of this executor, and its run.</summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "It may be cancelled while the run ends, and has neither a timer nor a handle to dispose."
)]
internal sealed class WorkflowRun(WorkflowRecord workflow)
{
    private readonly CancellationTokenSource stop = new();
    private StateCall? call;
    private volatile bool isDropped;

    /// <summary>The workflow as it was last committed.</summary>
    public WorkflowRecord Workflow { get; set; } = workflow;

    /// <summary>The signal that the current state was waiting for, or null.</summary>
    public ReceivedSignal? Signal { get; set; }

    /// <summary>How many transitions this run has made.</summary>
    public int Transitions { get; set; }

    /// <summary>The claim.</summary>
    public ClaimKey Claim { get; } = new(workflow.Id, workflow.Lease);

    /// <summary>The current or last call of a state function.</summary>
    public StateCall? Call => Volatile.Read(ref call);

    /// <summary>Whether the run has been dropped.</summary>
    public bool IsDropped => isDropped;

    /// <summary>The token for the engine's own work for the run, such as loading its definition.</summary>
    public CancellationToken Cancellation => stop.Token;

    /// <summary>Sets the call of a state function that is about to start.</summary>
    public void Begin(StateCall next)
    {
        Interlocked.Exchange(ref call, next);
        if (isDropped)
        {
            next.Abandon();
        }
    }

    /// <summary>Drops the current step and the run, without running any callbacks.</summary>
    /// <returns>False if it was already dropped.</returns>
    public bool Drop()
    {
        var before = Interlocked.Exchange(ref isDropped, true);
        Call?.Abandon();
        return !before;
    }

    /// <summary>Cancels the tokens of the run, which runs the callbacks that are registered with them.</summary>
    public void Cancel()
    {
        stop.Cancel();
        Call?.Stop.Cancel();
    }
}
