using System.Text.Json;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>The executors and the definitions that they run.</summary>
internal static class MySqlExecutors
{
    /// <summary>The current instant by the server's clock, unless another is given.</summary>
    public const string Clock = "coalesce(@now, timestampdiff(MICROSECOND, '1970-01-01', utc_timestamp(6)))";

    private const string Insert = $"""
        INSERT INTO executors (name, executor_groups, capacity, started, last_active, lease_until)
        VALUES (@name, @groups, @capacity, {Clock}, {Clock}, {Clock} + @lease)
        """;

    private const string Inserted = """
        SELECT id, started
          FROM executors
         WHERE id = LAST_INSERT_ID()
        """;

    private const string Renew = $"""
        UPDATE executors
           SET last_active = greatest(last_active, {Clock}),
               lease_until = greatest(lease_until, {Clock} + @lease)
         WHERE id = @id
           AND ended IS NULL
        """;

    private const string EndOne = $"""
        UPDATE executors
           SET ended = {Clock}
         WHERE id = @id
           AND ended IS NULL
        """;

    private const string LastActiveFirst = """
          SELECT id, name, executor_groups, capacity, started, last_active, lease_until, ended
            FROM executors
        ORDER BY last_active DESC, id DESC
           LIMIT @limit
        """;

    /// <summary>What was saved last is the newest, also when several versions are saved at one instant or clocks differ.</summary>
    private const string SaveDefinition = """
        INSERT INTO workflow_definitions (name, version, description, flow_chart, shape, created, updated)
        SELECT @name, @version, @description, @flow_chart, @shape, @now,
               greatest(@now, coalesce((SELECT max(other.updated) + 1
                                          FROM workflow_definitions AS other
                                         WHERE other.name = CAST(@name AS BINARY)
                                           AND other.version <> CAST(@version AS BINARY)), @now))
            ON DUPLICATE KEY UPDATE
               description = VALUES(description),
               flow_chart  = VALUES(flow_chart),
               shape       = VALUES(shape),
               updated     = VALUES(updated)
        """;

    private const string NewestDefinitions = """
          SELECT d.name, d.version, d.description, d.flow_chart, d.shape, d.created, d.updated
            FROM workflow_definitions AS d
           WHERE d.updated = (SELECT max(same.updated)
                                FROM workflow_definitions AS same
                               WHERE same.name = d.name)
        ORDER BY d.name
        """;

    private const string NewestDefinition = """
          SELECT name, version, description, flow_chart, shape, created, updated
            FROM workflow_definitions
           WHERE name = CAST(@name AS BINARY)
        ORDER BY updated DESC
           LIMIT 1
        """;

    private const string VersionsOfDefinition = """
          SELECT name, version, description, flow_chart, shape, created, updated
            FROM workflow_definitions
           WHERE name = CAST(@name AS BINARY)
        ORDER BY updated DESC
        """;

    public static async Task<ExecutorEntry> RegisterAsync(
        MySqlSession session,
        ExecutorRegistration registration,
        DateTimeOffset? now
    )
    {
        await session.RunAsync(
            Insert,
            ("@name", registration.Name),
            ("@groups", JsonSerializer.Serialize(registration.ExecutorGroups)),
            ("@capacity", registration.Capacity),
            ("@now", now),
            ("@lease", Microseconds(registration.Lease))
        );
        return (await session.QueryAsync(Inserted, row => new ExecutorEntry(row.Number(), row.Instant())))[0];
    }

    /// <summary>The driver counts the rows found, also those that are as they were: so 0 means taken for dead.</summary>
    public static async Task<HeartbeatAnswer> HeartbeatAsync(
        MySqlSession session,
        ExecutorHeartbeat heartbeat,
        DateTimeOffset? now
    )
    {
        var renewed = await session.RunAsync(
            Renew,
            ("@id", heartbeat.ExecutorId),
            ("@now", now),
            ("@lease", Microseconds(heartbeat.Lease))
        );
        var answered = await session.QueryAsync($"SELECT {Clock}", row => row.Instant(), ("@now", now));
        return new HeartbeatAnswer(renewed == 1, answered[0]);
    }

    public static async Task<bool> EndAsync(MySqlSession session, long executorId, DateTimeOffset? now) =>
        await session.RunAsync(EndOne, ("@id", executorId), ("@now", now)) == 1;

    public static async Task<IReadOnlyList<ExecutorRecord>> AllAsync(MySqlSession session, int limit) =>
        await session.QueryAsync(
            LastActiveFirst,
            row => new ExecutorRecord(
                row.Number(),
                row.Text(),
                JsonSerializer.Deserialize<string[]>(row.Text())!,
                row.SmallNumber(),
                row.Instant(),
                row.Instant(),
                row.Instant(),
                row.OptionalInstant()
            ),
            ("@limit", limit)
        );

    /// <summary>By name, so that processes that save at once wait for each other in one order; versions of a name as given.</summary>
    public static async Task<bool> SaveDefinitionsAsync(
        MySqlSession session,
        IReadOnlyList<DefinitionRecord> definitions,
        DateTimeOffset now
    )
    {
        foreach (var definition in definitions.OrderBy(definition => definition.Name, StringComparer.Ordinal))
        {
            await session.RunAsync(
                SaveDefinition,
                ("@name", definition.Name),
                ("@version", definition.Version),
                ("@description", definition.Description),
                ("@flow_chart", definition.FlowChart),
                ("@shape", definition.Shape),
                ("@now", now.AsStored())
            );
        }

        return true;
    }

    public static async Task<IReadOnlyList<DefinitionRecord>> DefinitionsAsync(MySqlSession session) =>
        await session.QueryAsync(NewestDefinitions, StoredRows.Definition);

    public static async Task<DefinitionRecord?> FindDefinitionAsync(MySqlSession session, string name) =>
        (await session.QueryAsync(NewestDefinition, StoredRows.Definition, ("@name", name))).FirstOrDefault();

    public static async Task<IReadOnlyList<DefinitionRecord>> DefinitionVersionsAsync(
        MySqlSession session,
        string name
    ) => await session.QueryAsync(VersionsOfDefinition, StoredRows.Definition, ("@name", name));

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
