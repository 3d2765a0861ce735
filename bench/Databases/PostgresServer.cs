using GopherFlow.Bench.Costs;
using Npgsql;

namespace GopherFlow.Bench.Databases;

/// <summary>
/// Statistics of PostgreSQL. Each connection is a child process of the postmaster. The CPU time of ended processes is added to the
/// postmaster's.
/// </summary>
internal sealed class PostgresServer(NpgsqlConnection connection) : IDatabaseServer
{
    private const string ProcessName = "postgres";

    private static readonly string[] Settings =
    [
        "fsync",
        "synchronous_commit",
        "full_page_writes",
        "shared_buffers",
        "max_wal_size",
    ];

    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(5);

    public ServerCpu Cpu() =>
        ProcessTimes.Read(connection.ProcessID) is { } own && own.Name == ProcessName
            ? ServerCpu.OfTree(own.Parent, ProcessName)
            : ServerCpu.Elsewhere;

    public async Task<string> DescribeAsync()
    {
        var settings = new List<string>();
        foreach (var name in Settings)
        {
            settings.Add($"{name}={await ReadAsync($"SHOW {name}")}");
        }

        return $"PostgreSQL {connection.PostgreSqlVersion}, {string.Join(", ", settings)}";
    }

    public async Task<ServerCounts> CountsAsync()
    {
        var committed = await ReadAsync("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()");
        return new ServerCounts((long)committed!);
    }

    /// <summary>Connections report their statistics about once a second and when they close.</summary>
    public async Task WaitUntilAloneAsync()
    {
        var deadline = DateTime.UtcNow + WaitTimeout;
        while (
            await ReadAsync(
                """
                SELECT count(*)
                  FROM pg_stat_activity
                 WHERE datname = current_database()
                   AND backend_type = 'client backend'
                   AND pid <> pg_backend_pid()
                """
            )
                is > 0L
            && DateTime.UtcNow < deadline
        )
        {
            await Task.Delay(10);
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<object?> ReadAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
