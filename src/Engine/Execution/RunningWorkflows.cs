using System.Collections.Concurrent;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>The running workflows of this executor, and its slots.</summary>
/// <param name="capacity">The number of slots.</param>
/// <param name="threads">The threads for the author's callbacks.</param>
/// <param name="slotIsFree">Called when a function or callback that held a slot after the end of its attempt has returned.</param>
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

    /// <summary>Whether the executor is shutting down, so runs end after their current step.</summary>
    public bool Draining => draining;

    /// <summary>The claims of all runs.</summary>
    public IReadOnlyCollection<ClaimKey> Claims => [.. runs.Keys];

    /// <summary>How many slots are held by functions and OnCommit callbacks that have not returned after their attempt ended.</summary>
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

    /// <summary>
    /// A callback may hold a slot in addition to that of its run, so the sum of taken and held slots can exceed the capacity.
    /// </summary>
    private int Left => Math.Max(0, capacity - taken - held);

    /// <summary>Reserves up to the requested number of free slots; none during shutdown.</summary>
    /// <returns>How many slots were reserved.</returns>
    public int Reserve(int wanted)
    {
        lock (gate)
        {
            var more = draining ? 0 : Math.Min(Left, wanted);
            taken += more;
            return more;
        }
    }

    /// <summary>Returns slots that were reserved but not used.</summary>
    public void Return(int slots) => Change(-slots, held: 0);

    /// <summary>Adds a run in a reserved slot. If all runs have been ended already, this one is ended too.</summary>
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

    /// <summary>Removes a run. Its slot becomes free, unless its function has not returned; then the function holds the slot.</summary>
    public void Remove(WorkflowRun run)
    {
        runs.TryRemove(run.Claim, out _);
        if (run.Call is not { HasReturned: false } call)
        {
            Return(1);
            return;
        }

        // In a single change, so that the slot is never free or counted twice in between.
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
    /// Holds a slot for an OnCommit callback that has timed out, until it returns. Otherwise each attempt could block one more thread.
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

    /// <summary>Ends a run: the outcome of its step is dropped immediately, and its function is asked to stop.</summary>
    public void Cancel(WorkflowRun run)
    {
        if (run.Drop())
        {
            threads.Cancel(run.Cancel, run.Workflow);
        }
    }

    /// <summary>
    /// Ends the runs that changes have fenced out. Each change of ownership increases the lease by one, so the run that has lost its claim
    /// is the one with the previous lease.
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

    /// <summary>Ends the runs of these claims, if they still exist.</summary>
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

    /// <summary>Ends all runs immediately, and every run that is added later.</summary>
    public void EndAll()
    {
        ended = true;
        CancelAll();
    }

    /// <summary>Ends all current runs.</summary>
    public void CancelAll()
    {
        foreach (var run in runs.Values)
        {
            Cancel(run);
        }
    }

    /// <summary>Accepts no more runs, and lets each run end after its current step.</summary>
    /// <returns>Completes when no run is left. It does not wait for functions that hold slots after their run.</returns>
    public async Task DrainAsync()
    {
        lock (gate)
        {
            draining = true;
        }

        Return(0);

        // Awaited here, so that the caller's wait with a timeout does not complete through the thread pool.
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
