using System.Globalization;
using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>
/// Watches the state functions. None starts, or runs without its token being cancelled, after the lease of its executor has expired by
/// the server's clock, and none starts before the commit of the previous step is durable. A stalled process is excused.
/// </summary>
internal sealed class FunctionWatch(SimulatedWorld world, InMemoryStore rows, TimeProvider server, EffectWatch course)
{
    private readonly List<Call> calls = [];
    private readonly Dictionary<long, Lane> lanes = [];
    private readonly Dictionary<Lane, long> newest = [];
    private readonly Dictionary<long, DateTimeOffset> leases = [];
    private readonly Dictionary<(Lane Lane, long WorkflowId), (ClaimKey Claim, int Step)> newestClaims = [];
    private readonly HashSet<(Lane Lane, ClaimKey Claim)> unused = [];
    private readonly HashSet<(Lane Lane, ClaimKey Claim)> cancelled = [];

    /// <summary>An executor has been registered.</summary>
    public void Registered(long executorId, Lane lane)
    {
        lanes[executorId] = lane;
        newest[lane] = executorId;
    }

    /// <summary>A process has received a claim.</summary>
    public void Claimed(Lane lane, ClaimKey claim) => unused.Add((lane, claim));

    /// <summary>A process has acknowledged a cancel: functions under that claim must end, and no more may start.</summary>
    public void Cancelled(Lane lane, ClaimKey claim) => cancelled.Add((lane, claim));

    /// <summary>Wraps a function so that it is watched.</summary>
    public Func<StepContext, Task<NextState>> Watched(Func<StepContext, Task<NextState>> function) =>
        step => RunAsync(step, function);

    /// <summary>Whether a function of a workflow runs in a process and its token is not cancelled.</summary>
    public bool IsRunning(Lane lane, long workflowId) =>
        calls.Exists(call => call.Lane == lane && call.Step.WorkflowId == workflowId && !call.IsCancelled);

    /// <summary>Checks every running function. Call this before the clock advances.</summary>
    public void Look() =>
        calls.RemoveAll(call =>
        {
            if (call.Lane.Ended)
            {
                return true;
            }

            if (call.IsCancelled || call.Lane.StandsStill)
            {
                return false;
            }

            if (cancelled.Contains((call.Lane, call.Claim)))
            {
                world.Violated(
                    $"a function of workflow {call.Step.WorkflowId} is still running in {call.Lane.Name}, which has cancelled it"
                );
                return true;
            }

            if (!HasExpired(call.ExecutorId))
            {
                return false;
            }

            world.Violated(
                $"a function of workflow {call.Step.WorkflowId} is still running in {call.Lane.Name} although the lease of executor {call.ExecutorId} has expired"
            );
            return true;
        });

    private async Task<NextState> RunAsync(StepContext step, Func<StepContext, Task<NextState>> function)
    {
        var lane = world.Running!;
        if (rows.FindAsync(step.WorkflowId, CancellationToken.None).Result is not { } row)
        {
            // The workflow was deleted before the claim was answered, so nothing of this step is ever written.
            return await function(step);
        }

        var call = new Call(step, lane, OwnerOf(row, lane), ClaimOf(row, lane, Call.NumberOf(step)));
        world.Trace.Note(
            world.Now,
            lane.Name,
            $"  runs {step.StepKey} {step.State} of {row.Id}, lease {call.Claim.Lease}"
        );
        JudgeStart(call, row);
        calls.Add(call);
        try
        {
            return await function(step);
        }
        finally
        {
            calls.Remove(call);
        }
    }

    private void JudgeStart(Call call, WorkflowRecord row)
    {
        var step = call.Step;
        if (!call.IsCancelled && !call.Lane.HasJustResumed && HasExpired(call.ExecutorId))
        {
            world.Violated(
                $"a function of workflow {row.Id} starts in {call.Lane.Name} although the lease of executor {call.ExecutorId} has expired"
            );
        }

        if (call.Number > row.Step)
        {
            world.Violated($"step {call.Number} of workflow {row.Id} starts when only {row.Step} steps are durable");
        }

        if (
            row.Status == WorkflowStatus.Paused
            && !call.IsCancelled
            && !HasExpired(call.ExecutorId)
            && !course.ChangedByHand.Contains(row.Id)
        )
        {
            world.Violated($"a function of workflow {row.Id} starts in {call.Lane.Name} while it is paused");
        }

        if (cancelled.Contains((call.Lane, call.Claim)) && !call.IsCancelled)
        {
            world.Violated($"a function of workflow {row.Id} starts in {call.Lane.Name}, which has cancelled it");
        }

        if (row.AwaitedSignals is not null && call.Number == row.Step && step.Signal is null)
        {
            world.Violated($"a function of workflow {row.Id} starts without the signal that it waits for");
        }
    }

    /// <summary>The executor of a function. If the row has another owner already, it is the newest executor of this process.</summary>
    private long OwnerOf(WorkflowRecord row, Lane lane) =>
        row.ExecutorId is { } owner && lanes.GetValueOrDefault(owner) == lane ? owner : newest[lane];

    /// <summary>
    /// The claim under which a process runs a workflow. If it has lost the claim, this is the last known one, unless the process may run it
    /// under another.
    /// </summary>
    private ClaimKey ClaimOf(WorkflowRecord row, Lane lane, int step)
    {
        if (row.ExecutorId is { } owner && lanes.GetValueOrDefault(owner) == lane)
        {
            var claim = new ClaimKey(row.Id, row.Lease);
            unused.Remove((lane, claim));
            newestClaims[(lane, row.Id)] = (claim, row.Step);
        }

        var (newestClaim, since) = newestClaims.GetValueOrDefault((lane, row.Id));
        return step < since || unused.Any(each => each.Lane == lane && each.Claim.WorkflowId == row.Id)
            ? default
            : newestClaim;
    }

    private bool HasExpired(long executorId)
    {
        var now = server.GetUtcNow();
        if (now <= leases.GetValueOrDefault(executorId))
        {
            return false;
        }

        var executor = rows.ExecutorsAsync(int.MaxValue, CancellationToken.None)
            .Result.FirstOrDefault(executor => executor.Id == executorId);
        leases[executorId] = executor?.LeaseUntil ?? default;
        return now > leases[executorId];
    }

    private sealed record Call(StepContext Step, Lane Lane, long ExecutorId, ClaimKey Claim)
    {
        public int Number { get; } = NumberOf(Step);

        public bool IsCancelled => Step.Cancellation.IsCancellationRequested;

        public static int NumberOf(StepContext step) =>
            int.Parse(step.StepKey[(step.StepKey.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
    }
}
