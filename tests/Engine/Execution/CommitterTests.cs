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

    /// <summary>Found by seed 1 of the simulation: a run that had lost its claim and the run that holds it now were in one batch.</summary>
    [Fact]
    public async Task Two_steps_of_one_workflow_never_share_a_batch()
    {
        using var committer = CommitterOver(new InMemoryStore());
        var outcomes = Workflows.Select(id => committer.CommitAsync(StepOf(id))).ToArray();
        committer.Complete();
        await RunAsync(committer, CancellationToken.None);
        await Task.WhenAll(outcomes);

        Assert.Equal(
            ["1 2", "1", "1 3"],
            batches.Select(batch => string.Join(' ', batch.Events.Select(step => step.WorkflowId)))
        );
    }

    [Fact]
    public async Task Batches_are_prepared_on_the_writer_thread_of_the_store_and_settled_on_the_committer_thread()
    {
        using var writer = new RoleThread("writer");
        var (prepared, settled) = (new List<string?>(), new List<string?>());
        using var committer = CommitterOver(
            new StoreWithWriter(new InMemoryStore(), writer),
            writing: () => prepared.Add(Thread.CurrentThread.Name),
            committed: _ => settled.Add(Thread.CurrentThread.Name)
        );
        var outcomes = Workflows.Select(id => committer.CommitAsync(StepOf(id))).ToArray();
        committer.Complete();
        await RunAsync(committer, CancellationToken.None);
        await Task.WhenAll(outcomes);

        // The number of batches for the five steps depends on timing.
        Assert.Equal(["GopherFlow writer"], prepared.Distinct());
        Assert.Equal(["GopherFlow committer"], settled.Distinct());
    }

    /// <summary>A committed step must not wait forever for its outcome.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task A_listener_that_throws_ends_the_loop_but_outcomes_are_still_delivered(bool hasWriter)
    {
        using var writer = new RoleThread("writer");
        var store = new InMemoryStore();
        using var committer = CommitterOver(
            hasWriter ? new StoreWithWriter(store, writer) : store,
            committed: static _ => throw new InvalidOperationException("a listener is faulty")
        );
        var outcome = committer.CommitAsync(StepOf(1));
        committer.Complete();

        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(committer, CancellationToken.None));
        await outcome.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_abandoned_committer_fails_waiting_callers()
    {
        using var committer = CommitterOver(new InMemoryStore());
        var before = committer.CommitAsync(StepOf(1));
        committer.Abandon();
        var after = committer.CommitAsync(StepOf(2));

        await Assert.ThrowsAsync<InvalidOperationException>(() => before);
        await Assert.ThrowsAsync<InvalidOperationException>(() => after);
    }

    private Committer CommitterOver(
        IWorkflowStore store,
        Action? writing = null,
        Action<WriteResult>? committed = null
    ) =>
        new(
            new InterceptedStore(store)
            {
                Write = (batch, write) =>
                {
                    batches.Add(batch);
                    writing?.Invoke();
                    return write();
                },
            },
            executorId: static () => 1,
            batchSize: 10,
            committed ?? (static _ => { }),
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

    private sealed class StoreWithWriter(IWorkflowStore inner, SynchronizationContext writer) : DelegatingStore(inner)
    {
        public override SynchronizationContext WriterContext => writer;
    }
}
