using System.Transactions;
using GopherFlow.Conformance.Setting;
using GopherFlow.Stores.Postgres;
using Npgsql;

namespace GopherFlow.Conformance;

/// <summary>Connections to PostgreSQL: broken, held by callbacks, and returned to the pool.</summary>
public sealed class PostgresConnectionTests : PostgresContract
{
    [Fact]
    public async Task A_broken_connection_is_a_transient_error()
    {
        await using var store = await OpenAsync();
        await Database.ExecuteAsync(
            $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = '{Database.Schema}'"
        );

        var trouble = await Record.ExceptionAsync(() => store.FindAsync(1, Stop));

        Assert.True(trouble is null || store.IsTransient(trouble));
        Assert.Null(await store.FindAsync(1, Stop));
        Assert.True(store.IsTransient(new PostgresException("deadlock", "ERROR", "ERROR", "40P01")));
        Assert.True(store.IsTransient(new PostgresException("too many connections", "FATAL", "FATAL", "53300")));
        Assert.True(store.IsTransient(new PostgresException("the server shuts down", "FATAL", "FATAL", "57P01")));
        Assert.True(store.IsTransient(new PostgresException("the server starts", "FATAL", "FATAL", "57P03")));
        Assert.False(store.IsTransient(new PostgresException("wrong password", "FATAL", "FATAL", "28P01")));
        Assert.False(store.IsTransient(new PostgresException("unique", "ERROR", "ERROR", "23505")));
    }

    [Fact]
    public async Task Session_settings_of_a_callback_end_with_its_batch()
    {
        await using var store = new PostgresStore($"{Database.ConnectionString};Maximum Pool Size=1");
        await store.InitializeAsync(Stop);
        var settings = new List<object?>();

        foreach (var name in new[] { "one", "two" })
        {
            var step = (await RunningAsync(store, name)).Finishes() with
            {
                OnCommit = async (connection, transaction, stop) =>
                {
                    await using var command = connection.CreateCommand();
                    command.Transaction = transaction;
                    command.CommandText = "SELECT current_setting('statement_timeout')";
                    settings.Add(await command.ExecuteScalarAsync(stop));
                    command.CommandText = "SET statement_timeout = '7s'";
                    await command.ExecuteNonQueryAsync(stop);
                },
            };
            await store.WriteAsync(new WriteBatch([], [step], 1, A.FirstInstant), Stop);
        }

        Assert.Equal(["0", "0"], settings);
    }

    [Fact]
    public async Task A_callback_that_never_ends_holds_neither_locks_nor_a_pool_connection()
    {
        await using var store = new PostgresStore($"{Database.ConnectionString};Maximum Pool Size=1");
        await store.InitializeAsync(Stop);
        var workflow = await RunningAsync(store, "order-1");
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var session = 0;
        var step = workflow.Finishes().ToEvent() with
        {
            OnCommit = async (connection, _, _) =>
            {
                session = ((Npgsql.NpgsqlConnection)connection).ProcessID;
                await giveUp.CancelAsync();
                await never.Task;
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            store.WriteAsync(new WriteBatch([], [step], 1, A.FirstInstant), giveUp.Token)
        );

        await using var another = await OpenAsync();
        var again = await another.WriteAsync(
            new WriteBatch([], [workflow.Finishes().ToEvent()], 1, A.FirstInstant),
            Stop
        );
        Assert.Equal(EventVerdict.Committed, again.Events[0].Verdict);
        never.SetResult();
        Assert.Equal(WorkflowStatus.Finished, (await store.FindAsync(workflow.Id, Stop))!.Status);
        Assert.Equal(0L, await Database.ExecuteAsync($"SELECT count(*) FROM pg_stat_activity WHERE pid = {session}"));
    }

    [Fact]
    public async Task A_call_cancelled_before_it_begins_holds_no_connection()
    {
        await using var store = new PostgresStore($"{Database.ConnectionString};Maximum Pool Size=2;Timeout=5");
        await store.InitializeAsync(Stop);
        var workflow = await RunningAsync(store, "one");
        var batch = new WriteBatch([], [new EventFor(workflow.Id, new Paused("ann"))], null, A.FirstInstant);

        for (var call = 0; call < 3; call++)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                store.WriteAsync(batch, new CancellationToken(canceled: true))
            );
        }

        Assert.Equal(EventVerdict.Committed, (await store.WriteAsync(batch, Stop)).Events[0].Verdict);
    }

    [Fact]
    public async Task Calls_do_not_enlist_in_an_ambient_transaction()
    {
        await using var store = await OpenAsync();
        var workflow = await RunningAsync(store, "one");
        var batch = new WriteBatch([], [new EventFor(workflow.Id, new Paused("ann"))], null, A.FirstInstant);

        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            Assert.Equal(EventVerdict.Committed, (await store.WriteAsync(batch, Stop)).Events[0].Verdict);
            Assert.True((await store.FindAsync(workflow.Id, Stop))!.PauseRequested);
        }

        Assert.True((await store.FindAsync(workflow.Id, Stop))!.PauseRequested);
    }

    [Fact]
    public async Task A_store_can_be_disposed_twice()
    {
        var store = await OpenAsync();

        await store.DisposeAsync();
        await store.DisposeAsync();
    }
}
