using System.Globalization;
using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>
/// Watches the state functions. None starts, or runs without being told to end, when the lease of its executor is over by the
/// server's clock; and none starts before the commit of the step before is durable. A process that stands still cannot know.
/// </summary>
internal sealed class FunctionWatch(SimulatedWorld world, InMemoryStore rows, TimeProvider server, CourseWatch course)
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

    /// <summary>A process has heard that it has a claim.</summary>
    public void Claimed(Lane lane, ClaimKey claim) => unused.Add((lane, claim));

    /// <summary>A process has acknowledged a cancel: what it ran under that claim is to end, and it begins nothing more under it.</summary>
    public void Cancelled(Lane lane, ClaimKey claim) => cancelled.Add((lane, claim));

    /// <summary>A function that is watched.</summary>
    public Func<StepContext, Task<NextState>> Watched(Func<StepContext, Task<NextState>> function) =>
        step => RunAsync(step, function);

    /// <summary>Whether a function of a workflow runs in a process and has not been told to end.</summary>
    public bool IsRunning(Lane lane, long workflowId) =>
        calls.Exists(call => call.Lane == lane && call.Step.WorkflowId == workflowId && !call.IsToldToEnd);

    /// <summary>Looks at every function that runs. To be called before the clock is turned.</summary>
    public void Look() =>
        calls.RemoveAll(call =>
        {
            if (call.Lane.Ended)
            {
                return true;
            }

            if (call.IsToldToEnd || call.Lane.StandsStill)
            {
                return false;
            }

            if (cancelled.Contains((call.Lane, call.Claim)))
            {
                world.Violated(
                    $"a function of workflow {call.Step.WorkflowId} runs on in {call.Lane.Name}, which has cancelled it"
                );
                return true;
            }

            if (!IsOver(call.ExecutorId))
            {
                return false;
            }

            world.Violated(
                $"a function of workflow {call.Step.WorkflowId} runs on in {call.Lane.Name} when the lease of executor {call.ExecutorId} is over"
            );
            return true;
        });

    private async Task<NextState> RunAsync(StepContext step, Func<StepContext, Task<NextState>> function)
    {
        var lane = world.Running!;
        if (rows.FindAsync(step.WorkflowId, CancellationToken.None).Result is not { } row)
        {
            // It was deleted before the answer to a claim came, and nothing of this is ever written.
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
        if (!call.IsToldToEnd && !call.Lane.HasJustGoneOn && IsOver(call.ExecutorId))
        {
            world.Violated(
                $"a function of workflow {row.Id} starts in {call.Lane.Name} when the lease of executor {call.ExecutorId} is over"
            );
        }

        if (call.Number > row.Step)
        {
            world.Violated($"step {call.Number} of workflow {row.Id} starts when only {row.Step} steps are durable");
        }

        if (
            row.Status == WorkflowStatus.Paused
            && !call.IsToldToEnd
            && !IsOver(call.ExecutorId)
            && !course.ChangedByHand.Contains(row.Id)
        )
        {
            world.Violated($"a function of workflow {row.Id} starts in {call.Lane.Name} while that is paused");
        }

        if (cancelled.Contains((call.Lane, call.Claim)) && !call.IsToldToEnd)
        {
            world.Violated($"a function of workflow {row.Id} starts in {call.Lane.Name}, which has cancelled it");
        }

        if (row.AwaitedSignals is not null && call.Number == row.Step && step.Signal is null)
        {
            world.Violated($"a function of workflow {row.Id} starts without the signal that it waits for");
        }
    }

    /// <summary>A row may belong to another executor already; then the function is of the newest that this process was.</summary>
    private long OwnerOf(WorkflowRecord row, Lane lane) =>
        row.ExecutorId is { } owner && lanes.GetValueOrDefault(owner) == lane ? owner : newest[lane];

    /// <summary>
    /// The claim under which a process runs a workflow. When it has lost that: the last that it is known to have run it under, unless it may
    /// run it under another.
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

    private bool IsOver(long executorId)
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

        public bool IsToldToEnd => Step.Cancellation.IsCancellationRequested;

        public static int NumberOf(StepContext step) =>
            int.Parse(step.StepKey[(step.StepKey.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
    }
}
