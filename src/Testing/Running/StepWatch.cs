using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Testing.Running;

/// <summary>Wraps every state function to track the running calls and to inject the faults that the test has planned.</summary>
internal sealed class StepWatch(FlowClock clock, Action changed)
{
    private readonly Lock gate = new();
    private readonly List<StepCall> calls = [];
    private readonly HashSet<long> crashing = [];

    public StepFaults Faults { get; } = new();

    /// <summary>The calls that have not returned, oldest first.</summary>
    public IReadOnlyList<StepCall> Calls
    {
        get
        {
            lock (gate)
            {
                return [.. calls];
            }
        }
    }

    public WorkflowDefinition Around(WorkflowDefinition definition) =>
        definition.WithFunctions(state =>
            state.Function is { } function ? step => new ValueTask<NextState>(RunAsync(function, step)) : null
        );

    /// <summary>
    /// Whether the latest call of a workflow waits for the clock or is held. Older calls that were discarded may still be running.
    /// </summary>
    public bool IsIdle(long workflowId)
    {
        lock (gate)
        {
            return calls.FindLast(call => call.WorkflowId == workflowId) is { IsIdle: true };
        }
    }

    /// <summary>Whether a crash is planned before the commit of the attempt that has just ended. Removes the crash.</summary>
    public bool TakeCrash(long workflowId)
    {
        lock (gate)
        {
            return crashing.Remove(workflowId);
        }
    }

    private async Task<NextState> RunAsync(StateFunction function, StepContext step)
    {
        var call = new StepCall(step);
        clock.Current = call;
        Add(call);
        try
        {
            if (Faults.Take<StepFault.Hold>(step) is { } hold)
            {
                await HeldAsync(call, hold, step.Cancellation);
            }

            if (Faults.Take<StepFault.Failure>(step) is { } failure)
            {
                throw failure.Reason;
            }

            var next = await function(step);
            if (Faults.Take<StepFault.Crash>(step) is not null)
            {
                Crash(step.WorkflowId);
            }

            return next;
        }
        finally
        {
            call.Return();
            Remove(call);
        }
    }

    private async Task HeldAsync(StepCall call, StepFault.Hold hold, CancellationToken cancellation)
    {
        call.Hold(true);
        changed();
        try
        {
            await hold.Released.WaitAsync(cancellation);
        }
        finally
        {
            call.Hold(false);
        }
    }

    private void Add(StepCall call)
    {
        lock (gate)
        {
            calls.Add(call);
        }
    }

    private void Remove(StepCall call)
    {
        lock (gate)
        {
            calls.Remove(call);
        }
    }

    private void Crash(long workflowId)
    {
        lock (gate)
        {
            crashing.Add(workflowId);
        }
    }
}
