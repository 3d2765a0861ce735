using System.Data.Common;
using GopherFlow.Conformance.Setting;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace GopherFlow.Conformance;

/// <summary>Writes to the user's own tables in the transaction of the commit.</summary>
public sealed class OnCommitTests : StoreContract
{
    [Fact]
    public async Task A_store_without_a_database_rejects_the_callback_and_writes_nothing_of_the_step()
    {
        var scene = await OpenAsync(StoreKind.InMemory);
        var before = await scene.RunningAsync("order-1");

        var result = await scene.CommitAsync(
            before.GoesTo("Pay") with
            {
                OnCommit = (_, _, _) => throw new InvalidOperationException("must not be called"),
            }
        );

        var outcome = Assert.Single(result.Events);
        Assert.Equal(EventVerdict.Rejected, outcome.Verdict);
        Assert.IsType<NotSupportedException>(outcome.Reason);
        Assert.Equal(before, await scene.AgainAsync(before));
    }

    [Theory, OnEveryStore(WithDatabase = true)]
    public async Task Writes_of_the_callback_are_committed_with_the_step(StoreKind kind)
    {
        var scene = await OpenWithLedgerAsync(kind);
        var before = await scene.RunningAsync("order-1");

        await scene.CommittedAsync(before.GoesTo("Pay") with { OnCommit = Books("order-1") });

        Assert.Equal(["order-1"], await LedgerAsync(scene));
    }

    [Theory, OnEveryStore(WithDatabase = true)]
    public async Task The_callback_sees_its_own_step(StoreKind kind)
    {
        var scene = await OpenWithLedgerAsync(kind);
        var before = await scene.RunningAsync("order-1");

        await scene.CommittedAsync(
            before.GoesTo("Pay") with
            {
                OnCommit = (connection, transaction, stop) =>
                    RunAsync(
                        connection,
                        transaction,
                        """
                        INSERT INTO ledger (entry)
                        SELECT r.state
                          FROM workflow_run AS r
                          JOIN workflow AS w ON w.id = r.id
                         WHERE w.external_id = 'order-1'
                        """,
                        stop
                    ),
            }
        );

        Assert.Equal(["Pay"], await LedgerAsync(scene));
    }

    [Theory, OnEveryStore(WithDatabase = true)]
    public async Task A_callback_that_throws_rolls_back_only_its_step_and_its_own_writes(StoreKind kind)
    {
        var scene = await OpenWithLedgerAsync(kind);
        var first = await scene.RunningAsync("first");
        var faulty = await scene.RunningAsync("faulty");
        var last = await scene.RunningAsync("last");
        var failure = new InvalidOperationException("no money");

        var result = await scene.CommitAsync(
            first.GoesTo("Pay") with
            {
                OnCommit = Books("first"),
            },
            faulty.Finishes() with
            {
                StateVars = """{"a":1}""",
                Children = [A.Workflow("child")],
                OnCommit = async (connection, transaction, stop) =>
                {
                    await Books("faulty")(connection, transaction, stop);
                    throw failure;
                },
            },
            last.GoesTo("Pay") with
            {
                OnCommit = Books("last"),
            }
        );

        Assert.Equal(
            [(EventVerdict.Committed, null), (EventVerdict.Rejected, failure), (EventVerdict.Committed, null)],
            result.Events.Select(outcome => (outcome.Verdict, outcome.Reason))
        );
        Assert.Equal(["first", "last"], await LedgerAsync(scene));
        Assert.Equal(faulty, await scene.AgainAsync(faulty));
        Assert.Single(await scene.HistoryAsync(faulty));
        Assert.Null(await scene.Store.FindByExternalIdAsync("child", Stop));
        Assert.Equal([first.Id, last.Id], result.Changes.Select(change => change.Id));
    }

    [Theory, OnEveryStore(WithDatabase = true)]
    public async Task A_callback_whose_statement_fails_rolls_back_only_its_step(StoreKind kind)
    {
        var scene = await OpenWithLedgerAsync(kind);
        var faulty = await scene.RunningAsync("faulty");
        var last = await scene.RunningAsync("last");

        var result = await scene.CommitAsync(
            faulty.GoesTo("Pay") with
            {
                OnCommit = (connection, transaction, stop) =>
                    RunAsync(connection, transaction, "INSERT INTO no_such_table VALUES (1)", stop),
            },
            last.GoesTo("Pay") with
            {
                OnCommit = Books("last"),
            }
        );

        Assert.Equal([EventVerdict.Rejected, EventVerdict.Committed], result.Events.Select(outcome => outcome.Verdict));
        Assert.IsType<DbException>(result.Events[0].Reason, exactMatch: false);
        Assert.Equal(["last"], await LedgerAsync(scene));
        Assert.Equal(faulty, await scene.AgainAsync(faulty));
    }

    [Theory, OnEveryStore(WithDatabase = true)]
    public async Task An_exception_of_the_callback_rejects_its_step(StoreKind kind)
    {
        var scene = await OpenWithLedgerAsync(kind);
        Exception[] faults =
        [
            new TimeoutException("the bank is silent"),
            new FileNotFoundException("there is no such file"),
            new System.Net.Sockets.SocketException(),
            new AggregateException(new TimeoutException("both are silent")),
        ];

        foreach (var fault in faults)
        {
            var before = await scene.RunningAsync(fault.GetType().Name);
            var result = await scene.CommitAsync(before.GoesTo("Pay") with { OnCommit = (_, _, _) => throw fault });

            var outcome = Assert.Single(result.Events);
            Assert.Equal((EventVerdict.Rejected, fault), (outcome.Verdict, outcome.Reason));
            Assert.Equal(before, await scene.AgainAsync(before));
        }
    }

    /// <summary>Entity Framework wraps exceptions of the driver.</summary>
    [Theory]
    [InlineData(StoreKind.Sqlite, false)]
    [InlineData(StoreKind.Sqlite, true)]
    [InlineData(StoreKind.Postgres, false)]
    [InlineData(StoreKind.Postgres, true)]
    public async Task A_transient_error_in_a_callback_does_not_reject_its_step(StoreKind kind, bool isWrapped)
    {
        var scene = await OpenWithLedgerAsync(kind);
        var unlucky = await scene.RunningAsync("unlucky");
        Exception transient =
            kind == StoreKind.Sqlite
                ? new SqliteException("database is locked", 5)
                : new PostgresException("deadlock detected", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected);
        var failure = isWrapped ? new InvalidOperationException("the changes were not saved", transient) : transient;

        var thrown = await Record.ExceptionAsync(() =>
            scene.CommitAsync(unlucky.GoesTo("Pay") with { OnCommit = (_, _, _) => throw failure })
        );

        Assert.Same(failure, thrown);
        Assert.Equal(unlucky, await scene.AgainAsync(unlucky));
    }

    [Theory, OnEveryStore(WithDatabase = true)]
    public async Task The_callback_of_a_step_not_written_is_not_called(StoreKind kind)
    {
        var scene = await OpenWithLedgerAsync(kind);
        var lost = await scene.RunningAsync("lost");
        await scene.HandBackAsync(lost);
        var rejected = await scene.RunningAsync("rejected");

        var result = await scene.CommitAsync(
            lost.GoesTo("Pay") with
            {
                OnCommit = Books("lost"),
            },
            rejected.GoesTo("Pay") with
            {
                OnCommit = Books("rejected"),
                Children = [A.Workflow("lost")],
            }
        );

        Assert.Equal([EventVerdict.LeaseLost, EventVerdict.Rejected], result.Events.Select(outcome => outcome.Verdict));
        Assert.Empty(await LedgerAsync(scene));
    }

    /// <summary>A store whose database also has a table of the user.</summary>
    private async Task<Scene> OpenWithLedgerAsync(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await OnConnectionAsync(
            scene,
            async (connection, transaction, stop) =>
                await RunAsync(connection, transaction, "CREATE TABLE ledger (entry VARCHAR(100) NOT NULL)", stop)
        );
        return scene;
    }

    private static CommitCallback Books(string entry) =>
        (connection, transaction, stop) =>
            RunAsync(connection, transaction, $"INSERT INTO ledger (entry) VALUES ('{entry}')", stop);

    private static async Task<IReadOnlyList<string>> LedgerAsync(Scene scene)
    {
        var entries = new List<string>();
        await OnConnectionAsync(
            scene,
            async (connection, transaction, stop) =>
            {
                await using var query = connection.CreateCommand();
                query.Transaction = transaction;
                query.CommandText = "SELECT entry FROM ledger ORDER BY entry";
                await using var rows = await query.ExecuteReaderAsync(stop);
                while (await rows.ReadAsync(stop))
                {
                    entries.Add(rows.GetString(0));
                }
            }
        );
        return entries;
    }

    /// <summary>Runs on a connection of the store, by a callback in the commit of a step.</summary>
    private static async Task OnConnectionAsync(Scene scene, CommitCallback work)
    {
        var carrier = await scene.RunningAsync($"carrier-{Guid.NewGuid()}");
        await scene.CommittedAsync(carrier.Finishes() with { OnCommit = work });
    }

    private static async Task RunAsync(
        DbConnection connection,
        DbTransaction transaction,
        string sql,
        CancellationToken stop
    )
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(stop);
    }
}
