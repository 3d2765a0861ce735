using GopherFlow.Storage;

namespace GopherFlow.Stores.Postgres;

/// <summary>The executors and the definitions that they run.</summary>
internal sealed class PostgresExecutors(PostgresDatabase database)
{
    private const string Insert = """
           INSERT INTO executors (name, executor_groups, capacity, started, last_active, lease_until)
           VALUES ($1, $2, $3, $4, $4, $5)
        RETURNING id
        """;

    private const string Renew = """
        UPDATE executors
           SET last_active = greatest(last_active, $2),
               lease_until = greatest(lease_until, $3)
         WHERE id = $1
           AND ended IS NULL
        """;

    private const string EndOne = """
        UPDATE executors
           SET ended = $2
         WHERE id = $1
           AND ended IS NULL
        """;

    private const string LastActiveFirst = """
          SELECT id, name, executor_groups, capacity, started, last_active, lease_until, ended
            FROM executors
        ORDER BY last_active DESC, id DESC
           LIMIT $1
        """;

    /// <summary>Who saves definitions waits for whoever does so at the moment: the newest is the one saved last.</summary>
    private const string LockDefinitions = "SELECT pg_advisory_xact_lock(hashtext('gopherflow definitions'))";

    /// <summary>What was saved last is the newest, also when several versions are saved at one instant or clocks differ.</summary>
    private const string SaveDefinition = """
        INSERT INTO workflow_definitions (name, version, description, flow_chart, shape, created, updated)
        VALUES ($1, $2, $3, $4, $5, $6,
                greatest($6, (SELECT max(updated) + interval '1 microsecond'
                                FROM workflow_definitions
                               WHERE name = $1
                                 AND version <> $2)))
        ON CONFLICT (name, version) DO UPDATE
           SET description = excluded.description,
               flow_chart  = excluded.flow_chart,
               shape       = excluded.shape,
               updated     = excluded.updated
        """;

    private const string NewestDefinitions = """
          SELECT DISTINCT ON (name) name, version, description, flow_chart, shape, created, updated
            FROM workflow_definitions
        ORDER BY name, updated DESC
        """;

    private const string VersionsOfDefinition = """
          SELECT name, version, description, flow_chart, shape, created, updated
            FROM workflow_definitions
           WHERE name = $1
        ORDER BY updated DESC
        """;

    public async Task<long> RegisterAsync(ExecutorRegistration registration, CancellationToken cancellation) =>
        (
            await database.Keeper.ReadAllAsync(
                batch =>
                    batch
                        .Statement(Insert)
                        .With(registration.Name)
                        .With<string[]>([.. registration.ExecutorGroups])
                        .With(registration.Capacity)
                        .With(registration.Now)
                        .With(registration.LeaseUntil),
                row => row.Number(),
                cancellation
            )
        )[0];

    public async Task<bool> HeartbeatAsync(ExecutorHeartbeat heartbeat, CancellationToken cancellation) =>
        await database.Keeper.RunAsync(
            batch => batch.Statement(Renew).With(heartbeat.ExecutorId).With(heartbeat.Now).With(heartbeat.LeaseUntil),
            cancellation
        ) == 1;

    public Task EndAsync(long executorId, DateTimeOffset now, CancellationToken cancellation) =>
        database.Keeper.RunAsync(batch => batch.Statement(EndOne).With(executorId).With(now), cancellation);

    public async Task<IReadOnlyList<ExecutorRecord>> AllAsync(int limit, CancellationToken cancellation) =>
        await database.Work.ReadAllAsync(
            batch => batch.Statement(LastActiveFirst).With(limit),
            row => new ExecutorRecord(
                row.Number(),
                row.Text(),
                row.Texts(),
                row.SmallNumber(),
                row.Instant(),
                row.Instant(),
                row.Instant(),
                row.OptionalInstant()
            ),
            cancellation
        );

    public Task SaveDefinitionsAsync(
        IReadOnlyList<DefinitionRecord> definitions,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.Work.RunAsync(
            batch =>
            {
                batch.Statement(LockDefinitions);
                foreach (var definition in definitions)
                {
                    batch
                        .Statement(SaveDefinition)
                        .With(definition.Name)
                        .With(definition.Version)
                        .With(definition.Description)
                        .With(definition.FlowChart)
                        .With(definition.Shape)
                        .With(now);
                }
            },
            cancellation
        );

    public async Task<IReadOnlyList<DefinitionRecord>> DefinitionsAsync(CancellationToken cancellation) =>
        await database.Work.ReadAllAsync(
            batch => batch.Statement(NewestDefinitions),
            StoredRows.Definition,
            cancellation
        );

    public async Task<IReadOnlyList<DefinitionRecord>> DefinitionVersionsAsync(
        string name,
        CancellationToken cancellation
    ) =>
        await database.Work.ReadAllAsync(
            batch => batch.Statement(VersionsOfDefinition).With(name),
            StoredRows.Definition,
            cancellation
        );
}
