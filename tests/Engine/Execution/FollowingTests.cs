using GopherFlow.Authoring;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Two executors, each with its own store over the same database: one listens, the other commits.</summary>
public sealed class FollowingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_commit_of_another_executor_ends_a_wait_without_a_poll_in_between(StoreKind kind)
    {
        await using var pair = await Pair.StartAsync(kind);
        var id = await pair.Worker.CreateAsync("W");
        using var heard = pair.Listener.Feed.Subscribe(ChangeFilter.Workflow(id));
        var waiting = pair.Listener.Operations.WaitAsync(id, ["Done"], TimeSpan.FromDays(1), Stop);
        await pair.TurnUntilAsync(ReadGapAsync(heard));
        foreach (var _ in Enumerable.Range(1, 20))
        {
            await pair.Clock.AdvanceWhenAwaitedAsync(pair.Reads.Changes.ReadInterval);
        }

        // One read when the wait begins, and one for the gap.
        Assert.InRange(pair.Reads.Count, 1, 2);
        await pair.FinishAsync();
        await pair.TurnUntilAsync(waiting);

        Assert.Equal(WaitVerdict.Reached, (await waiting).Verdict);
        Assert.InRange(pair.Reads.Count, 2, 3);
        var batch = Assert.IsType<FeedItem.Batch>(await heard.ReadAsync(Stop));
        Assert.Equal(
            (id, "Done", WorkflowStatus.Finished, (await pair.Worker.FindAsync(id)).Revision),
            batch.Changes.Select(change => (change.Id, change.State, change.Status, change.Revision)).Last()
        );
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Nothing_is_logged_for_a_process_that_has_stopped_listening(StoreKind kind)
    {
        await using var pair = await Pair.StartAsync(kind);
        var id = await pair.Worker.CreateAsync("W");
        using (var heard = pair.Listener.Feed.Subscribe())
        {
            await pair.TurnUntilAsync(ReadGapAsync(heard));
        }

        await pair.TurnUntilAsync(() => !pair.Listener.IsFollowing);
        var writtenBefore = await WrittenAsync();
        await pair.FinishAsync();
        await pair.Worker.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal(writtenBefore, await WrittenAsync());

        async Task<IReadOnlyList<long>> WrittenAsync() =>
            (await pair.Worker.Store.Changes.ReadAsync(0, long.MaxValue, 1, Stop)).Known;
    }

    [Fact]
    public async Task A_failed_read_of_the_log_is_reported_as_a_gap()
    {
        await using var pair = await Pair.StartAsync(StoreKind.InMemory);
        using var heard = pair.Listener.Feed.Subscribe();
        await pair.TurnUntilAsync(ReadGapAsync(heard));

        pair.Reads.Fails = true;
        await pair.TurnUntilAsync(() => pair.Clock.IsAwaited(TimeSpan.FromMilliseconds(50)));
        Assert.False(heard.TryRead(out _));
        pair.Reads.Fails = false;
        pair.Clock.Advance(TimeSpan.FromMilliseconds(50));

        await pair.TurnUntilAsync(ReadGapAsync(heard));
    }

    [Fact]
    public async Task Lower_positions_after_a_crash_emptied_the_log_are_still_read()
    {
        if (!StoreKinds.Here.Contains(StoreKind.Postgres))
        {
            Assert.Skip("This test needs PostgreSQL.");
        }

        await using var pair = await Pair.StartAsync(StoreKind.Postgres);
        using var heard = pair.Listener.Feed.Subscribe();
        await pair.TurnUntilAsync(ReadGapAsync(heard));
        await pair.RunSqlAsync("SELECT setval(pg_get_serial_sequence('workflow_changes', 'id'), 1000)");
        pair.LookForListeners();
        await pair.Worker.CreateAsync("W");
        await pair.TurnUntilAsync(UntilAsync<FeedItem.Batch>(heard));

        await pair.RunSqlAsync("TRUNCATE workflow_changes RESTART IDENTITY; TRUNCATE change_listeners");
        await pair.TurnUntilAsync(UntilAsync<FeedItem.Gap>(heard));
        await pair.FinishAsync();

        await pair.TurnUntilAsync(UntilAsync<FeedItem.Batch>(heard));
    }

    private static async Task ReadGapAsync(ChangeSubscription heard) =>
        Assert.IsType<FeedItem.Gap>(await heard.ReadAsync(Stop));

    private static async Task UntilAsync<T>(ChangeSubscription heard)
        where T : FeedItem
    {
        while (await heard.ReadAsync(Stop) is not T) { }
    }

    private sealed class Pair : IAsyncDisposable
    {
        private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);

        private readonly TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TestStore store;
        private readonly IWorkflowStore another;

        private Pair(TestStore store, IWorkflowStore another)
        {
            this.store = store;
            this.another = another;
            Reads = new CountedStore(another);
        }

        public required VirtualClock Clock { get; init; }

        /// <summary>Runs workflows of type W.</summary>
        public EngineHarness Worker { get; private set; } = null!;

        /// <summary>Runs nothing.</summary>
        public EngineHarness Listener { get; private set; } = null!;

        /// <summary>The store of the listener.</summary>
        public CountedStore Reads { get; }

        public static async Task<Pair> StartAsync(StoreKind kind)
        {
            var clock = new VirtualClock();
            var store = await TestStore.OpenAsync(kind, clock);
            var pair = new Pair(store, await store.OpenAnotherAsync()) { Clock = clock };
            pair.Worker = await EngineHarness.StartAsync(
                store,
                clock,
                g => g.AddDefinition(Machines.OneState("W", pair.WorkAsync))
            );
            pair.Listener = await EngineHarness.StartAsync(store, clock, _ => { }, wrapped: pair.Reads);
            return pair;
        }

        /// <summary>Lets the workflow end. By then the process that runs it has found the listener.</summary>
        public Task FinishAsync()
        {
            LookForListeners();
            goOn.SetResult();
            return goOn.Task;
        }

        /// <summary>Makes the process that runs workflows query the listeners with its next commit.</summary>
        public void LookForListeners() => (store.Workflows as SqlStore)?.Audience?.Forget();

        public async Task RunSqlAsync(string sql)
        {
            await using var connection = store.Connect();
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync(Stop);
        }

        public async Task TurnUntilAsync(Task task)
        {
            await TurnUntilAsync(() => task.IsCompleted);
            await task;
        }

        /// <summary>Advances the clock whenever the listener waits for its next poll of the log.</summary>
        public async Task TurnUntilAsync(Func<bool> condition)
        {
            var began = TimeProvider.System.GetTimestamp();
            while (!condition())
            {
                Assert.True(TimeProvider.System.GetElapsedTime(began) < WaitTimeout, "The wait timed out.");
                if (Clock.IsAwaited(another.Changes.ReadInterval))
                {
                    Clock.Advance(another.Changes.ReadInterval);
                }

                await Task.Yield();
            }
        }

        public async ValueTask DisposeAsync()
        {
            goOn.TrySetResult();
            await Listener.DisposeAsync();
            await Worker.DisposeAsync();
            await another.DisposeAsync();
            await store.DisposeAsync();
        }

        private async Task<NextState> WorkAsync(StepContext step)
        {
            await goOn.Task;
            return NextState.GoTo("Done");
        }
    }

    /// <summary>Counts reads of single workflows, and can fail when the log is read.</summary>
    private sealed class CountedStore(IWorkflowStore inner) : DelegatingStore(inner)
    {
        private int count;

        public int Count => Volatile.Read(ref count);

        public bool Fails { get; set; }

        public override IChangeLog Changes => new FailingLog(this);

        public override Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation)
        {
            Interlocked.Increment(ref count);
            return base.FindAsync(id, cancellation);
        }

        private sealed class FailingLog(CountedStore store) : IChangeLog
        {
            private readonly IChangeLog log = store.Inner.Changes;

            public TimeSpan Notice => log.Notice;

            public TimeSpan ReadInterval => log.ReadInterval;

            public Task<bool> ListenAsync(TimeSpan time, CancellationToken cancellation) =>
                log.ListenAsync(time, cancellation);

            public Task StopListeningAsync(CancellationToken cancellation) => log.StopListeningAsync(cancellation);

            public Task<LogPage> ReadAsync(long after, long read, int limit, CancellationToken cancellation) =>
                store.Fails
                    ? throw new IOException("The database is down.")
                    : log.ReadAsync(after, read, limit, cancellation);

            public Task ForgetAsync(CancellationToken cancellation) => log.ForgetAsync(cancellation);
        }
    }
}
