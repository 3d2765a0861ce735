using GopherFlow.Conformance.Setting;
using GopherFlow.Stores.Postgres;

namespace GopherFlow.Conformance;

/// <summary>Tests specific to PostgreSQL: schema setup, errors, and secrets.</summary>
public sealed class PostgresDatabaseTests : PostgresContract
{
    [Fact]
    public async Task Concurrent_opens_of_a_new_database_set_it_up_once()
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
    public async Task A_database_of_a_newer_program_is_rejected_and_left_alone()
    {
        await (await OpenAsync()).DisposeAsync();
        await Database.ExecuteAsync($"INSERT INTO {Database.Schema}.gopherflow_migrations VALUES (999, now())");

        var refusal = await Assert.ThrowsAsync<StoreSetupException>(OpenAsync);

        Assert.Contains("version 999", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("newer program", Assert.Single(refusal.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_one_of_several_starting_processes_creates_the_tables()
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

    [Theory]
    [InlineData("Port=1")]
    [InlineData("Database=there_is_none")]
    public async Task The_error_for_an_unusable_server_hides_the_password(string fault)
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
    public void The_error_for_an_invalid_connection_string_does_not_quote_it(string connectionString)
    {
        var refusal = Assert.Throws<StoreSetupException>(() => new PostgresStore(connectionString));

        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_NUL_character_is_replaced_before_writing()
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
}
