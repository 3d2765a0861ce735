using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Claims due workflows.</summary>
internal sealed class PostgresClaims(PostgresDatabase database, PostgresChanges changes)
{
    /// <summary>
    /// The places (definition, version, group and priority) with parked workflows that this executor can run. The index of due work is
    /// walked from one priority to the next; workflows for other executors are not read.
    /// </summary>
    private const string Places = """
        WITH RECURSIVE place (workflow_type, version, executor_group, priority) AS (
            SELECT known.name, known.version, wanted.executor_group,
                   (SELECT min(r.priority)
                      FROM workflow_run AS r
                     WHERE r.workflow_type = known.name
                       AND r.version = known.version
                       AND r.executor_group = wanted.executor_group
                       AND r.next_activation IS NOT NULL
                       AND r.permit <> 1)
              FROM (SELECT DISTINCT name COLLATE "C" AS name, version COLLATE "C" AS version
                      FROM unnest($1::text[], $2::text[]) AS given (name, version)) AS known
        CROSS JOIN (SELECT DISTINCT unnest($3::text[]) COLLATE "C" AS executor_group) AS wanted
             UNION ALL
            SELECT place.workflow_type, place.version, place.executor_group,
                   (SELECT min(r.priority)
                      FROM workflow_run AS r
                     WHERE r.workflow_type = place.workflow_type
                       AND r.version = place.version
                       AND r.executor_group = place.executor_group
                       AND r.priority > place.priority
                       AND r.next_activation IS NOT NULL
                       AND r.permit <> 1)
              FROM place
             WHERE place.priority IS NOT NULL
        )
        """;

    private const string DueAtPlace = """
        r.workflow_type = place.workflow_type
        AND r.version = place.version
        AND r.executor_group = place.executor_group
        AND r.priority = place.priority
        AND r.next_activation <= $4
        AND r.permit <> 1
        """;

    /// <summary>
    /// Counts how many of the earliest due rows are at each place (share), then locks that many rows there. Rows that another claim has
    /// locked are skipped. The ids are kept in a setting for the statement that reads the variables.
    /// </summary>
    internal const string Claim = $"""
        {Places}, share AS MATERIALIZED (
              SELECT first.workflow_type, first.version, first.executor_group, first.priority, count(*) AS size
                FROM (    SELECT place.*
                            FROM place
                      CROSS JOIN LATERAL (
                                    SELECT r.next_activation, r.id
                                      FROM workflow_run AS r
                                     WHERE {DueAtPlace}
                                  ORDER BY r.next_activation, r.id
                                     LIMIT $5
                                 ) AS due
                           WHERE place.priority IS NOT NULL
                        ORDER BY due.next_activation + place.priority * $8::interval, due.id
                           LIMIT $5) AS first
            GROUP BY first.workflow_type, first.version, first.executor_group, first.priority
        ), due AS MATERIALIZED (
                SELECT mine.*
                  FROM share AS place
            CROSS JOIN LATERAL (
                            SELECT r.*
                              FROM workflow_run AS r
                             WHERE {DueAtPlace}
                          ORDER BY r.next_activation, r.id
                             LIMIT place.size
                               FOR UPDATE SKIP LOCKED
                       ) AS mine
        ), taken AS (
               UPDATE workflow_run AS r
                  SET executor_id     = $6,
                      lease           = r.lease + 1,
                      revision        = r.revision + 1,
                      status          = $7,
                      next_activation = NULL,
                      modified        = $4
                 FROM due
                WHERE r.id = ANY (ARRAY[due.id])
            RETURNING due.*
        ), counted AS (
            INSERT INTO workflow_counts (workflow_type, version, state, status, slot, count)
              SELECT taken.workflow_type, taken.version, taken.state, change.status, {PostgresCounts.Slot}, sum(change.by)
                FROM taken
          CROSS JOIN LATERAL (VALUES (taken.status, -1), ($7, 1)) AS change (status, by)
            GROUP BY 1, 2, 3, 4
            ORDER BY 1, 2, 3, 4
            {PostgresCounts.AddToSlot}
        ), kept AS MATERIALIZED (
            SELECT set_config('gopherflow.claimed', coalesce(string_agg(taken.id::text, ','), ''), true)
              FROM taken
        )
            SELECT {SqlColumns.Unfinished}
              FROM kept
        CROSS JOIN taken AS r
              JOIN workflow AS w ON w.id = ANY (ARRAY[r.id])
          ORDER BY r.next_activation + r.priority * $8::interval, r.id
        """;

    /// <summary>
    /// Reads the variables after the claim. The claim statement itself would read them from its own snapshot, which may be older than
    /// another transaction's last commit. From now on they change only together with the lease.
    /// </summary>
    private const string VariablesOfClaimed = """
        SELECT workflow_id, state_vars
          FROM workflow_variables
         WHERE workflow_id = ANY (string_to_array(current_setting('gopherflow.claimed'), ',')::bigint[])
        """;

    internal const string NextDue = $"""
        {Places}
            SELECT min(next.activation)
              FROM place
        CROSS JOIN LATERAL (
                      SELECT min(r.next_activation) AS activation
                        FROM workflow_run AS r
                       WHERE r.workflow_type = place.workflow_type
                         AND r.version = place.version
                         AND r.executor_group = place.executor_group
                         AND r.priority = place.priority
                         AND r.next_activation > $4
                         AND r.permit <> 1
                   ) AS next
        """;

    /// <summary>Claims due workflows.</summary>
    public async Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        string[] names = [.. request.Definitions.Select(key => key.Name)];
        string[] versions = [.. request.Definitions.Select(key => key.Version)];
        string[] groups = [.. request.ExecutorGroups];
        await using var connection = await database.Work.OpenConnectionAsync(cancellation);
        if (request.ExpectsNothing)
        {
            var first = await FirstDueAsync(connection, names, versions, groups, cancellation);
            if (first is null || first > request.Now)
            {
                return new ClaimResult([], [], first);
            }
        }

        await using var batch = new NpgsqlBatch(connection);
        batch
            .Statement(Claim)
            .With(names)
            .With(versions)
            .With(groups)
            .With(request.Now)
            .With((long)request.Limit)
            .With(request.ExecutorId)
            .With(WorkflowStatus.Executing.ToName())
            .With(request.PriorityStep);
        batch.Statement(VariablesOfClaimed);
        batch.Statement(NextDue).With(names).With(versions).With(groups).With(request.Now);
        var look = await changes.Audience.CheckListenersBeforeClaimAsync(cancellation);
        if (look.HasListener)
        {
            changes.AddClaimed(batch, request.Now);
        }

        var result = await batch.ReadAsync(
            PostgresSessions.Dialect,
            results => ReadClaimAsync(results, request),
            cancellation
        );
        await changes.Audience.CommittedAsync(look, result.Changes, cancellation);
        return result;
    }

    /// <summary>When the first parked workflow is due, including overdue ones.</summary>
    private static async Task<DateTimeOffset?> FirstDueAsync(
        NpgsqlConnection connection,
        string[] names,
        string[] versions,
        string[] groups,
        CancellationToken cancellation
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Statement(NextDue).With(names).With(versions).With(groups).With(DateTimeOffset.UnixEpoch);
        return await batch.ReadAsync(
            PostgresSessions.Dialect,
            static async results => (await results.NextAsync(row => row.OptionalInstant()))[0],
            cancellation
        );
    }

    private static async Task<ClaimResult> ReadClaimAsync(SqlResults results, ClaimRequest request)
    {
        var parked = await results.NextAsync(StoredRows.WithoutVariables);
        var claimed = parked
            .WithVariables(await results.NextAsync(StoredRows.Variables))
            .ConvertAll(row => Claimed(row, request));
        var nextDue = (await results.NextAsync(row => row.OptionalInstant()))[0];
        return ClaimResult.Of(
            claimed,
            parked.ConvertAll(row => row.NextActivation ?? request.Now),
            claimed.Count == request.Limit ? null : nextDue
        );
    }

    /// <summary>The workflow after the claim according to the rule, which is what the statement has written.</summary>
    private static WorkflowRecord Claimed(WorkflowRecord parked, ClaimRequest request) =>
        WorkflowRule.Decide(parked, new Claimed(request.ExecutorId), request.Now) is Ruling.Written written
            ? written.After
            : throw new InvalidOperationException($"Workflow {parked.Id} was claimed but is not due.");
}
