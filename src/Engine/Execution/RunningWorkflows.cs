using System.Collections.Concurrent;
using GopherFlow.Persistence;

namespace GopherFlow.Execution;

/// <summary>What this executor runs now, and how much more it may take on.</summary>
internal sealed class RunningWorkflows
{
    private readonly int capacity;
    private readonly ConcurrentDictionary<ClaimKey, WorkflowRun> runs = new();
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int free;
    private volatile bool draining;

    /// <summary>With so many places.</summary>
    public RunningWorkflows(int capacity)
    {
        this.capacity = capacity;
        free = capacity;
    }

    /// <summary>How many more workflows may run.</summary>
    public int Free => Volatile.Read(ref free);

    /// <summary>Whether runs are to end after the step they are in.</summary>
    public bool Draining => draining;

    /// <summary>The claims of the runs.</summary>
    public IReadOnlyCollection<ClaimKey> Claims => [.. runs.Keys];

    /// <summary>Takes up to so many of the free places.</summary>
    /// <returns>How many it took.</returns>
    public int Reserve(int wanted)
    {
        while (true)
        {
            var before = Free;
            var taken = draining ? 0 : Math.Min(before, wanted);
            if (taken <= 0 || Interlocked.CompareExchange(ref free, before - taken, before) == before)
            {
                return Math.Max(0, taken);
            }
        }
    }

    /// <summary>Gives places back that were reserved and not used, or whose run has ended.</summary>
    public void Return(int places)
    {
        if (Interlocked.Add(ref free, places) == capacity && draining)
        {
            idle.TrySetResult();
        }
    }

    /// <summary>Enters a run in a reserved place.</summary>
    public WorkflowRun Enter(WorkflowRecord workflow)
    {
        var run = new WorkflowRun(workflow);
        runs[run.Claim] = run;
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

    /// <summary>Ends every run at once.</summary>
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
        draining = true;
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
