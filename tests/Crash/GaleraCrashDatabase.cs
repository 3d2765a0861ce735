using System.Data.Common;
using System.Diagnostics;
using GopherFlow.Storage;
using GopherFlow.Stores.MySql;
using MySqlConnector;

namespace GopherFlow.Crash;

/// <summary>
/// A cluster of three. Executors use two of its servers, which are alternately killed or cut off and return. The third is a witness, on
/// which workflows are created and changed by hand.
/// </summary>
internal sealed class GaleraCrashDatabase(GaleraCluster cluster, Action<string> tell) : CrashDatabase
{
    private const int Witness = 2;

    /// <summary>The time within which an executor must commit a step after the other nodes have agreed to continue alone.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(10);

    private const string Entries = "SELECT count(*) FROM flow.ledger";

    private const string Members = """
        SELECT variable_value
          FROM information_schema.global_status
         WHERE variable_name = 'WSREP_CLUSTER_SIZE'
        """;

    private const string Conflicts = """
        SELECT CAST(sum(variable_value) AS UNSIGNED)
          FROM information_schema.global_status
         WHERE variable_name IN ('WSREP_LOCAL_CERT_FAILURES', 'WSREP_LOCAL_BF_ABORTS')
        """;

    private readonly MySqlStore store = new(cluster.ConnectionString(Witness, 1, 0));
    private int turn;

    public override IReadOnlyDictionary<string, string> Settings => SettingsOf(0);

    /// <summary>Galera requires a primary key.</summary>
    public override string CreateLedger =>
        """
            CREATE TABLE ledger (
                id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
                workflow_id BIGINT       NOT NULL,
                step_key    VARCHAR(600) NOT NULL,
                entered     BIGINT       NOT NULL DEFAULT (1000 * unix_timestamp(sysdate(3)))
            )
            """;

    public override IWorkflowStore Store => store;

    public override IReadOnlyList<Blow> Blows =>
        [
            new("a node killed", stop => StrikeAsync(_ => cluster.KillAsync(turn), cluster.ReturnAsync, stop)),
            new("a node cut off", stop => StrikeAsync(s => cluster.CutOffAsync(turn, s), cluster.ReconnectAsync, stop)),
        ];

    public static async Task<CrashDatabase> OpenAsync(Action<string> tell) =>
        new GaleraCrashDatabase(await GaleraCluster.StartAsync(CancellationToken.None), tell);

    /// <summary>Each executor has its own server first.</summary>
    public override IReadOnlyDictionary<string, string> SettingsOf(int place) =>
        new Dictionary<string, string>
        {
            ["GFLOW_DATABASE_TYPE"] = "MYSQL",
            ["GFLOW_DATABASE_URL"] = cluster.ConnectionString(place % 2, 1 - (place % 2)),
        };

    /// <summary>Opens a connection that sees commits on the other nodes.</summary>
    public override async Task<DbConnection> ConnectAsync()
    {
        var connection = new MySqlConnection($"{cluster.ConnectionString(Witness)};Pooling=false");
        try
        {
            await connection.OpenAsync();
            await using var command = new MySqlCommand("SET SESSION wsrep_sync_wait = 1", connection);
            await command.ExecuteNonQueryAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await cluster.DisposeAsync();
    }

    private async Task StrikeAsync(
        Func<CancellationToken, Task> strike,
        Func<int, CancellationToken, Task> mend,
        CancellationToken stop
    )
    {
        var since = Stopwatch.StartNew();
        await strike(stop);
        while (await cluster.AskAsync(Witness, Members, stop) is not "2")
        {
            await Task.Delay(20, stop);
        }

        var agreed = since.Elapsed;
        var before = (long)(await cluster.AskAsync(Witness, Entries, stop))!;
        while ((long)(await cluster.AskAsync(Witness, Entries, stop))! == before)
        {
            if (since.Elapsed - agreed > Promised)
            {
                throw new TimeoutException(
                    $"No executor has committed a step within {Promised} since the others continued without the node."
                );
            }

            await Task.Delay(20, stop);
        }

        var next = since.Elapsed - agreed;
        var conflicts = await cluster.AskAsync(1 - turn, Conflicts, stop);
        var back = Stopwatch.StartNew();
        await mend(turn, stop);
        tell(
            $"node {turn}: outvoted after {agreed.TotalSeconds:0.0} s, next step committed {next.TotalSeconds:0.0} s later; back in the cluster {back.Elapsed.TotalSeconds:0.0} s after its return; "
                + $"the other node has rolled back {conflicts} transactions because of conflicts"
        );
        turn = 1 - turn;
    }
}
