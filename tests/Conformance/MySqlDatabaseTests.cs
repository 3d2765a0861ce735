using System.Diagnostics;
using System.Globalization;
using GopherFlow.Conformance.Setting;
using GopherFlow.Stores.MySql;

namespace GopherFlow.Conformance;

/// <summary>Tests specific to MariaDB and MySQL: schema version, lost connections, and servers that cannot be used.</summary>
public sealed class MySqlDatabaseTests : IAsyncLifetime
{
    private const string WaitingForTables = """
        SELECT id
          FROM information_schema.processlist
         WHERE db = DATABASE()
           AND state = 'Waiting for table metadata lock'
        """;

    private MariaDbTestDatabase? database;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private MariaDbTestDatabase Database => database!;

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(StoreKind.MariaDb), "No MariaDB server is configured.");
        database = MariaDbTestDatabase.Take();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_database_of_a_newer_program_is_rejected_and_left_alone()
    {
        await (await OpenAsync()).DisposeAsync();
        Database.Execute("INSERT INTO schema_version VALUES (999, 0)");

        var refusal = await Assert.ThrowsAsync<StoreSetupException>(OpenAsync);

        Assert.Contains("version 999", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("newer program", Assert.Single(refusal.Faults), StringComparison.Ordinal);
        Assert.Equal(["999"], Database.Execute("SELECT max(version) FROM schema_version"));
        Database.Execute("DELETE FROM schema_version WHERE version = 999");
    }

    /// <summary>After a restart, the purge of MariaDB crashes on indexed virtual columns, or the index is corrupt.</summary>
    [Fact]
    public async Task No_generated_column_is_virtual()
    {
        await (await OpenAsync()).DisposeAsync();

        Assert.Equal(
            ["due_priority", "permit_place", "permit_state"],
            Database.Execute(
                """
                  SELECT column_name
                    FROM information_schema.columns
                   WHERE table_schema = DATABASE()
                     AND extra = 'STORED GENERATED'
                ORDER BY column_name
                """
            )
        );
        Assert.Empty(
            Database.Execute(
                """
                SELECT column_name
                  FROM information_schema.columns
                 WHERE table_schema = DATABASE()
                   AND extra LIKE '%VIRTUAL%'
                """
            )
        );
    }

    [Fact]
    public async Task Concurrent_opens_of_a_new_database_set_it_up_once()
    {
        foreach (var table in Database.Execute("SHOW TABLES"))
        {
            Database.Execute($"SET foreign_key_checks = 0; DROP TABLE {table}");
        }

        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(OpenAsync, Stop)));

        foreach (var (number, store) in stores.Index())
        {
            await store.WriteAsync(new WriteBatch([A.Workflow($"{number}")], [], 1, A.FirstInstant), Stop);
        }

        Assert.Equal(8, (await stores[0].SearchAsync(new WorkflowSearch(), Stop)).Workflows.Count);
        Assert.Equal(["1"], Database.Execute("SELECT version FROM schema_version ORDER BY version"));
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_interrupted_migration_is_repeated_and_keeps_the_data()
    {
        await using (var store = await OpenAsync())
        {
            await store.WriteAsync(new WriteBatch([A.Workflow("order-1")], [], 1, A.FirstInstant), Stop);
        }

        // The state after a process is stopped during the migration, because these databases commit at every CREATE.
        Database.Execute("DROP TABLE script_versions, script_revision; DELETE FROM schema_version");

        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(OpenAsync, Stop)));

        Assert.Equal(["1"], Database.Execute("SELECT version FROM schema_version ORDER BY version"));
        await stores[0].Scripts.DeployScriptAsync(A.Script("Credit", "1a"), A.Definition("Credit", "1a"), Stop);
        Assert.Equal(1, await stores[1].Scripts.RevisionAsync(Stop));
        Assert.NotNull(await stores[2].FindByExternalIdAsync("order-1", Stop));
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("Database=gflow_no_such_database")]
    [InlineData("Port=1")]
    [InlineData("Password=wrong-and-secret")]
    public async Task The_error_for_an_unusable_database_hides_the_password(string fault)
    {
        await using var store = new MySqlStore($"{Database.ConnectionString};{fault}");

        var refusal = await Assert.ThrowsAsync<StoreSetupException>(() => store.InitializeAsync(Stop));

        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_lost_during_setup_is_a_transient_setup_error()
    {
        await (await OpenAsync()).DisposeAsync();
        Database.Execute("LOCK TABLES schema_version WRITE");
        await using var store = new MySqlStore(Database.ConnectionString);

        var opening = store.InitializeAsync(Stop);
        while (Database.Execute(WaitingForTables).Count == 0)
        {
            Assert.False(opening.IsCompleted);
            await Task.Yield();
        }

        KillAll();
        var refusal = await Assert.ThrowsAsync<StoreSetupException>(() => opening);

        Database.Execute("UNLOCK TABLES");
        Assert.True(store.IsTransient(refusal.InnerException!), refusal.ToString());
    }

    [Theory]
    [InlineData("Gibberish=yes")]
    [InlineData("Port=three-and-secret")]
    [InlineData("SslMode=secret")]
    [InlineData("secret")]
    public void The_error_for_an_invalid_connection_string_hides_its_contents(string fault)
    {
        var refusal = Assert.Throws<StoreSetupException>(() => new MySqlStore($"{Database.ConnectionString};{fault}"));

        Assert.Contains("cannot be read", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_killed_while_idle_are_replaced()
    {
        await using var store = await OpenAsync();
        var (executor, _) = await store.RegisterExecutorAsync(A.Executor("one"), Stop);
        var created = await store.WriteAsync(new WriteBatch([A.Workflow("one")], [], 1, A.FirstInstant), Stop);
        Assert.NotNull(await store.FindAsync(created.Creates[0].Id, Stop));

        KillAll();

        Assert.NotNull(await store.FindAsync(created.Creates[0].Id, Stop));
        await store.WriteAsync(new WriteBatch([A.Workflow("two")], [], 1, A.FirstInstant), Stop);
        Assert.True((await store.HeartbeatAsync(new(executor, TimeSpan.FromSeconds(15)), Stop)).IsAlive);
    }

    [Fact]
    public async Task A_connection_lost_within_a_transaction_is_a_transient_error()
    {
        await using var store = await OpenAsync();
        var running = await RunningAsync(store, "one");

        var lost = await Record.ExceptionAsync(() =>
            store.WriteAsync(
                Commit(running.GoesTo("Pay") with { OnCommit = (_, _, _) => Task.Run(KillAll, Stop) }),
                Stop
            )
        );

        Assert.NotNull(lost);
        Assert.True(store.IsTransient(lost), lost.ToString());
        Assert.Equal(running, await store.FindAsync(running.Id, Stop));
        var again = await store.WriteAsync(Commit(running.GoesTo("Pay")), Stop);
        Assert.Equal(EventVerdict.Committed, again.Events[0].Verdict);
    }

    [Fact]
    public async Task An_unreachable_server_is_a_transient_error()
    {
        await using var store = new MySqlStore($"{Database.ConnectionString};Port=1");

        var away = await Record.ExceptionAsync(() => store.FindAsync(1, Stop));

        Assert.True(store.IsTransient(away!), away!.ToString());
    }

    /// <summary>Such a batch is split and written in parts.</summary>
    [Fact]
    public async Task A_batch_too_large_for_the_server_is_not_a_transient_error()
    {
        const int Megabyte = 1024 * 1024;
        await using var store = await OpenAsync();
        var largest = long.Parse(Database.Execute("SELECT @@max_allowed_packet")[0], CultureInfo.InvariantCulture);
        var variables = $$"""{"a":"{{new string('a', Megabyte)}}"}""";
        NewWorkflow[] creates =
        [
            .. Enumerable
                .Range(0, (int)(largest / Megabyte) + 2)
                .Select(number => A.Workflow($"large-{number}") with { StateVars = variables }),
        ];

        var refusal = await Record.ExceptionAsync(() =>
            store.WriteAsync(new WriteBatch(creates, [], 1, A.FirstInstant), Stop)
        );

        Assert.NotNull(refusal);
        Assert.False(store.IsTransient(refusal), refusal.ToString());
        await store.WriteAsync(new WriteBatch(creates[..2], [], 1, A.FirstInstant), Stop);
    }

    [Fact]
    public async Task Parents_and_children_committed_concurrently_by_several_stores_are_all_written()
    {
        const int Families = 8;
        const int Children = 12;
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        MySqlStore[] stores = [one, two];
        var parents = new List<WorkflowRecord>();
        for (var family = 0; family < Families; family++)
        {
            var parent = await RunningAsync(one, $"parent-{family}");
            NewWorkflow[] children =
            [
                .. Enumerable
                    .Range(0, Children)
                    .Select(number => A.Workflow($"child-{family}-{number}") with { ClaimedBy = 1 }),
            ];
            await one.WriteAsync(Commit(parent.AwaitsItsChildren() with { Children = children }), Stop);
            parents.Add(parent);
        }

        var all = new List<WorkflowRecord>();
        foreach (var parent in parents)
        {
            all.AddRange(await one.ChildrenAsync(new ChildSearch(parent.Id), Stop));
        }

        // Each batch has children of every family, in random order.
        var random = new Random(1);
        var batches = all.GroupBy(child => child.ExternalId[^1])
            .Select(batch => batch.OrderBy(_ => random.Next()).Select(child => child.Finishes()).ToArray());
        var results = await Task.WhenAll(
            batches.Select((batch, number) => stores[number % 2].WriteAsync(Commit(batch), Stop))
        );

        Assert.All(
            results.SelectMany(result => result.Events),
            outcome => Assert.Equal(EventVerdict.Committed, outcome.Verdict)
        );
        foreach (var parent in parents)
        {
            var after = (await one.FindAsync(parent.Id, Stop))!;
            Assert.Equal((0, A.FirstInstant), (after.OpenChildren, after.NextActivation));
        }

        await StoreInvariants.CheckAsync(one);
    }

    [Fact]
    public async Task The_threads_of_callers_are_not_blocked()
    {
        await using var store = await OpenAsync();
        var running = await RunningAsync(store, "one");
        var hold = new TaskCompletionSource();
        var watch = Stopwatch.StartNew();

        var writing = store.WriteAsync(Commit(running.GoesTo("Pay") with { OnCommit = (_, _, _) => hold.Task }), Stop);

        Assert.False(writing.IsCompleted);
        hold.SetResult();
        await writing;
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_store_can_be_disposed_twice()
    {
        var store = await OpenAsync();

        await store.DisposeAsync();
        await store.DisposeAsync();
    }

    private static WriteBatch Commit(params Step[] steps) =>
        new([], [.. steps.Select(step => step.ToEvent())], 1, A.FirstInstant);

    private static async Task<WorkflowRecord> RunningAsync(MySqlStore store, string externalId)
    {
        var created = await store.WriteAsync(
            new WriteBatch([A.Workflow(externalId) with { ClaimedBy = 1 }], [], 1, A.FirstInstant),
            Stop
        );
        return (await store.FindAsync(created.Creates[0].Id, Stop))!;
    }

    private async Task<MySqlStore> OpenAsync()
    {
        var store = new MySqlStore(Database.ConnectionString);
        await store.InitializeAsync(Stop);
        return store;
    }

    /// <summary>Kills all connections to this database except its own.</summary>
    private void KillAll()
    {
        var others = Database.Execute(
            "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> connection_id()"
        );
        foreach (var id in others)
        {
            Database.Execute($"KILL {id}");
        }
    }
}
