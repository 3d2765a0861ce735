using GopherFlow.Storage;

namespace GopherFlow.Stores.Postgres;

/// <summary>Claims.</summary>
internal sealed class PostgresClaims(PostgresDatabase database)
{
    /// <summary>
    /// Where something is parked, walked by the index of due work from one priority of a group to the next, so that parked rows of
    /// one do not hide what is due at another.
    /// </summary>
    private const string Places = """
        WITH RECURSIVE place (executor_group, priority) AS (
            SELECT wanted.executor_group,
                   (SELECT min(w.priority)
                      FROM workflow AS w
                     WHERE w.executor_group = wanted.executor_group
                       AND w.next_activation IS NOT NULL)
              FROM (SELECT DISTINCT unnest($1::text[]) COLLATE "C" AS executor_group) AS wanted
             UNION ALL
            SELECT place.executor_group,
                   (SELECT min(w.priority)
                      FROM workflow AS w
                     WHERE w.executor_group = place.executor_group
                       AND w.priority > place.priority
                       AND w.next_activation IS NOT NULL)
              FROM place
             WHERE place.priority IS NOT NULL
        )
        """;

    /// <summary>
    /// A row that another claim has locked is passed over. The rows of a priority are only looked for, and locked, when the better
    /// ones have not filled the claim. What is known is asked as a value (IS TRUE), not joined, so that the planner keeps the walk by
    /// the index of due work and looks each row up in a hash.
    /// </summary>
    private const string Claim = $"""
        {Places}, due AS MATERIALIZED (
                SELECT parked.*
                  FROM (SELECT DISTINCT priority FROM place WHERE priority IS NOT NULL ORDER BY priority) AS level
            CROSS JOIN LATERAL (
                          SELECT mine.*
                            FROM place
                      CROSS JOIN LATERAL (
                                      SELECT w.id, w.status AS former_status, w.priority, w.next_activation
                                        FROM workflow AS w
                                       WHERE w.executor_group = place.executor_group
                                         AND w.priority = level.priority
                                         AND w.next_activation <= $3
                                         AND ((w.workflow_type, w.version) IN (
                                                 SELECT known.name, known.version
                                                   FROM unnest($2::text[], $6::text[]) AS known (name, version)
                                             )) IS TRUE
                                    ORDER BY w.next_activation, w.id
                                       LIMIT $4
                                         FOR UPDATE SKIP LOCKED
                                 ) AS mine
                           WHERE place.priority = level.priority
                        ORDER BY mine.next_activation, mine.id
                       ) AS parked
                 LIMIT $4
        ), taken AS (
               UPDATE workflow AS w
                  SET executor_id     = $5,
                      lease           = w.lease + 1,
                      status          = 'EXECUTING',
                      next_activation = NULL,
                      modified        = $3
                 FROM due
                WHERE w.id = ANY (ARRAY[due.id])
            RETURNING due.former_status, due.next_activation AS due_since, w.*
        ), counted AS (
            INSERT INTO workflow_counts (workflow_type, version, state, status, slot, count)
              SELECT taken.workflow_type, taken.version, taken.state, change.status, {PostgresCounts.Slot}, sum(change.by)
                FROM taken
          CROSS JOIN LATERAL (VALUES (former_status, -1), ('EXECUTING', 1)) AS change (status, by)
            GROUP BY 1, 2, 3, 4
            ORDER BY 1, 2, 3, 4
            {PostgresCounts.AddToSlot}
        )
          SELECT {PostgresRows.WorkflowColumns}, {PostgresRows.NoVariables}
            FROM taken AS w
        ORDER BY w.priority, w.due_since, w.id
        """;

    private const string NextDue = $"""
        {Places}
            SELECT min(next.activation)
              FROM place
        CROSS JOIN LATERAL (
                      SELECT min(w.next_activation) AS activation
                        FROM workflow AS w
                       WHERE w.executor_group = place.executor_group
                         AND w.priority = place.priority
                         AND w.next_activation > $2
                   ) AS next
        """;

    private const string VariablesOf = """
        SELECT workflow_id, state_vars
          FROM workflow_variables
         WHERE workflow_id = ANY ($1)
        """;

    /// <summary>Takes due workflows.</summary>
    public async Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        var groups = request.ExecutorGroups.ToArray();
        await using var batch = database.Work.CreateBatch();
        batch
            .Statement(Claim)
            .With(groups)
            .With<string[]>([.. request.Definitions.Select(key => key.Name)])
            .With(request.Now)
            .With((long)request.Limit)
            .With(request.ExecutorId)
            .With<string[]>([.. request.Definitions.Select(key => key.Version)]);
        batch.Statement(NextDue).With(groups).With(request.Now);
        List<WorkflowRecord> claimed;
        DateTimeOffset? nextDue;
        await using (var reader = await batch.ExecuteReaderAsync(cancellation))
        {
            claimed = await reader.ReadAllAsync(StoredRows.Workflow, cancellation);
            await reader.NextResultAsync(cancellation);
            nextDue = (await reader.ReadAllAsync(row => row.OptionalInstant(), cancellation))[0];
            await reader.NextResultAsync(cancellation);
        }

        claimed = await WithVariablesAsync(claimed, cancellation);
        return new ClaimResult(
            claimed,
            claimed.ConvertAll(workflow => WorkflowChange.To(workflow, workflow.State)),
            claimed.Count == request.Limit ? null : nextDue
        );
    }

    /// <summary>
    /// The variables are read when the claim stands. The claim itself would read them as they were when it began, which may be
    /// before another's last commit; from now on nobody changes them without raising the lease.
    /// </summary>
    private async Task<List<WorkflowRecord>> WithVariablesAsync(
        List<WorkflowRecord> claimed,
        CancellationToken cancellation
    )
    {
        if (claimed.Count == 0)
        {
            return claimed;
        }

        var variables = await database.Work.ReadAllAsync(
            batch => batch.Statement(VariablesOf).With(claimed.ConvertAll(workflow => workflow.Id).ToArray()),
            row => KeyValuePair.Create(row.Number(), row.Text()),
            cancellation
        );
        var stateVars = variables.ToDictionary();
        return claimed.ConvertAll(workflow =>
            stateVars.TryGetValue(workflow.Id, out var text) ? workflow with { StateVars = text } : workflow
        );
    }
}
