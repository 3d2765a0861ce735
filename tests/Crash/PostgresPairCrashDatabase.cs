using System.Data.Common;
using System.Diagnostics;
using GopherFlow.Storage;
using GopherFlow.Stores.Postgres;
using Npgsql;

namespace GopherFlow.Crash;

/// <summary>A pair of servers whose primary is killed repeatedly, and whose standby is promoted.</summary>
internal sealed class PostgresPairCrashDatabase(PostgresPair pair, Action<string> tell) : CrashDatabase
{
    /// <summary>The time within which an executor must commit a step after the promotion.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(10);

    private const string Entries = "SELECT count(*) FROM ledger";

    private readonly PostgresStore store = new(pair.ConnectionString);

    public override IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string>
        {
            ["GFLOW_DATABASE_TYPE"] = "POSTGRES",
            ["GFLOW_DATABASE_URL"] = pair.ConnectionString,
        };

    public override string CreateLedger => PostgresCrashDatabase.Ledger;

    public override IWorkflowStore Store => store;

    public override IReadOnlyList<Blow> Blows => [new("failover", FailOverAsync)];

    public static async Task<CrashDatabase> OpenAsync(Action<string> tell) =>
        new PostgresPairCrashDatabase(await PostgresPair.StartAsync(CancellationToken.None), tell);

    public override async Task<DbConnection> ConnectAsync()
    {
        await using var source = new NpgsqlDataSourceBuilder(
            new NpgsqlConnectionStringBuilder(pair.ConnectionString)
            {
                Pooling = false,
                TargetSessionAttributes = null,
            }.ConnectionString
        ).BuildMultiHost();
        return await source.OpenConnectionAsync(TargetSessionAttributes.ReadWrite);
    }

    public override async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await pair.DisposeAsync();
    }

    private async Task FailOverAsync(CancellationToken stop)
    {
        await pair.KillAsync(stop);
        var since = Stopwatch.StartNew();
        await pair.PromoteAsync(stop);
        var promoted = since.Elapsed;
        var before = (long)(await pair.AskAsync(Entries, stop))!;
        while ((long)(await pair.AskAsync(Entries, stop))! == before)
        {
            if (since.Elapsed - promoted > Promised)
            {
                throw new TimeoutException($"No executor has committed a step within {Promised} of the promotion.");
            }

            await Task.Delay(20, stop);
        }

        var next = since.Elapsed - promoted;
        tell(
            $"promoted {promoted.TotalSeconds:0.0} s after the kill, next step committed {next.TotalSeconds:0.0} s later"
        );
        await pair.FollowAsync(stop);
    }
}
