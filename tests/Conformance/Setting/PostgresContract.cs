using GopherFlow.Stores.Postgres;

namespace GopherFlow.Conformance.Setting;

/// <summary>Base class of the tests specific to PostgreSQL: each has a schema of its own.</summary>
public abstract class PostgresContract : IAsyncLifetime
{
    private PostgresTestDatabase? database;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected PostgresTestDatabase Database => database!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(StoreKind.Postgres), "No PostgreSQL server is configured.");
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

    protected static async Task<WorkflowRecord> RunningAsync(PostgresStore store, string externalId)
    {
        var created = await store.WriteAsync(
            new WriteBatch([A.Workflow(externalId) with { ClaimedBy = 1 }], [], 1, A.FirstInstant),
            Stop
        );
        return (await store.FindAsync(created.Creates[0].Id, Stop))!;
    }

    protected async Task<PostgresStore> OpenAsync()
    {
        var store = new PostgresStore($"{Database.ConnectionString};Application Name={Database.Schema}");
        await store.InitializeAsync(Stop);
        return store;
    }
}
