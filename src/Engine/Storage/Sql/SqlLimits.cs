using System.Text.Json;
using GopherFlow.Rules;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// The workflows that wait for permits, the permits in use, and the position of permit granting, within the transaction that grants. The
/// index of waiting workflows is entered once for each state and each key, so the cost of a turn does not depend on how many wait. It is
/// walked only past keys that have nothing due.
/// </summary>
internal sealed class SqlLimits(SqlDialect dialect)
{
    private const string Waiting = "workflow_run_waiting";

    private const string Write = """
        UPDATE workflow_limits
           SET last_key    = @last_key,
               round_began = @round_began,
               rates       = @rates
         WHERE workflow_type = @type
        """;

    private readonly string take = $"""
        SELECT last_key, round_began, rates
          FROM workflow_limits
         WHERE workflow_type = {dialect.Identifier("@type")}
        {dialect.LockRow}
        """;

    private readonly string insert = $"""
        INSERT {dialect.OrIgnore} INTO workflow_limits (workflow_type, last_key, round_began, rates)
        VALUES (@type, '', @round_began, '')
        {dialect.OnConflictIgnore}
        """;

    private readonly string states = States(dialect);
    private readonly string used = Used(dialect);
    private readonly string firstOfAll = First(dialect, behind: "");
    private readonly string firstBehind = First(dialect, $"AND r.limit_key > {dialect.Identifier("@after")}");
    private readonly string dueOfAll = Due(dialect, behind: "");
    private readonly string dueBehind = Due(dialect, $"AND r.limit_key > {dialect.Identifier("@after")}");
    private readonly string ofKey = OfKey(dialect);

    /// <summary>The states in which workflows wait at a place.</summary>
    internal static string States(SqlDialect dialect) =>
        $"""
            WITH RECURSIVE waiting (state) AS (
                SELECT min(r.{dialect.PermitState})
                  FROM workflow_run AS r {dialect.WalkedBy(Waiting)}
                 WHERE {dialect.WaitsAtPlace}
                 UNION ALL
                SELECT (SELECT min(r.{dialect.PermitState})
                          FROM workflow_run AS r {dialect.WalkedBy(Waiting)}
                         WHERE {dialect.WaitsAtPlace}
                           AND r.{dialect.PermitState} > waiting.state)
                  FROM waiting
                 WHERE waiting.state IS NOT NULL
            )
            SELECT state
              FROM waiting
             WHERE state IS NOT NULL
            """;

    /// <summary>The permits that are in use.</summary>
    internal static string Used(SqlDialect dialect) =>
        $"""
            SELECT r.{dialect.PermitState}, r.limit_key
              FROM workflow_run AS r {dialect.WalkedBy(dialect.PermitsIndex)}
             WHERE {dialect.HasPermit}
            """;

    /// <summary>The first waiter of each key.</summary>
    internal static string First(SqlDialect dialect, string behind) =>
        $"""
            WITH RECURSIVE lane (limit_key, number) AS (
                SELECT min(r.limit_key), 1
                  FROM workflow_run AS r {dialect.WalkedBy(Waiting)}
                 WHERE {dialect.WaitsAtPlace}
                   AND r.{dialect.PermitState} = {dialect.Identifier("@state")}
                   {behind}
                 UNION ALL
                SELECT (SELECT min(r.limit_key)
                          FROM workflow_run AS r {dialect.WalkedBy(Waiting)}
                         WHERE {dialect.WaitsAtPlace}
                           AND r.{dialect.PermitState} = {dialect.Identifier("@state")}
                           AND r.limit_key > lane.limit_key),
                       lane.number + 1
                  FROM lane
                 WHERE lane.limit_key IS NOT NULL
                   AND lane.number < @most
            )
            SELECT lane.limit_key,
                   (  SELECT r.id
                        FROM workflow_run AS r {dialect.WalkedBy(Waiting)}
                       WHERE {dialect.WaitsAtPlace}
                         AND r.{dialect.PermitState} = {dialect.Identifier("@state")}
                         AND r.limit_key = lane.limit_key
                    ORDER BY r.next_activation, r.id
                       LIMIT 1),
                   (  SELECT r.next_activation
                        FROM workflow_run AS r {dialect.WalkedBy(Waiting)}
                       WHERE {dialect.WaitsAtPlace}
                         AND r.{dialect.PermitState} = {dialect.Identifier("@state")}
                         AND r.limit_key = lane.limit_key
                    ORDER BY r.next_activation
                       LIMIT 1)
              FROM lane
             WHERE lane.limit_key IS NOT NULL
            """;

    /// <summary>The waiters that are due, key by key. This reads past those that are not due, which may be many.</summary>
    internal static string Due(SqlDialect dialect, string behind) =>
        $"""
              SELECT r.limit_key, r.id, r.next_activation
                FROM workflow_run AS r {dialect.WalkedBy(Waiting)}
               WHERE {dialect.WaitsAtPlace}
                 AND r.{dialect.PermitState} = {dialect.Identifier("@state")}
                 {behind}
                 AND r.next_activation <= @now
            ORDER BY r.limit_key, r.next_activation, r.id
               LIMIT @most
            """;

    /// <summary>The first waiters of one key.</summary>
    internal static string OfKey(SqlDialect dialect) =>
        $"""
              SELECT r.limit_key, r.id, r.next_activation
                FROM workflow_run AS r {dialect.WalkedBy(Waiting)}
               WHERE {dialect.WaitsAtPlace}
                 AND r.{dialect.PermitState} = {dialect.Identifier("@state")}
                 AND r.limit_key = {dialect.Identifier("@key")}
            ORDER BY r.next_activation, r.id
               LIMIT @most
            """;

    public async Task<IReadOnlyList<string>> StatesAsync(
        SqlSession session,
        PermitPlace place,
        CancellationToken cancellation
    ) => await session.ReadAsync(states, row => row.Text(), cancellation, Values(place));

    /// <summary>Locks the row of a type. If two transactions are the first to ask for it, one waits for the other.</summary>
    public async Task<LimitPosition> LockAsync(SqlSession session, string type, CancellationToken cancellation)
    {
        var found = await session.ReadAsync(take, Position, cancellation, ("@type", type));
        if (found.Count == 0)
        {
            await session.RunAsync(
                insert,
                cancellation,
                ("@type", type),
                ("@round_began", LimitPosition.Beginning.RoundBegan)
            );
            found = await session.ReadAsync(take, Position, cancellation, ("@type", type));
        }

        return found[0];
    }

    public static Task WriteAsync(
        SqlSession session,
        string type,
        LimitPosition position,
        CancellationToken cancellation
    ) =>
        session.RunAsync(
            Write,
            cancellation,
            ("@type", type),
            ("@last_key", position.LastKey),
            ("@round_began", position.RoundBegan),
            (
                "@rates",
                position.Rates.Count == 0
                    ? ""
                    : JsonSerializer.Serialize(
                        position.Rates.ToDictionary(rate => rate.Key, rate => SqlDialect.Microseconds(rate.Value))
                    )
            )
        );

    public async Task<IReadOnlyList<UsedPermit>> UsedAsync(
        SqlSession session,
        string type,
        CancellationToken cancellation
    ) => await session.ReadAsync(used, row => new UsedPermit(row.Text(), row.Text()), cancellation, ("@type", type));

    public async Task<IReadOnlyList<FirstOfKey>> FirstAsync(
        SqlSession session,
        PermitPlace place,
        string state,
        string? after,
        int most,
        CancellationToken cancellation
    ) =>
        after is null
            ? await session.ReadAsync(
                firstOfAll,
                First,
                cancellation,
                [.. Values(place), ("@state", state), ("@most", most)]
            )
            : await session.ReadAsync(
                firstBehind,
                First,
                cancellation,
                [.. Values(place), ("@state", state), ("@after", after), ("@most", most)]
            );

    public async Task<IReadOnlyList<FirstOfKey>> DueAsync(
        SqlSession session,
        WaiterSearch search,
        CancellationToken cancellation
    )
    {
        (string, object?)[] values =
        [
            .. Values(search.Place),
            ("@state", search.State),
            ("@now", search.Now),
            ("@most", search.Most),
        ];
        return search.After is null
            ? await session.ReadAsync(dueOfAll, First, cancellation, values)
            : await session.ReadAsync(dueBehind, First, cancellation, [.. values, ("@after", search.After)]);
    }

    public async Task<IReadOnlyList<FirstOfKey>> OfKeyAsync(
        SqlSession session,
        PermitPlace place,
        string state,
        string key,
        int most,
        CancellationToken cancellation
    ) =>
        await session.ReadAsync(
            ofKey,
            First,
            cancellation,
            [.. Values(place), ("@state", state), ("@key", key), ("@most", most)]
        );

    private static FirstOfKey First(IStoredRow row) => new(row.Text(), row.Number(), row.Instant());

    private static LimitPosition Position(IStoredRow row)
    {
        var (lastKey, began, rates) = (row.Text(), row.Instant(), row.Text());
        return new LimitPosition(
            lastKey,
            began,
            rates.Length == 0
                ? LimitPosition.Beginning.Rates
                : JsonSerializer
                    .Deserialize<Dictionary<string, long>>(rates)!
                    .ToDictionary(rate => rate.Key, rate => SqlDialect.Instant(rate.Value))
        );
    }

    internal static (string, object?)[] Values(PermitPlace place) =>
        [("@type", place.Definition.Name), ("@version", place.Definition.Version), ("@group", place.ExecutorGroup)];
}
