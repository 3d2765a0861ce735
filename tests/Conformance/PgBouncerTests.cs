using GopherFlow.Conformance.Setting;
using GopherFlow.Stores.Postgres;
using Npgsql;

namespace GopherFlow.Conformance;

/// <summary>PostgreSQL behind PgBouncer with session pooling.</summary>
public sealed class PgBouncerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_works_behind_a_pooler_and_hears_from_other_processes()
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(StoreKind.Postgres), "No PostgreSQL server is named.");
        Assert.SkipUnless(PgBouncer.IsHere, "PgBouncer is not installed (Debian: apt-get install pgbouncer).");
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var bouncer = await PgBouncer.StartAsync(database.ConnectionString, Stop);
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Host = "127.0.0.1",
            Port = bouncer.Port,
        };
        await using var store = new PostgresStore(address.ConnectionString);
        await using var other = new PostgresStore(address.ConnectionString);
        await store.InitializeAsync(Stop);
        await other.InitializeAsync(Stop);
        var (executor, _) = await store.RegisterExecutorAsync(A.Executor("one"), Stop);

        await HearsAsync(other, store);

        var claimed = await store.ClaimAsync(A.Claim(executor, A.FirstInstant), Stop);
        Assert.Single(claimed.Claimed);
        Assert.True((await store.HeartbeatAsync(new(executor, TimeSpan.FromSeconds(15)), Stop)).IsAlive);
        Assert.Equal(
            1L,
            await database.ExecuteAsync(
                $"SELECT count(*) FROM {database.Schema}.workflow_run WHERE executor_id IS NOT NULL"
            )
        );
    }

    /// <summary>A store that listens hears of what another has created; told again until it listens.</summary>
    private static async Task HearsAsync(PostgresStore listening, PostgresStore telling)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var listen = listening.ListenAsync(new StoreNews(_ => heard.TrySetResult(), static () => { }), end.Token);
        var created = await telling.WriteAsync(new WriteBatch([A.Workflow("one")], [], 1, A.FirstInstant), Stop);
        for (var number = 0; !heard.Task.IsCompleted; number++)
        {
            var move = new EventFor(created.Creates[0].Id, A.Move($"S{number}"));
            await telling.WriteAsync(new WriteBatch([], [move], ExecutorId: null, A.FirstInstant), Stop);
            Assert.False(listen.IsFaulted, listen.Exception?.ToString());
        }

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listen);
    }
}
