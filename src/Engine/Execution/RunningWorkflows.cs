using System.Collections.Concurrent;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>What this executor runs now, and how much more it may take on.</summary>
/// <param name="capacity">How many at once.</param>
/// <param name="threads">Where the author's callbacks run.</param>
/// <param name="slotIsFree">Called when a function or a callback has returned that held a slot beyond its time.</param>
/// <param name="log">The log.</param>
internal sealed class RunningWorkflows(
    int capacity,
    AuthorThreads threads,
    Action slotIsFree,
    ILogger<RunningWorkflows> log
)
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<ClaimKey, WorkflowRun> runs = new();
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int taken;
    private int held;
    private volatile bool draining;
    private volatile bool ended;

    /// <summary>Whether runs are to end after the step they are in.</summary>
    public bool Draining => draining;

    /// <summary>The claims of the runs.</summary>
    public IReadOnlyCollection<ClaimKey> Claims => [.. runs.Keys];

    /// <summary>How many slots are held by functions and OnCommit callbacks that have not returned although their time is over.</summary>
    public int Held
    {
        get
        {
            lock (gate)
            {
                return held;
            }
        }
    }

    /// <summary>How many slots are free.</summary>
    public int Free
    {
        get
        {
            lock (gate)
            {
                return Left;
            }
        }
    }

    /// <summary>A callback may hold a slot beside that of its run, so more may be held and taken than there are.</summary>
    private int Left => Math.Max(0, capacity - taken - held);

    /// <summary>Takes free slots, up to the number wanted; none once runs are to end.</summary>
    /// <returns>How many it took.</returns>
    public int Reserve(int wanted)
    {
        lock (gate)
        {
            var more = draining ? 0 : Math.Min(Left, wanted);
            taken += more;
            return more;
        }
    }

    /// <summary>Gives slots back that were reserved and not used.</summary>
    public void Return(int slots) => Change(-slots, held: 0);

    /// <summary>Adds a run in a reserved slot. One that comes after all were ended is ended, too.</summary>
    public WorkflowRun Add(WorkflowRecord workflow)
    {
        var run = new WorkflowRun(workflow);
        runs[run.Claim] = run;
        if (ended)
        {
            Cancel(run);
        }

        return run;
    }

    /// <summary>Removes a run. Its slot is free, unless its function has not returned: then that holds it.</summary>
    public void Remove(WorkflowRun run)
    {
        runs.TryRemove(run.Claim, out _);
        if (run.Call is not { HasReturned: false } call)
        {
            Return(1);
            return;
        }

        // At once: the slot is neither free nor counted twice in between.
        Change(taken: -1, held: 1);
        if (call.Hold(() => Release(call)))
        {
            log.FunctionHeld(run.Workflow.Id, run.Workflow.WorkflowType, call.State.Name, call.Began, Held, capacity);
        }
        else
        {
            Change(taken: 0, held: -1);
        }
    }

    /// <summary>
    /// The time of an OnCommit callback is up. Until it has returned, it holds a slot: each attempt could block one more thread.
    /// </summary>
    public async Task HoldUntilReturnedAsync(Task callback, WorkflowRecord workflow, DateTimeOffset began)
    {
        Change(taken: 0, held: 1);
        log.CommitCallbackHeld(workflow.Id, workflow.WorkflowType, workflow.State, began, Held, capacity);
        try
        {
            await callback;
        }
        finally
        {
            Change(taken: 0, held: -1);
            log.HeldCommitCallbackReturned(workflow.Id, workflow.WorkflowType, workflow.State, began);
            slotIsFree();
        }
    }

    /// <summary>Ends a run: the outcome of its step is dropped at once, and its function is asked to end.</summary>
    public void Cancel(WorkflowRun run)
    {
        if (run.Drop())
        {
            threads.Cancel(run.Cancel, run.Workflow);
        }
    }

    /// <summary>
    /// Ends runs whose claim others have ended: each change of ownership raises the lease by one, so the run that lost it is the
    /// one with the lease before.
    /// </summary>
    public void EndFencedOut(IReadOnlyList<WorkflowChange> changes)
    {
        foreach (var change in changes)
        {
            if (runs.TryGetValue(new ClaimKey(change.Id, change.Lease - 1), out var run))
            {
                Cancel(run);
            }
        }
    }

    /// <summary>Ends the runs of some claims, those that are still there.</summary>
    public void EndAll(IEnumerable<ClaimKey> claims)
    {
        foreach (var claim in claims)
        {
            if (runs.TryGetValue(claim, out var run))
            {
                Cancel(run);
            }
        }
    }

    /// <summary>Ends every run at once, and each that is added from now on.</summary>
    public void EndAll()
    {
        ended = true;
        CancelAll();
    }

    /// <summary>Ends every run that there is.</summary>
    public void CancelAll()
    {
        foreach (var run in runs.Values)
        {
            Cancel(run);
        }
    }

    /// <summary>Takes nothing on any more and lets each run end after the step it is in.</summary>
    /// <returns>Done when none is left. Functions that hold slots beyond their runs are not waited for.</returns>
    public async Task DrainAsync()
    {
        lock (gate)
        {
            draining = true;
        }

        Return(0);

        // Awaited here, so that a wait with a limit does not end through the thread pool.
        await idle.Task;
    }

    private void Change(int taken, int held)
    {
        lock (gate)
        {
            this.taken += taken;
            this.held += held;
            if (this.taken == 0 && draining)
            {
                idle.TrySetResult();
            }
        }
    }

    private void Release(StateCall call)
    {
        Change(taken: 0, held: -1);
        log.HeldFunctionReturned(call.Workflow.Id, call.Workflow.WorkflowType, call.State.Name, call.Began);
        slotIsFree();
    }
}
