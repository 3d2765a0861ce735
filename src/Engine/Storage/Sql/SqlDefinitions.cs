using GopherFlow.Rules;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// The definitions that processes run, one row for each name and version. The newest version of a name is the one saved last.
/// </summary>
internal sealed class SqlDefinitions(ISqlDatabase database)
{
    private const string Columns = "d.name, d.version, d.description, d.flow_chart, d.shape, d.created, d.updated";

    /// <summary>
    /// The minimum difference to the version saved before, which makes it older even if both are saved at one instant or clocks differ.
    /// </summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMicroseconds(1);

    private const string Others = """
        SELECT max(updated)
          FROM workflow_definitions
         WHERE name = @name
           AND version <> @version
        """;

    private const string Update = """
        UPDATE workflow_definitions
           SET description = @description,
               flow_chart  = @flow_chart,
               shape       = @shape,
               updated     = @updated
         WHERE name = @name
           AND version = @version
        """;

    private const string Insert = """
        INSERT INTO workflow_definitions (name, version, description, flow_chart, shape, created, updated)
        VALUES (@name, @version, @description, @flow_chart, @shape, @created, @updated)
        """;

    private const string Renew = """
        UPDATE workflow_definitions
           SET updated = @updated
         WHERE name = @name
           AND version = @version
        """;

    private const string NewestOfEach = $"""
          SELECT {Columns}
            FROM workflow_definitions AS d
           WHERE d.updated = (SELECT max(same.updated)
                                FROM workflow_definitions AS same
                               WHERE same.name = d.name)
        ORDER BY d.name
        """;

    private const string VersionsOf = $"""
          SELECT {Columns}
            FROM workflow_definitions AS d
           WHERE d.name = @name
        ORDER BY d.updated DESC
        """;

    private const string NewestOf = $"""
          SELECT {Columns}
            FROM workflow_definitions AS d
           WHERE d.name = @name
        ORDER BY d.updated DESC
           LIMIT 1
        """;

    public Task SaveAsync(
        IReadOnlyList<DefinitionRecord> definitions,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.WriteAsync(
            async session =>
            {
                await session.LockAsync(cancellation);
                foreach (var definition in definitions)
                {
                    await SaveAsync(session, definition, now, cancellation);
                }

                return definitions.Count;
            },
            cancellation
        );

    /// <summary>Saves a definition as the newest of its name. The session holds the lock.</summary>
    public static async Task SaveAsync(
        SqlSession session,
        DefinitionRecord definition,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        (string, object?)[] values =
        [
            ("@name", definition.Name),
            ("@version", definition.Version),
            ("@description", definition.Description),
            ("@flow_chart", definition.FlowChart),
            ("@shape", definition.Shape),
            ("@created", now),
            (
                "@updated",
                await NewestInstantAsync(session, definition.Name, definition.Version, now.AsStored(), cancellation)
            ),
        ];
        if (await session.RunAsync(Update, cancellation, values) == 0)
        {
            await session.RunAsync(Insert, cancellation, values);
        }
    }

    /// <summary>Makes a stored definition the newest of its name. The session holds the lock.</summary>
    public static async Task RenewAsync(
        SqlSession session,
        string name,
        string version,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        await session.RunAsync(
            Renew,
            cancellation,
            ("@name", name),
            ("@version", version),
            ("@updated", await NewestInstantAsync(session, name, version, now, cancellation))
        );

    public Task<IReadOnlyList<DefinitionRecord>> AllAsync(CancellationToken cancellation) =>
        database.AllAsync(NewestOfEach, StoredRows.Definition, cancellation);

    public Task<IReadOnlyList<DefinitionRecord>> VersionsAsync(string name, CancellationToken cancellation) =>
        database.AllAsync(VersionsOf, StoredRows.Definition, cancellation, ("@name", name));

    public Task<DefinitionRecord?> FindAsync(string name, CancellationToken cancellation) =>
        database.FindAsync(NewestOf, StoredRows.Definition, cancellation, ("@name", name));

    private static async Task<DateTimeOffset> NewestInstantAsync(
        SqlSession session,
        string name,
        string version,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var others = await session.ReadAsync(
            Others,
            row => row.OptionalInstant(),
            cancellation,
            ("@name", name),
            ("@version", version)
        );
        return others[0] is { } newest && newest + Tick > now ? newest + Tick : now;
    }
}
