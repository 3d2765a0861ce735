using System.Transactions;
using GopherFlow.Conformance.Setting;
using GopherFlow.Stores.Postgres;
using Npgsql;

namespace GopherFlow.Conformance;

/// <summary>What is PostgreSQL's own: setting up the schema, hints to other processes, faults, and secrets.</summary>
public sealed class PostgresDatabaseTests : IAsyncLifetime
{
    private PostgresTestDatabase? database;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private PostgresTestDatabase Database => database!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(StoreKind.Postgres), "No PostgreSQL server is named.");
        database = await PostgresTestDatabase.CreateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task Several_that_open_a_new_database_at_once_set_it_up_once()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OpenAsync()));

        foreach (var (number, store) in stores.Index())
        {
            await store.WriteAsync(new WriteBatch([A.Workflow($"{number}")], [], 1, A.FirstInstant), Stop);
        }

        Assert.Equal(8, (await stores[0].SearchAsync(new WorkflowSearch(), Stop)).Workflows.Count);
        Assert.Equal(
            1L,
            await Database.ExecuteAsync(
                $"SELECT count(*) FROM {Database.Schema}.gopherflow_migrations WHERE number = 1"
            )
        );
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused_in_words_and_left_alone()
    {
        await (await OpenAsync()).DisposeAsync();
        await Database.ExecuteAsync($"INSERT INTO {Database.Schema}.gopherflow_migrations VALUES (999, now())");

        var refusal = await Assert.ThrowsAsync<StoreSetupException>(OpenAsync);

        Assert.Contains("version 999", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("newer program", Assert.Single(refusal.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_processes_that_start_at_once_one_makes_the_tables()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));

        Assert.Equal(
            1,
            await Database.ExecuteAsync($"SELECT max(number) FROM {Database.Schema}.gopherflow_migrations")
        );
        await stores[0].Scripts.DeployScriptAsync(A.Script("Credit", "1a"), A.Definition("Credit", "1a"), Stop);
        Assert.Equal(1, await stores[1].Scripts.RevisionAsync(Stop));
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_goes_to_another_version_and_is_due_another_process_hears_of()
    {
        Assert.SkipWhen(PostgresTestDatabase.PoolMode is "transaction", "LISTEN needs a session of its own.");
        await using var one = await OpenAsync();
        await using var other = await OpenAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var heard = new TaskCompletionSource<DueHint>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listening = other.ListenAsync(
            new StoreNews(hint => heard.TrySetResult(hint), static () => { }),
            enough.Token
        );
        var workflow = (await RunningAsync(one, "order-1")).Id;

        var toWait = A.VersionMove(A.Stays(A.FirstState, runs: false));
        var toRun = A.VersionMove(A.Stays(A.FirstState)) with { FromVersion = A.NextVersion, ToVersion = A.Version };
        while (!heard.Task.IsCompleted)
        {
            // Listening begins some time after it is asked for.
            await MoveAsync(toWait);
            await MoveAsync(toRun);

            await Task.WhenAny(heard.Task, Task.Delay(100, Stop));
        }

        Assert.Equal(new DueHint(A.Group, A.Of(A.Type), A.FirstInstant), await heard.Task);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);

        async Task MoveAsync(VersionMoved move)
        {
            var batch = new WriteBatch([], [new EventFor(workflow, move)], ExecutorId: null, A.FirstInstant);
            Assert.Equal(EventVerdict.Committed, (await one.WriteAsync(batch, Stop)).Events[0].Verdict);
        }
    }

    [Theory]
    [InlineData("Port=1")]
    [InlineData("Database=there_is_none")]
    public async Task A_server_that_cannot_be_used_is_told_in_words_and_without_the_password(string fault)
    {
        await using var store = new PostgresStore($"{Database.ConnectionString};Password=hunter2;Timeout=5;{fault}");

        var refusal = await Assert.ThrowsAsync<StoreSetupException>(() => store.InitializeAsync(Stop));

        Assert.Contains("GFLOW_DATABASE_URL", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
        Assert.True(
            store.IsTransient(refusal.InnerException!) || fault.StartsWith("Database", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("Host=localhost;Password=hunter2;hunter2")]
    [InlineData("Host=localhost;Password=hunter2;hunter2=1")]
    [InlineData("Host=localhost;Port=hunter2")]
    public void A_faulty_connection_string_is_not_quoted(string connectionString)
    {
        var refusal = Assert.Throws<StoreSetupException>(() => new PostgresStore(connectionString));

        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_one_process_leaves_due_another_hears_of_and_no_process_of_its_own()
    {
        Assert.SkipWhen(PostgresTestDatabase.PoolMode is "transaction", "LISTEN needs a session of its own.");
        await using var one = await OpenAsync();
        await using var other = await OpenAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var heard = new TaskCompletionSource<DueHint>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ownHeard = 0;
        var listening = other.ListenAsync(
            new StoreNews(hint => heard.TrySetResult(hint), static () => { }),
            enough.Token
        );
        var listeningToSelf = one.ListenAsync(new StoreNews(_ => ownHeard++, static () => { }), enough.Token);

        for (var number = 0; !heard.Task.IsCompleted; number++)
        {
            // Listening begins some time after it is asked for.
            await one.WriteAsync(
                new WriteBatch([A.Workflow($"{number}") with { ExecutorGroup = "two words" }], [], 1, A.FirstInstant),
                Stop
            );
            await Task.WhenAny(heard.Task, Task.Delay(100, Stop));
        }

        Assert.Equal(new DueHint("two words", A.Of(A.Type), A.FirstInstant), await heard.Task);
        Assert.Equal(0, ownHeard);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listeningToSelf);
    }

    [Fact]
    public async Task A_broken_connection_is_a_fault_that_passes()
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
    public async Task A_text_with_the_character_that_postgres_has_no_place_for_is_written_without_it()
    {
        await using var store = await OpenAsync();
        var created = await store.WriteAsync(
            new WriteBatch([A.Workflow("order-1") with { ClaimedBy = 1, CreatedBy = "a\0b" }], [], 1, A.FirstInstant),
            Stop
        );
        var before = (await store.FindAsync(created.Creates[0].Id, Stop))!;

        var written = await store.WriteAsync(
            new WriteBatch([], [before.Finishes().Logging("c\0d")], 1, A.FirstInstant),
            Stop
        );

        Assert.Equal(EventVerdict.Committed, written.Events[0].Verdict);
        Assert.Equal(
            ["c\uFFFDd", "a\uFFFDb"],
            (await store.ActionsAsync(new ActionSearch(before.Id, 10), Stop)).Select(action =>
                action.Entry.Text ?? action.Entry.Actor
            )
        );
    }

    [Fact]
    public async Task What_a_callback_sets_for_the_session_ends_with_its_batch()
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
    public async Task A_callback_that_never_ends_keeps_neither_the_locks_nor_a_connection_of_the_pool()
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
    public async Task Families_that_several_write_at_once_wait_for_each_other_and_lose_nothing()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        WorkflowRecord[] parents = [await RunningAsync(one, "parent-1"), await RunningAsync(one, "parent-2")];
        const int EachHas = 40;
        foreach (var parent in parents)
        {
            var split = parent.AwaitsItsChildren() with
            {
                Children =
                [
                    .. Enumerable
                        .Range(0, EachHas)
                        .Select(number => A.Workflow($"{parent.ExternalId}/{number}") with { ClaimedBy = 1 }),
                ],
            };
            await one.WriteAsync(new WriteBatch([], [split], 1, A.FirstInstant), Stop);
        }

        // Each batch touches both parents, in changing order, on both stores at once.
        var children = new List<WorkflowRecord>();
        foreach (var parent in parents)
        {
            children.AddRange(await one.ChildrenAsync(new ChildSearch(parent.Id), Stop));
        }

        var batches = children.OrderBy(child => child.Id * 7919 % 101).Chunk(4).Index();
        await Parallel.ForEachAsync(
            batches,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Stop },
            async (batch, stop) =>
            {
                var result = await (batch.Index % 2 == 0 ? one : two).WriteAsync(
                    new WriteBatch([], [.. batch.Item.Select(child => child.Finishes().ToEvent())], 1, A.FirstInstant),
                    stop
                );
                Assert.All(result.Events, step => Assert.Equal(EventVerdict.Committed, step.Verdict));
            }
        );

        foreach (var parent in parents)
        {
            var after = (await one.FindAsync(parent.Id, Stop))!;
            Assert.Equal((0, false, A.FirstInstant), (after.OpenChildren, after.AwaitsChildren, after.NextActivation));
        }

        await StoreInvariants.CheckAsync(one);
    }

    [Fact]
    public async Task A_deadlock_victim_is_run_again()
    {
        await using var store = await OpenAsync();
        WorkflowRecord[] rows = [await RunningAsync(store, "one"), await RunningAsync(store, "two")];
        await using var other = new NpgsqlConnection(Database.ConnectionString);
        await other.OpenAsync(Stop);
        await using var transaction = await other.BeginTransactionAsync(Stop);
        await LockAsync(other, rows[1].Id);

        var pausing = store.WriteAsync(
            new WriteBatch([], [.. rows.Select(row => new EventFor(row.Id, new Paused("ann")))], null, A.FirstInstant),
            Stop
        );
        while (await Database.ExecuteAsync(WaitingForLocks(Database.Schema)) is 0L) { }
        await LockAsync(other, rows[0].Id);
        await transaction.CommitAsync(Stop);

        Assert.All((await pausing).Events, outcome => Assert.Equal(EventVerdict.Committed, outcome.Verdict));
    }

    /// <summary>A step that goes on is locked before one that ends, whatever their ids are.</summary>
    [Fact]
    public async Task Steps_that_are_a_deadlock_victim_are_written_again()
    {
        await using var store = await OpenAsync();
        WorkflowRecord[] rows = [await RunningAsync(store, "one"), await RunningAsync(store, "two")];
        await using var other = new NpgsqlConnection(Database.ConnectionString);
        await other.OpenAsync(Stop);
        await using var transaction = await other.BeginTransactionAsync(Stop);
        await LockAsync(other, rows[0].Id);

        var stepping = store.WriteAsync(
            new WriteBatch([], [rows[0].Finishes(), rows[1].GoesTo("Pay")], 1, A.FirstInstant),
            Stop
        );
        while (await Database.ExecuteAsync(WaitingForLocks(Database.Schema)) is 0L) { }
        await LockAsync(other, rows[1].Id);
        await transaction.CommitAsync(Stop);

        Assert.All((await stepping).Events, outcome => Assert.Equal(EventVerdict.Committed, outcome.Verdict));
    }

    [Fact]
    public async Task A_count_that_another_transaction_changes_while_it_is_looked_at_stays()
    {
        await using var store = await OpenAsync();
        var workflow = await RunningAsync(store, "one");
        await store.WriteAsync(new WriteBatch([], [workflow.Finishes()], 1, A.FirstInstant), Stop);
        await using var other = new NpgsqlConnection(Database.ConnectionString);
        await other.OpenAsync(Stop);
        await using var transaction = await other.BeginTransactionAsync(Stop);
        await using var another = new NpgsqlCommand(
            """
            UPDATE workflow_counts
               SET count = count + 1
             WHERE status = 'EXECUTING'
               AND slot = (SELECT min(slot)
                             FROM workflow_counts
                            WHERE status = 'EXECUTING')
            """,
            other
        );
        await another.ExecuteNonQueryAsync(Stop);

        var deleting = store.DeleteLeftoversAsync(
            new LeftoverLimits(default, default, 0, default, TimeSpan.FromDays(1), 100),
            Stop
        );
        while (await Database.ExecuteAsync(WaitingForLocks(Database.Schema)) is 0L) { }
        await transaction.CommitAsync(Stop);
        await deleting;

        Assert.Contains(
            new WorkflowCount(A.Type, A.Version, A.FirstState, WorkflowStatus.Executing, 1),
            await store.CountsAsync(Stop)
        );
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_it_begins_keeps_no_connection()
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
    public async Task A_transaction_that_surrounds_a_call_is_not_joined()
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
    public async Task A_store_may_be_disposed_twice()
    {
        var store = await OpenAsync();

        await store.DisposeAsync();
        await store.DisposeAsync();
    }

    private static string WaitingForLocks(string application) =>
        $"""
            SELECT count(*)
              FROM pg_stat_activity
             WHERE application_name = '{application}'
               AND wait_event_type = 'Lock'
            """;

    private static async Task LockAsync(NpgsqlConnection connection, long id)
    {
        await using var command = new NpgsqlCommand($"SELECT FROM workflow_run WHERE id = {id} FOR UPDATE", connection);
        await command.ExecuteNonQueryAsync(Stop);
    }

    private static async Task<WorkflowRecord> RunningAsync(PostgresStore store, string externalId)
    {
        var created = await store.WriteAsync(
            new WriteBatch([A.Workflow(externalId) with { ClaimedBy = 1 }], [], 1, A.FirstInstant),
            Stop
        );
        return (await store.FindAsync(created.Creates[0].Id, Stop))!;
    }

    private async Task<PostgresStore> OpenAsync()
    {
        var store = new PostgresStore($"{Database.ConnectionString};Application Name={Database.Schema}");
        await store.InitializeAsync(Stop);
        return store;
    }
}
