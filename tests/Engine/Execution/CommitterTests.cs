using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Storage.InMemory;
using GopherFlow.Telemetry;
using GopherFlow.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace GopherFlow.Engine.Tests.Execution;

public sealed class CommitterTests
{
    private static readonly long[] Workflows = [1, 2, 1, 1, 3];

    private readonly List<WriteBatch> batches = [];

    /// <summary>Found by seed 1 of the simulation: a run that had lost its claim beside the run that had it now.</summary>
    [Fact]
    public async Task TwoStepsOfOneWorkflowNeverShareABatch()
    {
        var committer = CommitterOver(new InMemoryStore());
        var outcomes = Workflows.Select(id => committer.CommitAsync(StepOf(id))).ToArray();
        committer.Complete();
        await RunAsync(committer, CancellationToken.None);
        await Task.WhenAll(outcomes);

        Assert.Equal(
            ["1 2", "1", "1 3"],
            batches.Select(batch => string.Join(' ', batch.Events.Select(step => step.WorkflowId)))
        );
    }

    private Committer CommitterOver(InMemoryStore store) =>
        new(
            new InterceptedStore(store)
            {
                Write = (batch, write) =>
                {
                    batches.Add(batch);
                    return write();
                },
            },
            executorId: static () => 1,
            batchSize: 10,
            committed: static _ => { },
            new EngineMetrics(),
            Clock(),
            NullLogger<Committer>.Instance
        );

    private static EventFor StepOf(long id) =>
        new(id, new StepSucceeded(Lease: 1, ExecutionCount: 0, new TargetState("Work", WorkflowStatus.Executing)));

    private static Task RunAsync(Committer committer, CancellationToken giveUp) =>
        Task.WhenAll(committer.Loops.Select(loop => loop(giveUp)));

    private static DatabaseClock Clock()
    {
        var clock = new DatabaseClock(TimeProvider.System);
        clock.Set(clock.Monotonic, clock.Monotonic, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return clock;
    }
}
