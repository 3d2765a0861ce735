using System.Collections.Concurrent;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>What this executor runs now, and how much more it may take on.</summary>
/// <param name="capacity">How many at once.</param>
internal sealed class RunningWorkflows(int capacity)
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<ClaimKey, WorkflowRun> runs = new();
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int taken;
    private volatile bool draining;
    private volatile bool ended;

    /// <summary>Whether runs are to end after the step they are in.</summary>
    public bool Draining => draining;

    /// <summary>The claims of the runs.</summary>
    public IReadOnlyCollection<ClaimKey> Claims => [.. runs.Keys];

    /// <summary>Takes up to so many of the free places; none once runs are to end.</summary>
    /// <returns>How many it took.</returns>
    public int Reserve(int wanted)
    {
        lock (gate)
        {
            var more = draining ? 0 : Math.Min(capacity - taken, wanted);
            taken += more;
            return more;
        }
    }

    /// <summary>Gives places back that were reserved and not used, or whose run has ended.</summary>
    public void Return(int places)
    {
        lock (gate)
        {
            taken -= places;
            if (taken == 0 && draining)
            {
                idle.TrySetResult();
            }
        }
    }

    /// <summary>Enters a run in a reserved place. One that comes after all were ended is ended, too.</summary>
    public WorkflowRun Enter(WorkflowRecord workflow)
    {
        var run = new WorkflowRun(workflow);
        runs[run.Claim] = run;
        if (ended)
        {
            Cancel(run);
        }

        return run;
    }

    /// <summary>Removes a run and returns its place.</summary>
    public void Leave(WorkflowRun run)
    {
        runs.TryRemove(run.Claim, out _);
        run.Dispose();
        Return(1);
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

    /// <summary>Ends every run at once, and each that is entered from now on.</summary>
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
    /// <returns>Done when none is left.</returns>
    public async Task DrainAsync()
    {
        lock (gate)
        {
            draining = true;
        }

        Return(0);

        // Awaited here, so that whoever waits for it with a limit is not told by way of the thread pool.
        await idle.Task;
    }

    private static void Cancel(WorkflowRun run)
    {
        try
        {
            run.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run ended by itself in the meantime.
        }
    }
}
