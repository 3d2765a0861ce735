using GopherFlow.Authoring;
using GopherFlow.TestSupport;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Writing to the user's own tables with the step.</summary>
public sealed class OnCommitTests
{
    [Fact]
    public async Task A_row_of_the_users_is_written_once_with_the_step()
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

        // The first attempt throws after it has asked for the row: that row must not be there.
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
    public async Task A_callback_that_throws_takes_the_step_with_it_but_not_its_neighbours()
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
