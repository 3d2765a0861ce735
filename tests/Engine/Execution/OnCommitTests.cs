using GopherFlow.Authoring;
using GopherFlow.Settings;
using GopherFlow.TestSupport;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Writing to the user's own tables in the transaction of the step.</summary>
public sealed class OnCommitTests
{
    [Fact]
    public async Task A_user_row_is_written_once_with_its_step()
    {
        await using var store = await StoreWithTableAsync();
        await using var engine = await EngineHarness.StartAsync(
            store,
            new VirtualClock(),
            g => g.AddDefinition(Machines.OneState("W", Book, RetryPolicy.Linear(1, TimeSpan.Zero, TimeSpan.Zero)))
        );

        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal(["one:0"], BookedIn(store));

        // The first attempt throws after registering its callback, so it must leave no row.
        static NextState Book(StepContext step)
        {
            step.OnCommit(
                async (connection, transaction, cancellation) =>
                {
                    await using var insert = connection.CreateCommand();
                    insert.Transaction = transaction;
                    insert.CommandText = "INSERT INTO booking (step) VALUES (@step)";
                    insert.Parameters.Add(new SqliteParameter("@step", step.StepKey));
                    await insert.ExecuteNonQueryAsync(cancellation);
                }
            );
            return step.Attempt == 1 ? throw new InvalidOperationException("after asking") : NextState.GoTo("Done");
        }
    }

    [Fact]
    public async Task A_callback_that_throws_fails_its_step_but_not_the_others_in_the_batch()
    {
        await using var store = await StoreWithTableAsync();
        await using var engine = await EngineHarness.StartAsync(
            store,
            new VirtualClock(),
            g => g.AddDefinition(Machines.Trivial("Good")).AddDefinition(Machines.OneState("Bad", Fail))
        );

        var bad = await engine.CreateAsync("Bad", "bad");
        var good = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(number => engine.CreateAsync("Good", $"good {number}"))
        );
        await engine.UntilAsync(bad, WorkflowStatus.Failed);
        foreach (var id in good)
        {
            await engine.UntilAsync(id, WorkflowStatus.Finished);
        }

        Assert.Empty(BookedIn(store));
        Assert.Contains("ERROR Work: InvalidOperationException: the table is full", await engine.HistoryAsync(bad));

        static NextState Fail(StepContext step)
        {
            step.OnCommit(
                async (connection, transaction, cancellation) =>
                {
                    await using var insert = connection.CreateCommand();
                    insert.Transaction = transaction;
                    insert.CommandText = "INSERT INTO booking (step) VALUES ('never')";
                    await insert.ExecuteNonQueryAsync(cancellation);
                    throw new InvalidOperationException("the table is full");
                }
            );
            return NextState.GoTo("Done");
        }
    }

    [Fact]
    public async Task A_callback_that_exceeds_its_timeout_is_a_failed_attempt()
    {
        using var gate = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var store = await StoreWithTableAsync();
        await using var engine = await EngineHarness.StartAsync(
            store,
            new VirtualClock(),
            g => g.AddDefinition(Machines.Trivial("Good")).AddDefinition(Machines.OneState("Bad", Hang))
        );

        var bad = await engine.CreateAsync("Bad", "bad");
        await entered.Task;
        await engine.Clock.AdvanceWhenAwaitedAsync(new EngineOptions().OnCommitTimeout);
        await engine.UntilAsync(bad, WorkflowStatus.Failed);
        await engine.UntilAsync(await engine.CreateAsync("Good", "good"), WorkflowStatus.Finished);
        gate.Set();

        Assert.Contains(
            "ERROR Work: TimeoutException: The OnCommit callbacks did not finish within 00:00:10.",
            await engine.HistoryAsync(bad)
        );

        NextState Hang(StepContext step)
        {
            step.OnCommit(
                (_, _, _) =>
                {
                    entered.SetResult();
                    gate.Wait(CancellationToken.None);
                    return Task.CompletedTask;
                }
            );
            return NextState.GoTo("Done");
        }
    }

    [Fact]
    public async Task A_callback_that_blocks_holds_a_slot_until_it_returns()
    {
        using var gate = new ManualResetEventSlim();
        using var logs = new LogCollector();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var store = await StoreWithTableAsync();
        await using var engine = await EngineHarness.StartAsync(
            store,
            new VirtualClock(),
            g => g.AddDefinition(Machines.OneState("Bad", Hang)),
            new EngineOptions { ExecutorSize = 1 },
            logs
        );
        var bad = await engine.CreateAsync("Bad", "bad");
        await entered.Task;
        await engine.Clock.AdvanceWhenAwaitedAsync(new EngineOptions().OnCommitTimeout);
        await engine.UntilAsync(bad, WorkflowStatus.Failed);
        await EngineHarness.UntilLoggedAsync(
            logs,
            $"Workflow {bad} (Bad), state Work: the time of its OnCommit callback"
        );

        Assert.Equal(
            ["No slot is left: 1 functions have not returned although their attempts are over."],
            engine.Health.Reasons
        );
        gate.Set();
        await EngineHarness.UntilLoggedAsync(logs, "has returned after its time was up");
        Assert.True(engine.Health.IsReady);

        NextState Hang(StepContext step)
        {
            step.OnCommit(
                (_, _, _) =>
                {
                    entered.SetResult();
                    gate.Wait(CancellationToken.None);
                    return Task.CompletedTask;
                }
            );
            return NextState.GoTo("Done");
        }
    }

    [Fact]
    public async Task A_callback_that_timed_out_can_no_longer_write()
    {
        using var gate = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var late = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var store = await StoreWithTableAsync();
        await using var engine = await EngineHarness.StartAsync(
            store,
            new VirtualClock(),
            g => g.AddDefinition(Machines.Trivial("Good")).AddDefinition(Machines.OneState("Bad", BookLate))
        );
        var bad = await engine.CreateAsync("Bad", "bad");
        await entered.Task;
        await engine.Clock.AdvanceWhenAwaitedAsync(new EngineOptions().OnCommitTimeout);
        await engine.UntilAsync(bad, WorkflowStatus.Failed);

        gate.Set();

        Assert.NotNull(await late.Task);
        await engine.UntilAsync(await engine.CreateAsync("Good", "good"), WorkflowStatus.Finished);
        Assert.Empty(BookedIn(store));

        NextState BookLate(StepContext step)
        {
            step.OnCommit(
                (connection, _, _) =>
                {
                    entered.SetResult();
                    gate.Wait(CancellationToken.None);
                    late.SetResult(
                        Record.Exception(() =>
                        {
                            using var insert = connection.CreateCommand();
                            insert.CommandText = "INSERT INTO booking (step) VALUES ('late')";
                            insert.ExecuteNonQuery();
                        })
                    );
                    return Task.CompletedTask;
                }
            );
            return NextState.GoTo("Done");
        }
    }

    [Fact]
    public async Task Other_steps_are_written_while_a_callback_is_slow()
    {
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Write = async (batch, write) =>
            {
                if (batch.Events.Any(step => step.OnCommit is not null))
                {
                    Assert.Single(batch.Events);
                    entered.SetResult();
                    await goOn.Task;
                }

                return await write();
            },
        };
        await using var engine = await EngineHarness.StartAsync(
            store,
            new VirtualClock(),
            g => g.AddDefinition(Machines.Trivial("Good")).AddDefinition(Machines.OneState("Slow", Ask)),
            wrapped: intercepted
        );
        var slow = await engine.CreateAsync("Slow", "slow");
        await entered.Task;

        await engine.UntilAsync(await engine.CreateAsync("Good", "good"), WorkflowStatus.Finished);
        goOn.SetResult();
        await engine.UntilAsync(slow, WorkflowStatus.Failed);

        static NextState Ask(StepContext step)
        {
            step.OnCommit((_, _, _) => Task.CompletedTask);
            return NextState.GoTo("Done");
        }
    }

    private static async Task<TestStore> StoreWithTableAsync()
    {
        var store = await TestStore.OpenAsync(StoreKind.Sqlite);
        await using var connection = new SqliteConnection($"Data Source={store.File};Pooling=False");
        await connection.OpenAsync();
        await using var create = connection.CreateCommand();
        create.CommandText = "CREATE TABLE booking (step TEXT NOT NULL)";
        await create.ExecuteNonQueryAsync();
        return store;
    }

    private static List<string> BookedIn(TestStore store)
    {
        using var connection = new SqliteConnection($"Data Source={store.File};Pooling=False");
        connection.Open();
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT step FROM booking";
        using var reader = select.ExecuteReader();
        var booked = new List<string>();
        while (reader.Read())
        {
            booked.Add(reader.GetString(0));
        }

        return booked;
    }
}
