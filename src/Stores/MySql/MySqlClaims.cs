using System.Text.Json;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Claims due workflows. Only places (a definition, a group and a priority) that this executor can run are read, so workflows parked for
/// other executors cost nothing. The first read takes no locks, because usually nothing is due.
/// </summary>
internal sealed class MySqlClaims(MySqlDatabase database, MySqlChanges changes)
{
    private const string GivenPlaces = """
        JSON_TABLE(@rows, '$[*]' COLUMNS (
            number         FOR ORDINALITY,
            workflow_type  LONGTEXT CHARACTER SET utf8mb4 PATH '$[0]',
            version        LONGTEXT CHARACTER SET utf8mb4 PATH '$[1]',
            executor_group LONGTEXT CHARACTER SET utf8mb4 PATH '$[2]',
            priority       INT                            PATH '$[3]')) AS place
        """;

    private const string ParkedAtPlace = """
        workflow_run AS r FORCE INDEX (workflow_run_due)
                 WHERE r.workflow_type = CAST(place.workflow_type AS BINARY)
                   AND r.version = CAST(place.version AS BINARY)
                   AND r.executor_group = CAST(place.executor_group AS BINARY)
                   AND r.due_priority = place.priority
        """;

    /// <summary>When the first workflow at each place is or was due.</summary>
    internal const string FirstParked = $"""
        SELECT place.number,
               (SELECT r.next_activation
                  FROM {ParkedAtPlace}
              ORDER BY r.next_activation
                 LIMIT 1) AS first
          FROM {GivenPlaces}
        HAVING first IS NOT NULL
        """;

    /// <summary>When the next workflow that is not due yet will be due.</summary>
    internal const string NextDue = $"""
        SELECT min((SELECT r.next_activation
                      FROM {ParkedAtPlace}
                       AND r.next_activation > @now
                  ORDER BY r.next_activation
                     LIMIT 1))
          FROM {GivenPlaces}
        """;

    /// <summary>Skips rows that another claim has locked, and takes the next ones.</summary>
    internal const string LockDue = $"""
               SELECT {SqlColumns.Unfinished}
                 FROM workflow_run AS r FORCE INDEX (workflow_run_due)
        STRAIGHT_JOIN workflow AS w FORCE INDEX (PRIMARY) ON w.id = r.id
                WHERE r.workflow_type = CAST(@type AS BINARY)
                  AND r.version = CAST(@version AS BINARY)
                  AND r.executor_group = CAST(@group AS BINARY)
                  AND r.due_priority = @priority
                  AND r.next_activation <= @now
             ORDER BY r.next_activation, r.id
                LIMIT @limit
           FOR UPDATE SKIP LOCKED
        """;

    private const string VariablesOf = """
               SELECT v.workflow_id, v.state_vars
                 FROM JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS given
        STRAIGHT_JOIN workflow_variables AS v FORCE INDEX (PRIMARY) ON v.workflow_id = given.id
        """;

    /// <summary>Claims due workflows.</summary>
    public async Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        var places = PlacesOf(request);
        if (places.Length == 0)
        {
            return new ClaimResult([], [], null);
        }

        var first = await database.Work.RunAsync(
            connection => FirstAsync(connection, places, cancellation),
            cancellation
        );
        Place[] due = [.. first.Where(parked => parked.First <= request.Now).Select(parked => parked.Place)];
        if (due.Length == 0)
        {
            return new ClaimResult([], [], first.Count == 0 ? null : first.Min(parked => parked.First));
        }

        var look = await changes.Audience.LookAsync(cancellation);
        var result = await database.Work.TransactAsync(
            connection => ClaimAsync(connection, places, due, request, look.HasListener, cancellation),
            cancellation
        );
        await changes.Audience.CommittedAsync(look, result.Changes, cancellation);
        return result;
    }

    private static Place[] PlacesOf(ClaimRequest request) =>
        [
            .. from definition in request.Definitions.Distinct()
            from executorGroup in request.ExecutorGroups.Distinct()
            from priority in Enumerable.Range(WorkflowPriority.First, WorkflowPriority.Last)
            select new Place(definition, executorGroup, priority),
        ];

    private async Task<List<(Place Place, DateTimeOffset First)>> FirstAsync(
        MySqlConnection connection,
        Place[] places,
        CancellationToken cancellation
    )
    {
        var dialect = database.Work.Dialect;
        await using var batch = new MySqlStatements(connection, dialect);
        batch.Statement(FirstParked).WithRows(places, Add);
        return await batch.ReadAllAsync(row => (places[row.SmallNumber() - 1], row.Instant()), cancellation);
    }

    private async Task<ClaimResult> ClaimAsync(
        MySqlConnection connection,
        Place[] places,
        Place[] due,
        ClaimRequest request,
        bool hasListener,
        CancellationToken cancellation
    )
    {
        var dialect = database.Work.Dialect;
        var shares =
            due.Length == 1
                ? [new Share(due[0], request.Limit)]
                : await MySqlShares.OfAsync(connection, dialect, due, request, cancellation);
        var parked = await LockAsync(connection, shares, request, cancellation);
        var plan = new ClaimPlan(request);
        plan.Take(parked);
        await using var batch = new MySqlStatements(connection, dialect);
        batch.Statement(VariablesOf).With("@ids", plan.Ids);
        if (plan.Missing > 0)
        {
            batch.Statement(NextDue).WithRows(places, Add).With("@now", request.Now);
        }

        batch.AddRows(plan.Rows);
        batch.AddCounts(plan.Rows.Counts);
        if (hasListener)
        {
            changes.Add(batch, plan.Rows.Changes, creates: []);
        }

        batch.Statement(MySqlStatements.Commit);
        return await batch.ReadAsync(
            async results =>
            {
                var variables = await results.NextAsync(StoredRows.Variables);
                var next = plan.Missing > 0 ? await results.NextAsync(row => row.OptionalInstant()) : [null];
                return plan.Result(next[0], variables);
            },
            cancellation
        );
    }

    private async Task<List<WorkflowRecord>> LockAsync(
        MySqlConnection connection,
        IReadOnlyList<Share> shares,
        ClaimRequest request,
        CancellationToken cancellation
    )
    {
        var dialect = database.Work.Dialect;
        await using var batch = new MySqlStatements(connection, dialect);
        batch.Statement(MySqlStatements.Begin);
        foreach (var (place, size) in shares)
        {
            batch
                .Statement(LockDue)
                .With("@type", place.Definition.Name)
                .With("@version", place.Definition.Version)
                .With("@group", place.ExecutorGroup)
                .With("@priority", place.Priority)
                .With("@now", request.Now)
                .With("@limit", size);
        }

        var parked = new List<WorkflowRecord>();
        await batch.ReadAsync(
            async results =>
            {
                foreach (var _ in shares)
                {
                    parked.AddRange(await results.NextAsync(StoredRows.WithoutVariables));
                }

                return parked;
            },
            cancellation
        );
        return
        [
            .. parked
                .OrderBy(row => request.RankOf(row.Priority, row.NextActivation ?? request.Now))
                .ThenBy(row => row.Id),
        ];
    }

    private static void Add(Utf8JsonWriter json, Place place)
    {
        json.WriteStringValue(place.Definition.Name);
        json.WriteStringValue(place.Definition.Version);
        json.WriteStringValue(place.ExecutorGroup);
        json.WriteNumberValue(place.Priority);
    }
}

/// <summary>A place where workflows may be parked.</summary>
internal readonly record struct Place(DefinitionKey Definition, string ExecutorGroup, int Priority);

/// <summary>The number of workflows that a claim takes at a place.</summary>
internal readonly record struct Share(Place Place, int Size);
