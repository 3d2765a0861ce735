using System.Text.Json;
using GopherFlow.Storage;

namespace GopherFlow.Stores.Sqlite;

/// <summary>The executors and the definitions that they run.</summary>
internal static class SqliteExecutors
{
    private const string Insert = """
           INSERT INTO executors (name, executor_groups, capacity, started, last_active, lease_until)
           VALUES (?1, ?2, ?3, ?4, ?4, ?5)
        RETURNING id
        """;

    private const string Renew = """
        UPDATE executors
           SET last_active = max(last_active, ?2),
               lease_until = max(lease_until, ?3)
         WHERE id = ?1
           AND ended IS NULL
        """;

    private const string EndOne = """
        UPDATE executors
           SET ended = ?2
         WHERE id = ?1
           AND ended IS NULL
        """;

    private const string LastActiveFirst = """
          SELECT id, name, executor_groups, capacity, started, last_active, lease_until, ended
            FROM executors
        ORDER BY last_active DESC, id DESC
           LIMIT ?1
        """;

    /// <summary>What was saved last is the newest, also when several versions are saved at one instant or clocks differ.</summary>
    private const string SaveDefinition = """
        INSERT INTO workflow_definitions (name, version, description, flow_chart, shape, created, updated)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6,
                max(?6, coalesce((SELECT max(updated) + 1
                                    FROM workflow_definitions
                                   WHERE name = ?1
                                     AND version <> ?2), ?6)))
        ON CONFLICT (name, version) DO UPDATE
           SET description = excluded.description,
               flow_chart  = excluded.flow_chart,
               shape       = excluded.shape,
               updated     = excluded.updated
        """;

    private const string NewestDefinitions = """
          SELECT name, version, description, flow_chart, shape, created, max(updated)
            FROM workflow_definitions
        GROUP BY name
        ORDER BY name
        """;

    private const string NewestDefinition = """
          SELECT name, version, description, flow_chart, shape, created, updated
            FROM workflow_definitions
           WHERE name = ?1
        ORDER BY updated DESC
           LIMIT 1
        """;

    private const string VersionsOfDefinition = """
          SELECT name, version, description, flow_chart, shape, created, updated
            FROM workflow_definitions
           WHERE name = ?1
        ORDER BY updated DESC
        """;

    public static ExecutorEntry Register(SqliteReader statements, ExecutorRegistration registration, DateTimeOffset now)
    {
        var insert = statements
            .Statement(Insert)
            .Bind(registration.Name)
            .Bind(JsonSerializer.Serialize(registration.ExecutorGroups))
            .Bind(registration.Capacity)
            .Bind(now)
            .Bind(now + registration.Lease);
        insert.Read();
        var id = insert.Number();
        insert.End();
        return new ExecutorEntry(id, now);
    }

    public static HeartbeatAnswer Heartbeat(SqliteReader statements, ExecutorHeartbeat heartbeat, DateTimeOffset now) =>
        new(
            statements.Statement(Renew).Bind(heartbeat.ExecutorId).Bind(now).Bind(now + heartbeat.Lease).Run() == 1,
            now
        );

    public static bool End(SqliteReader statements, long executorId, DateTimeOffset now) =>
        statements.Statement(EndOne).Bind(executorId).Bind(now).Run() == 1;

    public static IReadOnlyList<ExecutorRecord> All(SqliteReader reader, int limit) =>
        reader
            .Statement(LastActiveFirst)
            .Bind(limit)
            .ReadAll(row => new ExecutorRecord(
                row.Number(),
                row.Text(),
                JsonSerializer.Deserialize<string[]>(row.Text())!,
                row.SmallNumber(),
                row.Instant(),
                row.Instant(),
                row.Instant(),
                row.OptionalInstant()
            ));

    public static int SaveDefinitions(
        SqliteReader statements,
        IReadOnlyList<DefinitionRecord> definitions,
        DateTimeOffset now
    ) =>
        definitions.Sum(definition =>
            statements
                .Statement(SaveDefinition)
                .Bind(definition.Name)
                .Bind(definition.Version)
                .Bind(definition.Description)
                .Bind(definition.FlowChart)
                .Bind(definition.Shape)
                .Bind(now)
                .Run()
        );

    public static IReadOnlyList<DefinitionRecord> Definitions(SqliteReader reader) =>
        reader.Statement(NewestDefinitions).ReadAll(StoredRows.Definition);

    public static DefinitionRecord? FindDefinition(SqliteReader reader, string name) =>
        reader.Statement(NewestDefinition).Bind(name).ReadFirst(StoredRows.Definition);

    public static IReadOnlyList<DefinitionRecord> DefinitionVersions(SqliteReader reader, string name) =>
        reader.Statement(VersionsOfDefinition).Bind(name).ReadAll(StoredRows.Definition);
}
