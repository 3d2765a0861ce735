using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;

namespace GopherFlow.Tool.Takeover;

/// <summary>Reads the Go system's database (version 1.8) in one read-only snapshot transaction.</summary>
internal sealed class GoDatabase : IAsyncDisposable
{
    private const string Columns = """
        w.id, w.workflow_type, w.state, w.status, w.external_id, w.business_key, w.executor_group, w.retry_count,
        w.created, w.modified, w.next_activation, w.started, w.parent_workflow_id, length(w.state_vars)
        """;

    private const string Counts = """
          SELECT w.workflow_type, w.state, w.status, count(*)
            FROM workflow AS w
        GROUP BY w.workflow_type, w.state, w.status
        ORDER BY w.workflow_type, w.state, w.status
        """;

    private const string Executors = """
          SELECT name, last_active
            FROM executors
           WHERE last_active IS NOT NULL
        ORDER BY last_active DESC
           LIMIT 20
        """;

    private readonly DbConnection connection;
    private readonly DbTransaction transaction;

    private GoDatabase(DbConnection connection, DbTransaction transaction)
    {
        this.connection = connection;
        this.transaction = transaction;
    }

    /// <summary>Opens the database at an address.</summary>
    /// <exception cref="CommandException">There is no such database, or it cannot be read.</exception>
    public static async Task<GoDatabase> OpenAsync(string source, CancellationToken cancellation)
    {
        var connection = GoAddress.ConnectionTo(source);
        try
        {
            await connection.OpenAsync(cancellation);
            return new GoDatabase(connection, await BeginAsync(connection, cancellation));
        }
        catch (DbException fault)
        {
            await connection.DisposeAsync();
            throw Unreadable(fault);
        }
    }

    /// <summary>The number of workflows of each kind.</summary>
    public Task<List<GoCount>> CountsAsync(CancellationToken cancellation) =>
        ReadAsync(
            Counts,
            row => new GoCount(new GoKind(TextOf(row, 0), TextOf(row, 1), TextOf(row, 2)), row.GetInt64(3)),
            cancellation
        );

    /// <summary>The 20 most recently active executors.</summary>
    public Task<List<GoExecutor>> ExecutorsAsync(CancellationToken cancellation) =>
        ReadAsync(Executors, row => new GoExecutor(TextOf(row, 0), InstantOf(row, 1)!.Value), cancellation);

    /// <summary>The selected workflows and their children, in the order of their ids.</summary>
    public Task<List<GoWorkflow>> WorkflowsAsync(GoSelection selection, CancellationToken cancellation) =>
        ReadAsync(
            $"""
              SELECT {Columns}
                FROM workflow AS w
               WHERE {selection.Condition("w")}
                  OR EXISTS (SELECT 1
                               FROM workflow AS p
                              WHERE p.id = w.parent_workflow_id
                                AND ({selection.Condition("p")}))
            ORDER BY w.id
            """,
            WorkflowOf,
            cancellation,
            [.. selection.Parameters]
        );

    /// <summary>The variables of workflows, in the stored format.</summary>
    public async Task<Dictionary<long, string?>> VariablesAsync(
        IEnumerable<long> ids,
        CancellationToken cancellation
    ) =>
        (
            await ReadAsync(
                $"SELECT id, state_vars FROM workflow WHERE id IN ({string.Join(", ", ids.Select(id => id.ToString(CultureInfo.InvariantCulture)))})",
                row => KeyValuePair.Create(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1)),
                cancellation
            )
        ).ToDictionary();

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private static async Task<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellation)
    {
        switch (connection)
        {
            case MySqlConnection server:
                return await server.BeginTransactionAsync(
                    IsolationLevel.RepeatableRead,
                    isReadOnly: true,
                    cancellation
                );
            case SqliteConnection file:
                return file.BeginTransaction(deferred: true);
            default:
                var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
                await using (
                    var readOnly = new NpgsqlCommand("SET TRANSACTION READ ONLY", (NpgsqlConnection)connection)
                )
                {
                    await readOnly.ExecuteNonQueryAsync(cancellation);
                }

                return transaction;
        }
    }

    private async Task<List<T>> ReadAsync<T>(
        string sql,
        Func<DbDataReader, T> read,
        CancellationToken cancellation,
        params (string Name, string Value)[] parameters
    )
    {
        try
        {
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            command.CommandTimeout = 0;
            foreach (var (name, value) in parameters)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value);
                command.Parameters.Add(parameter);
            }

            var rows = new List<T>();
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                rows.Add(read(reader));
            }

            return rows;
        }
        catch (DbException fault)
        {
            throw Unreadable(fault);
        }
    }

    private static GoWorkflow WorkflowOf(DbDataReader row) =>
        new()
        {
            Id = row.GetInt64(0),
            Type = TextOf(row, 1),
            State = TextOf(row, 2),
            Status = TextOf(row, 3),
            ExternalId = TextOf(row, 4),
            BusinessKey = TextOf(row, 5),
            Group = TextOf(row, 6),
            RetryCount = row.IsDBNull(7) ? 0 : row.GetInt32(7),
            Created = InstantOf(row, 8),
            Modified = InstantOf(row, 9),
            NextActivation = InstantOf(row, 10),
            Started = InstantOf(row, 11),
            ParentId = row.IsDBNull(12) ? null : row.GetInt64(12),
            VariablesLength = row.IsDBNull(13) ? 0 : row.GetInt64(13),
        };

    private static string TextOf(DbDataReader row, int column) => row.IsDBNull(column) ? "" : row.GetString(column);

    /// <summary>Reads an instant. Database servers have timestamps in UTC; SQLite has texts in UTC, with or without an offset.</summary>
    private static DateTimeOffset? InstantOf(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null
        : row.GetValue(column) is DateTime instant ? new DateTimeOffset(DateTime.SpecifyKind(instant, DateTimeKind.Utc))
        : DateTimeOffset.TryParse(
            row.GetString(column),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var read
        )
            ? read
        : throw new CommandException(
            $"The Go system's database contains the instant '{row.GetString(column)}'; expected one such as 2026-11-22 19:00:00.123."
        );

    private static CommandException Unreadable(DbException fault) =>
        new($"The Go system's database cannot be read: {fault.Message}");
}
