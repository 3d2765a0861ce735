using GopherFlow.Storage;

namespace GopherFlow.Stores.Postgres;

/// <summary>Hand-backs and takeovers, on the pool that a crowd does not keep waiting.</summary>
internal sealed class PostgresOwners(PostgresDatabase database)
{
    private const string CountBack = $"""
            INSERT INTO workflow_counts (workflow_type, version, state, status, slot, count)
              SELECT given_back.workflow_type, given_back.version, given_back.state, change.status, {PostgresCounts.Slot}, sum(change.by)
                FROM given_back
          CROSS JOIN (VALUES ('EXECUTING', -1), ('IN_PROGRESS', 1)) AS change (status, by)
            GROUP BY 1, 2, 3, 4
            ORDER BY 1, 2, 3, 4
            {PostgresCounts.AddToSlot}
        """;

    internal const string GiveBack = $"""
        WITH claim AS MATERIALIZED (
              SELECT *
                FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS claim (id, lease, number)
            ORDER BY id
        ), given_back AS (
               UPDATE workflow AS w
                  SET executor_id     = NULL,
                      lease           = w.lease + 1,
                      status          = 'IN_PROGRESS',
                      next_activation = $4,
                      modified        = $4
                 FROM claim
                WHERE w.id = ANY (ARRAY[claim.id])
                  AND w.lease = claim.lease
                  AND (w.executor_id = $3) IS TRUE
            RETURNING claim.number, w.*
        ), counted AS (
            {CountBack}
        )
          SELECT {PostgresRows.ChangeColumns}
            FROM given_back AS w
        ORDER BY w.number
        """;

    private const string OwnedBy = """
        SELECT id, lease
          FROM workflow
         WHERE executor_id = $1
        """;

    private const string EndDeadExecutors = """
        UPDATE executors
           SET ended = clock.now
          FROM (SELECT coalesce($1, clock_timestamp()) AS now OFFSET 0) AS clock
         WHERE ended IS NULL
           AND lease_until < clock.now
        """;

    private const string NextExpiry = """
        SELECT min(lease_until), coalesce($1, clock_timestamp())
          FROM executors
         WHERE ended IS NULL
        """;

    private const string TakeOver = $"""
        WITH clock AS MATERIALIZED (
            SELECT coalesce($1, clock_timestamp()) AS now
        ), orphan AS MATERIALIZED (
              SELECT w.id, w.executor_id AS owner
                FROM workflow AS w
               WHERE w.executor_id IS NOT NULL
                 AND NOT EXISTS (SELECT
                                   FROM executors AS e
                                  WHERE e.id = w.executor_id
                                    AND e.ended IS NULL)
            ORDER BY w.id
               LIMIT $3
                 FOR UPDATE OF w SKIP LOCKED
        ), given_back AS (
               UPDATE workflow AS w
                  SET executor_id     = NULL,
                      lease           = w.lease + 1,
                      status          = 'IN_PROGRESS',
                      next_activation = clock.now,
                      modified        = clock.now
                 FROM orphan
           CROSS JOIN clock
                WHERE w.id = ANY (ARRAY[orphan.id])
            RETURNING orphan.owner, w.*
        ), history AS (
            INSERT INTO workflow_actions
                   (workflow_id, executor_id, execution_count, retry_count, type, name, text, date_time)
            SELECT id, $2, execution_count, retry_count, '{ActionTypes.Repaired}', state, replace($4, '{OwnerMark}', owner::text), modified
              FROM given_back
          ORDER BY id
        ), counted AS (
            {CountBack}
        )
          SELECT {PostgresRows.ChangeColumns}
            FROM given_back AS w
        ORDER BY w.id
        """;

    /// <summary>Stands in the text of a takeover where the statement puts the former owner.</summary>
    private const string OwnerMark = "-1";

    private static readonly string RepairedText = ActionTexts.Repaired(-1);

    /// <summary>Gives claims back.</summary>
    public async Task<IReadOnlyList<WorkflowChange>> ReleaseAsync(
        ReleaseRequest request,
        CancellationToken cancellation
    ) =>
        await database.Keeper.ReadAllAsync(
            batch =>
                batch
                    .Statement(GiveBack)
                    .With<long[]>([.. request.Claims.Select(claim => claim.WorkflowId)])
                    .With<long[]>([.. request.Claims.Select(claim => claim.Lease)])
                    .With(request.ExecutorId)
                    .With(request.Now),
            StoredRows.ChangeInPlace,
            cancellation
        );

    /// <summary>The claims of an executor.</summary>
    public async Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        await database.Keeper.ReadAllAsync(
            batch => batch.Statement(OwnedBy).With(executorId),
            row => new ClaimKey(row.Number(), row.Number()),
            cancellation
        );

    /// <summary>Takes workflows from dead executors.</summary>
    public async Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation)
    {
        var now = database.Now;
        await using var batch = database.Keeper.CreateBatch();
        batch.Statement(EndDeadExecutors).With(now);
        batch.Statement(TakeOver).With(now).With(request.ExecutorId).With((long)request.Limit).With(RepairedText);
        batch.Statement(NextExpiry).With(now);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var changes = await reader.ReadAllAsync(StoredRows.ChangeInPlace, cancellation);
        await reader.NextResultAsync(cancellation);
        var (nextExpiry, end) = (
            await reader.ReadAllAsync(row => (row.OptionalInstant(), row.Instant()), cancellation)
        )[0];
        await reader.NextResultAsync(cancellation);
        return new RepairResult(changes, nextExpiry, end);
    }
}
