using System.Globalization;
using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>
/// Watches the state functions. None starts, or runs without being told to end, when the lease of its executor is over by the
/// server's clock; and none starts before the commit of the step before is durable. A process that stands still cannot know.
/// </summary>
internal sealed class FunctionWatch(SimulatedWorld world, InMemoryStore rows, TimeProvider server)
{
    private readonly List<Call> calls = [];
    private readonly Dictionary<long, Lane> lanes = [];
    private readonly Dictionary<Lane, long> newest = [];
    private readonly Dictionary<long, DateTimeOffset> leases = [];

    /// <summary>An executor has been registered.</summary>
    public void Registered(long executorId, Lane lane)
    {
        lanes[executorId] = lane;
        newest[lane] = executorId;
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

            if (call.IsToldToEnd || call.Lane.StandsStill || !IsOver(call.ExecutorId))
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
        var row = rows.FindAsync(step.WorkflowId, CancellationToken.None).Result!;
        var call = new Call(step, lane, OwnerOf(row, lane));
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

        var number = step.StepKey[(step.StepKey.LastIndexOf(':') + 1)..];
        if (int.Parse(number, CultureInfo.InvariantCulture) > row.Step)
        {
            world.Violated($"step {number} of workflow {row.Id} starts when only {row.Step} steps are durable");
        }
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

    private sealed record Call(StepContext Step, Lane Lane, long ExecutorId)
    {
        public bool IsToldToEnd => Step.Cancellation.IsCancellationRequested;
    }
}
