using System.Data.Common;
using System.Globalization;
using GopherFlow.Bench.Costs;

namespace GopherFlow.Bench.Databases;

/// <summary>Statistics of MariaDB. It is a single process, whose id is in a file.</summary>
internal sealed class MariaDbServer(DbConnection connection) : IDatabaseServer
{
    private static readonly string[] ProcessNames = ["mariadbd", "mysqld"];

    private static readonly string[] Settings =
    [
        "innodb_flush_log_at_trx_commit",
        "innodb_buffer_pool_size",
        "innodb_log_file_size",
        "innodb_io_capacity",
        "innodb_flush_method",
        "log_bin",
    ];

    public ServerCpu Cpu()
    {
        try
        {
            var file = Path.Combine(Read("SELECT @@datadir")[0][0], Read("SELECT @@pid_file")[0][0]);
            return int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var id)
                ? ServerCpu.OfTree(id, ProcessNames)
                : ServerCpu.Elsewhere;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return ServerCpu.Unreadable($"the file with the server's process id cannot be read: {failure.Message}");
        }
    }

    public Task<string> DescribeAsync()
    {
        var settings = Settings.Select(name => $"{name}={Read($"SELECT @@{name}")[0][0]}");
        return Task.FromResult($"MariaDB {Read("SELECT version()")[0][0]}, {string.Join(", ", settings)}");
    }

    public Task<ServerCounts> CountsAsync()
    {
        var counts = Read("SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_commit', 'Com_rollback')")
            .ToDictionary(row => row[0], row => long.Parse(row[1], CultureInfo.InvariantCulture));
        return Task.FromResult(new ServerCounts(counts["Com_commit"] + counts["Com_rollback"]));
    }

    /// <summary>Nothing to wait for: its counters always include all connections.</summary>
    public Task WaitUntilAloneAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private List<string[]> Read(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string[]>();
        while (reader.Read())
        {
            rows.Add([
                .. Enumerable
                    .Range(0, reader.FieldCount)
                    .Select(column => Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture)!),
            ]);
        }

        return rows;
    }
}
