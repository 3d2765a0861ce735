using GopherFlow.Conformance.Setting;
using GopherFlow.Stores.Postgres;
using Npgsql;

namespace GopherFlow.Conformance;

/// <summary>PostgreSQL behind PgBouncer. All other tests run behind it with GFLOW_TEST_PGBOUNCER=session or transaction.</summary>
public sealed class PgBouncerTests
{
    private const string Sessions = "session";
    private const string Transactions = "transaction";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_works_behind_session_pooling_and_gets_hints_from_other_processes()
    {
        await using var place = await Pooled.OpenAsync(Sessions);
        await using var store = await place.OpenStoreAsync();
        await using var other = await place.OpenStoreAsync();
        Assert.Null(store.ReasonToPoll);
        var (executor, _) = await store.RegisterExecutorAsync(A.Executor("one"), Stop);

        await AssertHintsAsync(other, store);

        await ClaimsAsync(store, executor);
        Assert.Equal(1L, await place.ClaimedAsync());
    }

    [Fact]
    public async Task A_store_works_behind_transaction_pooling_and_reports_that_it_must_poll()
    {
        await using var place = await Pooled.OpenAsync(Transactions);
        await using var store = await place.OpenStoreAsync();
        Assert.Contains("one transaction at a time", store.ReasonToPoll, StringComparison.Ordinal);
        Assert.Contains("lack settings", store.ReasonToPoll, StringComparison.Ordinal);
        await store.ListenAsync(
            new StoreNews(_ => Assert.Fail("Unexpected hint."), () => Assert.Fail("Unexpected change.")),
            Stop
        );
        var (executor, _) = await store.RegisterExecutorAsync(A.Executor("one"), Stop);
        await store.WriteAsync(new WriteBatch([A.Workflow("one")], [], 1, A.FirstInstant), Stop);

        await ClaimsAsync(store, executor);
        Assert.Equal(1L, await place.ClaimedAsync());
    }

    [Fact]
    public async Task Transaction_pooling_is_detected_for_any_connection_order()
    {
        await using var place = await Pooled.OpenAsync(Transactions, "server_round_robin = 1", "min_pool_size = 4");
        await using var store = await place.OpenStoreAsync();

        Assert.NotNull(store.ReasonToPoll);
    }

    [Fact]
    public async Task Settings_of_the_role_work_behind_transaction_pooling()
    {
        await using var place = await Pooled.OpenAsync(Transactions);
        await place.Database.GiveRoleSettingsAsync();
        await using var store = await place.OpenStoreAsync();

        Assert.DoesNotContain("lack settings", store.ReasonToPoll, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_path_that_transaction_pooling_would_lose_is_rejected()
    {
        await using var place = await Pooled.OpenAsync(Transactions);
        await using var store = new PostgresStore($"{place.Address};Search Path=elsewhere");

        var refusal = await Assert.ThrowsAsync<StoreSetupException>(() => store.InitializeAsync(Stop));

        Assert.Contains("ALTER ROLE", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task ClaimsAsync(PostgresStore store, long executor)
    {
        Assert.Single((await store.ClaimAsync(A.Claim(executor, A.FirstInstant), Stop)).Claimed);
        Assert.True((await store.HeartbeatAsync(new(executor, TimeSpan.FromSeconds(15)), Stop)).IsAlive);
    }

    /// <summary>Checks that a listening store gets hints from another one, which writes until the first listens.</summary>
    private static async Task AssertHintsAsync(PostgresStore listening, PostgresStore writing)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var listen = listening.ListenAsync(new StoreNews(_ => heard.TrySetResult(), static () => { }), end.Token);
        var created = await writing.WriteAsync(new WriteBatch([A.Workflow("one")], [], 1, A.FirstInstant), Stop);
        for (var number = 0; !heard.Task.IsCompleted; number++)
        {
            var move = new EventFor(created.Creates[0].Id, A.Move($"S{number}"));
            await writing.WriteAsync(new WriteBatch([], [move], ExecutorId: null, A.FirstInstant), Stop);
            Assert.False(listen.IsFaulted, listen.Exception?.ToString());
        }

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listen);
    }

    /// <summary>A schema, its role, and a pooler in front of the server.</summary>
    private sealed class Pooled(PostgresTestDatabase database, PgBouncer bouncer) : IAsyncDisposable
    {
        public PostgresTestDatabase Database => database;

        public string Address { get; } =
            new NpgsqlConnectionStringBuilder(database.ConnectionString)
            {
                Host = "127.0.0.1",
                Port = bouncer.Port,
                Username = database.Schema,
                SearchPath = null,
            }.ConnectionString;

        public static async Task<Pooled> OpenAsync(string mode, params string[] settings)
        {
            Assert.SkipUnless(StoreKinds.Here.Contains(StoreKind.Postgres), "No PostgreSQL server is configured.");
            Assert.SkipUnless(PgBouncer.IsHere, "PgBouncer is not installed (Debian: apt-get install pgbouncer).");
            Assert.SkipUnless(PostgresTestDatabase.PoolMode is "", "The tests already run behind a pooler.");
            var database = await PostgresTestDatabase.CreateAsync();
            await database.AddRoleAsync();
            return new Pooled(database, await PgBouncer.StartAsync(database.ConnectionString, mode, Stop, settings));
        }

        public async Task<PostgresStore> OpenStoreAsync()
        {
            var store = new PostgresStore(Address);
            await store.InitializeAsync(Stop);
            return store;
        }

        public Task<object?> ClaimedAsync() =>
            database.ExecuteAsync($"SELECT count(*) FROM {database.Schema}.workflow_run WHERE executor_id IS NOT NULL");

        public async ValueTask DisposeAsync()
        {
            await bouncer.DisposeAsync();
            await database.DisposeAsync();
        }
    }
}
