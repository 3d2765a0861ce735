using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Storage.InMemory;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>The page size of a retention sweep.</summary>
public sealed class RetentionSweepTests
{
    private static readonly TimeSpan Span = new EngineOptions().RetentionFinished;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_that_takes_too_long_is_halved_and_retried()
    {
        var clock = new VirtualClock();
        var rows = new InMemoryStore(clock);
        await rows.WriteAsync(
            new WriteBatch([.. Enumerable.Range(0, 20).Select(Ended)], [], null, clock.GetUtcNow()),
            Stop
        );
        clock.Advance(Span + TimeSpan.FromSeconds(1));
        var slow = new SlowStore(rows, most: 3);
        var sweep = new RetentionSweep(Span);
        var policy = new RetentionPolicy(new EngineOptions(), []);

        await Assert.ThrowsAsync<TimeoutException>(() => sweep.NextAsync(slow, policy, 16, Stop));
        await Assert.ThrowsAsync<TimeoutException>(() => sweep.NextAsync(slow, policy, 16, Stop));
        await Assert.ThrowsAsync<TimeoutException>(() => sweep.NextAsync(slow, policy, 16, Stop));

        Assert.Equal((2, true), await sweep.NextAsync(slow, policy, 16, Stop));
        slow.Most = int.MaxValue;
        Assert.Equal((4, true), await sweep.NextAsync(slow, policy, 16, Stop));
        Assert.Equal((8, true), await sweep.NextAsync(slow, policy, 16, Stop));
        Assert.Equal((6, false), await sweep.NextAsync(slow, policy, 16, Stop));
    }

    private static NewWorkflow Ended(int number) =>
        new()
        {
            ExternalId = $"{number}",
            WorkflowType = "W",
            Version = "1",
            BusinessKey = "b",
            ExecutorGroup = "default",
            State = "Done",
            NextActivation = DateTimeOffset.UnixEpoch,
            Arrival = new Arrival
            {
                Status = WorkflowStatus.Finished,
                Step = 1,
                Text = "ended elsewhere",
            },
        };

    /// <summary>A delete of more than <c>most</c> rows times out.</summary>
    private sealed class SlowStore(IWorkflowStore inner, int most) : DelegatingStore(inner)
    {
        public int Most { get; set; } = most;

        public override Task<int> DeleteExpiredAsync(
            IReadOnlyList<ExpiredWorkflow> expired,
            CancellationToken cancellation
        ) => expired.Count > Most ? throw new TimeoutException() : Inner.DeleteExpiredAsync(expired, cancellation);
    }
}
