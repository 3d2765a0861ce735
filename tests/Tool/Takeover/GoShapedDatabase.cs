using System.Data.Common;
using System.Globalization;
using GopherFlow.TestSupport;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;

namespace GopherFlow.Tool.Tests.Takeover;

/// <summary>A database with the tables of the Go system (1.8), limited to the columns that the takeover reads.</summary>
internal sealed class GoShapedDatabase : IAsyncDisposable
{
    private readonly DbConnection connection;
    private readonly string drop;
    private readonly string instantSuffix;

    private GoShapedDatabase(DbConnection connection, string address, string drop, string instantSuffix)
    {
        this.connection = connection;
        Address = address;
        this.drop = drop;
        this.instantSuffix = instantSuffix;
    }

    /// <summary>The address of the database in the format of the Go system's settings.</summary>
    public string Address { get; }

    public static async Task<GoShapedDatabase> CreateAsync(StoreKind kind, string folder)
    {
        var name = $"go_{Guid.NewGuid():N}";
        var database = kind switch
        {
            StoreKind.Postgres => await OnPostgresAsync(name),
            StoreKind.MariaDb => await OnMariaDbAsync(name),
            _ => InFile(Path.Combine(folder, $"{name}.db")),
        };
        var (id, instant) = kind switch
        {
            StoreKind.Postgres => ("BIGSERIAL PRIMARY KEY", "TIMESTAMPTZ"),
            StoreKind.MariaDb => ("BIGINT AUTO_INCREMENT PRIMARY KEY", "DATETIME(3)"),
            _ => ("INTEGER PRIMARY KEY AUTOINCREMENT", "DATETIME"),
        };
        await database.ExecuteAsync(
            $"""
            CREATE TABLE workflow (
                id {id}, status TEXT, execution_count INT, retry_count INT, created {instant}, modified {instant},
                next_activation {instant}, started {instant}, executor_id BIGINT, executor_group TEXT, workflow_type TEXT,
                external_id TEXT, business_key TEXT, state TEXT, state_vars TEXT, parent_workflow_id BIGINT NULL
            )
            """
        );
        await database.ExecuteAsync(
            $"CREATE TABLE executors (id {id}, name TEXT, started {instant}, last_active {instant})"
        );
        return database;
    }

    /// <summary>Adds a workflow and returns its id.</summary>
    public async Task<long> AddAsync(GoShapedWorkflow workflow)
    {
        await ExecuteAsync(
            """
            INSERT INTO workflow (status, execution_count, retry_count, created, modified, next_activation, started, executor_id,
                                  executor_group, workflow_type, external_id, business_key, state, state_vars, parent_workflow_id)
            VALUES (@status, 0, @retries, @created, @modified, @next, @started, @executor, 'default', @type, @external, 'customer 4',
                    @state, @vars, @parent)
            """,
            ("@status", workflow.Status),
            ("@retries", workflow.Retries),
            ("@created", Instant(workflow.Created)),
            ("@modified", Instant(workflow.Modified)),
            ("@next", Instant(workflow.Next)),
            ("@started", workflow.State.Length == 0 ? DBNull.Value : Instant(workflow.Created)),
            ("@executor", workflow.Status is "EXECUTING" or "FAILED" ? 3L : DBNull.Value),
            ("@type", workflow.Type),
            ("@external", workflow.ExternalId),
            ("@state", workflow.State),
            ("@vars", (object?)workflow.Vars ?? DBNull.Value),
            ("@parent", (object?)workflow.Parent ?? DBNull.Value)
        );
        return long.Parse(
            (await RowsAsync("SELECT max(id) FROM workflow"))[0],
            NumberStyles.None,
            CultureInfo.InvariantCulture
        );
    }

    /// <summary>Adds an executor with the time of its last heartbeat.</summary>
    public Task AddExecutorAsync(string name, DateTimeOffset lastActive) =>
        ExecuteAsync(
            "INSERT INTO executors (name, started, last_active) VALUES (@name, @at, @at)",
            ("@name", name),
            ("@at", Instant(lastActive))
        );

    /// <summary>All rows as text.</summary>
    public async Task<IReadOnlyList<string>> ContentAsync() =>
        [
            .. await RowsAsync("SELECT * FROM workflow ORDER BY id"),
            .. await RowsAsync("SELECT * FROM executors ORDER BY id"),
        ];

    public async ValueTask DisposeAsync()
    {
        if (drop.Length > 0)
        {
            await ExecuteAsync(drop);
        }

        await connection.DisposeAsync();
    }

    private static async Task<GoShapedDatabase> OnPostgresAsync(string name)
    {
        var server = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("GFLOW_TEST_POSTGRES"));
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server.ConnectionString)
            {
                SearchPath = name,
                Pooling = false,
            }.ConnectionString
        );
        await connection.OpenAsync();
        var database = new GoShapedDatabase(
            connection,
            $"postgres://{server.Username}:{server.Password}@{server.Host}:{server.Port}/{server.Database}?sslmode=disable&search_path={name}",
            $"DROP SCHEMA {name} CASCADE",
            "+00"
        );
        await database.ExecuteAsync($"CREATE SCHEMA {name}");
        return database;
    }

    private static async Task<GoShapedDatabase> OnMariaDbAsync(string name)
    {
        var server = new MySqlConnectionStringBuilder(Environment.GetEnvironmentVariable("GFLOW_TEST_MARIADB")!)
        {
            Pooling = false,
        };
        var connection = new MySqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        var database = new GoShapedDatabase(
            connection,
            $"mysql://{server.UserID}:{server.Password}@tcp({server.Server}:{server.Port})/{name}?parseTime=true",
            $"DROP DATABASE {name}",
            ""
        );
        await database.ExecuteAsync($"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
        await database.ExecuteAsync($"USE {name}");
        return database;
    }

    private static GoShapedDatabase InFile(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return new GoShapedDatabase(connection, file, drop: "", instantSuffix: "");
    }

    private async Task ExecuteAsync(string sql, params (string Name, object Value)[] parameters)
    {
        await using var command = connection.CreateCommand();
        // PostgreSQL accepts a timestamp as text only with an explicit cast.
        command.CommandText =
            connection is NpgsqlConnection
                ? parameters
                    .Where(parameter => parameter.Value is GoInstant)
                    .Aggregate(
                        sql,
                        (text, parameter) =>
                            text.Replace(parameter.Name, $"{parameter.Name}::timestamptz", StringComparison.Ordinal)
                    )
                : sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value is GoInstant instant ? instant.Text : value);
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<string>> RowsAsync(string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            rows.Add(string.Join('|', values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture))));
        }

        return rows;
    }

    private GoInstant Instant(DateTimeOffset instant) =>
        new(instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) + instantSuffix);

    private sealed record GoInstant(string Text);
}

/// <summary>A row of the Go system's workflow table. By default an order that is due in its state.</summary>
internal sealed record GoShapedWorkflow(string ExternalId, string State)
{
    public string Status { get; init; } = "IN_PROGRESS";

    public string Type { get; init; } = "Order";

    public int Retries { get; init; }

    public string? Vars { get; init; }

    public long? Parent { get; init; }

    public DateTimeOffset Created { get; init; } = new(2026, 3, 1, 8, 0, 0, 125, TimeSpan.Zero);

    public DateTimeOffset Modified { get; init; } = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Next { get; init; } = new(2026, 3, 3, 8, 0, 0, TimeSpan.Zero);
}
