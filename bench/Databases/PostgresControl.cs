using GopherFlow.Bench.Runs;
using GopherFlow.Rules;
using Npgsql;

namespace GopherFlow.Bench.Databases;

/// <summary>The control on PostgreSQL: one connection, and one batch of prepared set-based statements per transaction.</summary>
internal sealed class PostgresControl(NpgsqlConnection connection) : IControl
{
    private const string Create = """
        WITH created AS (
            INSERT INTO workflow (external_id, workflow_type, business_key, created, token)
            SELECT external_id, $2, 'bench', $6, 0
              FROM unnest($1) AS external_id
            RETURNING id
        ), running AS (
            INSERT INTO workflow_run
                   (id, workflow_type, version, executor_group, priority, status, state, step, retry_count,
                    execution_count, lease, revision, executor_id, modified, open_children, awaits_children, woken)
            SELECT id, $2, $3, 'default', $4, 'EXECUTING', $5, 0, 0, 0, 1, 0, 1, $6, 0, false, false
              FROM created
        ), logged AS (
            INSERT INTO workflow_actions
                   (workflow_id, kind, to_state, status, step, execution_count, retry_count, date_time)
            SELECT id, 'CREATED', $5, 'EXECUTING', 0, 0, 0, $6
              FROM created
        )
        SELECT id
          FROM created
        """;

    private const string Step = """
        WITH stepped AS (
            UPDATE workflow_run AS r
               SET state           = $3,
                   step            = step + 1,
                   execution_count = execution_count + 1,
                   revision        = revision + 1,
                   modified        = $4,
                   started         = coalesce(started, $4)
              FROM unnest($1) AS stepping (workflow_id)
             WHERE r.id = stepping.workflow_id
               AND r.lease = 1
            RETURNING r.id
        )
        INSERT INTO workflow_actions
               (workflow_id, executor_id, kind, from_state, to_state, status, step, execution_count, retry_count, duration,
                date_time)
        SELECT id, 1, 'TRANSITION', $2, $3, 'EXECUTING', 0, 1, 0, 1, $4
          FROM stepped
        """;

    private const string End = """
        WITH ended AS (
            DELETE
              FROM workflow_run AS r
             USING unnest($1) AS ending (workflow_id)
             WHERE r.id = ending.workflow_id
               AND r.lease = 1
            RETURNING r.*
        ), result AS (
            INSERT INTO workflow_result
                   (id, version, executor_group, priority, status, state, step, retry_count, execution_count, lease,
                    revision, modified, started, finished, open_children)
            SELECT id, version, executor_group, priority, 'FINISHED', $3, step + 1, 0, execution_count + 1, lease,
                   revision + 1, $4, started, $4, open_children
              FROM ended
        )
        INSERT INTO workflow_actions
               (workflow_id, executor_id, kind, from_state, to_state, status, step, execution_count, retry_count, duration,
                date_time)
        SELECT id, 1, 'TRANSITION', $2, $3, 'FINISHED', 1, 2, 0, 1, $4
          FROM ended
        """;

    private const string Count = """
        INSERT INTO workflow_counts (workflow_type, version, state, status, slot, count)
        SELECT $1, $2, state, status, 0, count
          FROM unnest($3, $4, $5) AS delta (state, status, count)
            ON CONFLICT (workflow_type, version, state, status, slot) DO UPDATE
           SET count = workflow_counts.count + excluded.count
        """;

    private static readonly string[] States = [ThreeStates.First, ThreeStates.Second, ThreeStates.Last];
    private static readonly string[] Statuses = ["EXECUTING", "EXECUTING", "FINISHED"];

    public async Task WriteAsync(int workflows, int perTransaction, string prefix)
    {
        long[] created = [];
        long[] stepped = [];
        for (var number = 0; number < workflows || created.Length > 0 || stepped.Length > 0; )
        {
            var count = Math.Min(perTransaction, workflows - number);
            var names = Enumerable.Range(number, count).Select(each => $"{prefix}-{each}").ToArray();
            number += count;
            var finished = stepped;
            stepped = created;
            created = await TransactionAsync(names, stepped, finished);
        }
    }

    public void Dispose() => connection.Dispose();

    private async Task<long[]> TransactionAsync(string[] names, long[] stepped, long[] finished)
    {
        var now = DateTimeOffset.UtcNow;
        var (type, version) = (ThreeStates.Name, ThreeStates.Definition.Version);
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction);
        Add(batch, Create, names, type, version, WorkflowPriority.Default, ThreeStates.First, now);
        Add(batch, Step, stepped, ThreeStates.First, ThreeStates.Second, now);
        Add(batch, End, finished, ThreeStates.Second, ThreeStates.Last, now);
        Add(
            batch,
            Count,
            type,
            version,
            States,
            Statuses,
            new long[] { names.Length - stepped.Length, stepped.Length - finished.Length, finished.Length }
        );
        var ids = new List<long>(names.Length);
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                ids.Add(reader.GetInt64(0));
            }
        }

        await transaction.CommitAsync();
        return [.. ids];
    }

    private static void Add(NpgsqlBatch batch, string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        batch.BatchCommands.Add(command);
    }
}
