using GopherFlow.Storage;

namespace GopherFlow.Stores.Postgres;

/// <summary>The executors and the definitions that they run.</summary>
internal sealed class PostgresExecutors(PostgresDatabase database)
{
    private const string Insert = """
           INSERT INTO executors (name, executor_groups, capacity, started, last_active, lease_until)
           SELECT $1, $2, $3, clock.now, clock.now, clock.now + $5
             FROM (SELECT coalesce($4, clock_timestamp()) AS now) AS clock
        RETURNING id, started
        """;

    private const string Renew = """
        WITH clock AS MATERIALIZED (
            SELECT coalesce($2, clock_timestamp()) AS now
        ), renewed AS (
               UPDATE executors
                  SET last_active = greatest(last_active, clock.now),
                      lease_until = greatest(lease_until, clock.now + $3)
                 FROM clock
                WHERE id = $1
                  AND ended IS NULL
            RETURNING id
        )
        SELECT EXISTS (SELECT FROM renewed), now
          FROM clock
        """;

    private const string EndOne = """
        UPDATE executors
           SET ended = coalesce($2, clock_timestamp())
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

    private const string NewestDefinition = """
          SELECT name, version, description, flow_chart, shape, created, updated
            FROM workflow_definitions
           WHERE name = $1
        ORDER BY updated DESC
           LIMIT 1
        """;

    private const string VersionsOfDefinition = """
          SELECT name, version, description, flow_chart, shape, created, updated
            FROM workflow_definitions
           WHERE name = $1
        ORDER BY updated DESC
        """;

    public async Task<ExecutorEntry> RegisterAsync(ExecutorRegistration registration, CancellationToken cancellation) =>
        (
            await database.Keeper.ReadAllAsync(
                batch =>
                    batch
                        .Statement(Insert)
                        .With(registration.Name)
                        .With<string[]>([.. registration.ExecutorGroups])
                        .With(registration.Capacity)
                        .With(database.Now)
                        .With(registration.Lease),
                row => new ExecutorEntry(row.Number(), row.Instant()),
                cancellation
            )
        )[0];

    public async Task<HeartbeatAnswer> HeartbeatAsync(ExecutorHeartbeat heartbeat, CancellationToken cancellation) =>
        (
            await database.Keeper.ReadAllAsync(
                batch => batch.Statement(Renew).With(heartbeat.ExecutorId).With(database.Now).With(heartbeat.Lease),
                row => new HeartbeatAnswer(row.Flag(), row.Instant()),
                cancellation
            )
        )[0];

    public Task EndAsync(long executorId, CancellationToken cancellation) =>
        database.Keeper.RunAsync(batch => batch.Statement(EndOne).With(executorId).With(database.Now), cancellation);

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

    public async Task<DefinitionRecord?> FindDefinitionAsync(string name, CancellationToken cancellation) =>
        (
            await database.Work.ReadAllAsync(
                batch => batch.Statement(NewestDefinition).With(name),
                StoredRows.Definition,
                cancellation
            )
        ).FirstOrDefault();

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
