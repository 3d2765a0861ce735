using GopherFlow.Authoring;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Takes unfinished workflows to another version of their definition.</summary>
internal sealed class PostgresVersionMoves(PostgresDatabase database)
{
    /// <summary>
    /// What is unfinished first, by the indexes that hold nothing that has finished; the rest is asked of these alone, so that no
    /// index of all workflows tempts the planner.
    /// </summary>
    private const string Unfinished = """
        WITH unfinished AS MATERIALIZED (
            SELECT id, workflow_type, version, state
              FROM workflow
             WHERE status IN ('NEW', 'SCHEDULED', 'IN_PROGRESS', 'WAITING', 'PAUSED')
             UNION ALL
            SELECT id, workflow_type, version, state
              FROM workflow
             WHERE executor_id IS NOT NULL
        )
          SELECT id
            FROM unfinished
           WHERE workflow_type = $1
             AND version = $2
             AND state = ANY ($3)
        ORDER BY id
           LIMIT $4
        """;

    private const string Named = """
          SELECT id
            FROM workflow
           WHERE id = ANY ($5)
             AND status IN ('NEW', 'SCHEDULED', 'EXECUTING', 'IN_PROGRESS', 'WAITING', 'PAUSED')
             AND workflow_type = $1
             AND version = $2
             AND state = ANY ($3)
        ORDER BY id
           LIMIT $4
        """;

    /// <summary>In the order of ids, as every transaction locks. It waits, and sees what whoever had the row has made of it.</summary>
    private const string Lock = $"""
          SELECT {PostgresRows.WorkflowColumns}, w.woken
            FROM workflow AS w
           WHERE w.id = ANY ($1)
        ORDER BY w.id
             FOR UPDATE
        """;

    internal const string MoveAll = """
        UPDATE workflow AS w
           SET version         = $1,
               state           = given.state,
               step            = given.step,
               retry_count     = given.retry_count,
               lease           = given.lease,
               executor_id     = NULL,
               status          = given.status,
               next_activation = given.next_activation,
               awaits_children = given.awaits_children,
               modified        = $2,
               woken           = given.woken
          FROM unnest($3::bigint[], $4::text[], $5::integer[], $6::integer[], $7::bigint[], $8::text[],
                      $9::timestamptz[], $10::boolean[], $11::boolean[])
            AS given (id, state, step, retry_count, lease, status, next_activation, awaits_children, woken)
         WHERE w.id = ANY (ARRAY[given.id])
        """;

    /// <summary>
    /// Moves as many as the limit says. When others have changed all that was found before it was locked, it looks again: nothing
    /// moved means that there is nothing left.
    /// </summary>
    public async Task<IReadOnlyList<WorkflowChange>> MoveAsync(VersionMove move, CancellationToken cancellation)
    {
        await using var connection = await database.Work.OpenConnectionAsync(cancellation);
        while (true)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            var found = await FindAsync(connection, move, cancellation);
            if (found.Length == 0)
            {
                return [];
            }

            var moved = await LockAsync(connection, move, found, cancellation);
            if (moved.Count > 0)
            {
                await WriteAsync(connection, move, moved, cancellation);
                await transaction.CommitAsync(cancellation);
                return moved.ConvertAll(one => WorkflowChange.To(one.After, one.Before.State));
            }
        }
    }

    private static async Task<long[]> FindAsync(
        NpgsqlConnection connection,
        VersionMove move,
        CancellationToken cancellation
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        var search = batch
            .Statement(move.WorkflowIds.Count == 0 ? Unfinished : Named)
            .With(move.Name)
            .With(move.FromVersion)
            .With(move.States.Column(state => state.From))
            .With((long)move.Limit);
        if (move.WorkflowIds.Count > 0)
        {
            search.With<long[]>([.. move.WorkflowIds]);
        }

        return [.. await batch.ReadAllAsync(row => row.Number(), cancellation)];
    }

    /// <summary>Those of the rows found that are still to be moved now that nobody else can change them.</summary>
    private static async Task<List<Moved>> LockAsync(
        NpgsqlConnection connection,
        VersionMove move,
        long[] ids,
        CancellationToken cancellation
    )
    {
        var states = move.States.ToDictionary(state => state.From);
        await using var batch = new NpgsqlBatch(connection);
        batch.Statement(Lock).With(ids);
        var locked = await batch.ReadAllAsync(
            row => (Workflow: StoredRows.WithoutVariables(row), Woken: row.Flag()),
            cancellation
        );
        return
        [
            .. from row in locked
            where row.Workflow.Version == move.FromVersion && !row.Workflow.Status.IsFinal()
            where states.ContainsKey(row.Workflow.State)
            let state = states[row.Workflow.State]
            let after = move.Apply(row.Workflow, state)
            select new Moved(row.Workflow, after, state, row.Woken && move.KeepsWake(after)),
        ];
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection,
        VersionMove move,
        List<Moved> moved,
        CancellationToken cancellation
    )
    {
        var counts = new CountDeltas();
        moved.ForEach(one => counts.Replace(one.Before, one.After));
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Statement(MoveAll)
            .With(move.ToVersion)
            .With(move.Now)
            .With(moved.Column(one => one.After.Id))
            .With(moved.Column(one => one.After.State))
            .With(moved.Column(one => one.After.Step))
            .With(moved.Column(one => one.After.RetryCount))
            .With(moved.Column(one => one.After.Lease))
            .With(moved.Column(one => one.After.Status.ToName()))
            .With(moved.Column(one => one.After.NextActivation))
            .With(moved.Column(one => one.After.AwaitsChildren))
            .With(moved.Column(one => one.Woken));
        batch.AddActions([.. moved.Select(one => one.HistoryOf(move))], move.Now);
        batch.AddCounts([.. counts.NonZero]);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A workflow before and after.</summary>
    private sealed record Moved(WorkflowRecord Before, WorkflowRecord After, StateMove State, bool Woken)
    {
        public PlannedAction HistoryOf(VersionMove move) =>
            new(
                After.Id,
                ExecutorId: null,
                After.ExecutionCount,
                After.RetryCount,
                new NewAction(ActionTypes.Moved, Before.State, ActionTexts.Moved(move, State))
            );
    }
}
