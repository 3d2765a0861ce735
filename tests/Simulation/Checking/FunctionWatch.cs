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
    private readonly Dictionary<(Lane Lane, long WorkflowId), int> answered = [];
    private readonly Dictionary<(Lane Lane, long WorkflowId), int> begun = [];
    private readonly Dictionary<(Lane Lane, long WorkflowId), (int Step, int Turn, bool HadBegun)> cancelled = [];

    /// <summary>An executor has been registered.</summary>
    public void Registered(long executorId, Lane lane)
    {
        lanes[executorId] = lane;
        newest[lane] = executorId;
    }

    /// <summary>A process has got the answer to a claim.</summary>
    public void Claimed(Lane lane, long workflowId) => answered[(lane, workflowId)] = world.Turns;

    /// <summary>A process has acknowledged a cancel: what it ran of that step is to end, and it begins nothing more of it.</summary>
    public void Cancelled(Lane lane, long workflowId, int step)
    {
        var key = (lane, workflowId);
        if (!cancelled.TryGetValue(key, out var earlier) || earlier.Step < step)
        {
            var hadBegun = begun.TryGetValue(key, out var turn) && turn > answered.GetValueOrDefault(key);
            cancelled[key] = (step, world.Turns, hadBegun);
        }
    }

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

            if (IsCancelled(call))
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

        var call = new Call(step, lane, OwnerOf(row, lane), world.Turns);
        JudgeStart(call, row);
        calls.Add(call);
        begun[(lane, step.WorkflowId)] = world.Turns;
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

        if (IsCancelled(call) && !call.IsToldToEnd)
        {
            world.Violated($"a function of workflow {row.Id} starts in {call.Lane.Name}, which has cancelled it");
        }

        if (row.AwaitedSignals is not null && call.Number == row.Step && step.Signal is null)
        {
            world.Violated($"a function of workflow {row.Id} starts without the signal that it waits for");
        }
    }

    /// <summary>
    /// Whether the process has acknowledged that the step is cancelled. A claim that was answered, but had not begun anything, may begin
    /// once more: nothing of it is written.
    /// </summary>
    private bool IsCancelled(Call call)
    {
        var key = (call.Lane, call.Step.WorkflowId);
        return cancelled.TryGetValue(key, out var cancel)
            && call.Number <= cancel.Step
            && (call.Began < cancel.Turn || (cancel.HadBegun && answered.GetValueOrDefault(key) < cancel.Turn));
    }

    /// <summary>A row may belong to another executor already; then the function is of the newest that this process was.</summary>
    private long OwnerOf(WorkflowRecord row, Lane lane) =>
        row.ExecutorId is { } owner && lanes.GetValueOrDefault(owner) == lane ? owner : newest[lane];

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

    private sealed record Call(StepContext Step, Lane Lane, long ExecutorId, int Began)
    {
        public int Number { get; } =
            int.Parse(Step.StepKey[(Step.StepKey.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);

        public bool IsToldToEnd => Step.Cancellation.IsCancellationRequested;
    }
}
