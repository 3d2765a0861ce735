using Npgsql;

namespace GopherFlow.Bench.Databases;

/// <summary>
/// Fills a PostgreSQL schema with workflows of 41 types, using SQL only: 98 of 100 have ended, and the others wait for a person, are paused
/// or are due in a month. Each has one history entry.
/// </summary>
internal sealed class PostgresLargeTable(NpgsqlConnection connection)
{
    private const int PerTransaction = 500_000;

    private const string DoNotWaitForTheDisk = "SET synchronous_commit = off";

    private const string Insert = """
        WITH member AS MATERIALIZED (
            SELECT nextval('workflow_id_seq') AS id,
                   n,
                   'Type' || n % 41 AS workflow_type,
                   timestamptz '2026-01-01' + n * interval '0.75 second' AS created,
                   n % 50 <> 7 AS is_final,
                   CASE WHEN n % 1000 < 950 THEN 'FINISHED'
                        WHEN n % 1000 < 975 THEN 'FAILED'
                        WHEN n % 1000 < 985 THEN 'CANCELLED'
                        ELSE 'ERROR'
                    END AS final_status,
                   CASE n / 50 % 4
                        WHEN 0 THEN 'WAITING'
                        WHEN 1 THEN 'PAUSED'
                        WHEN 2 THEN 'NEW'
                        ELSE 'IN_PROGRESS'
                    END AS status,
                   'v' || n % 3 AS version,
                   CASE WHEN n % 10 = 0 THEN 'reports' ELSE 'default' END AS executor_group
              FROM generate_series($1::bigint, $2::bigint) AS n
        ), identified AS (
            INSERT INTO workflow (id, external_id, workflow_type, business_key, parent_workflow_id, created, token)
            SELECT id, 'ext-' || n, workflow_type, 'customer-' || lpad((n % 180000)::text, 6, '0'),
                   CASE WHEN n % 20 = 3 THEN id - 3 END, created, 0
              FROM member
        ), ended AS (
            INSERT INTO workflow_result
                   (id, version, executor_group, priority, status, state, step, retry_count, execution_count, lease,
                    revision, modified, started, finished, open_children)
            SELECT id, version, executor_group, 3, final_status,
                   CASE WHEN final_status <> 'FINISHED' THEN 'Charge' WHEN n % 5 = 0 THEN 'Refused' ELSE 'Done' END,
                   3, 0, 3, 1, 3, created + interval '1 minute', created, created + interval '1 minute', 0
              FROM member
             WHERE is_final
        ), unfinished AS (
            INSERT INTO workflow_run
                   (id, workflow_type, version, executor_group, priority, status, state, step, retry_count,
                    execution_count, lease, revision, modified, next_activation, started, open_children,
                    awaits_children, woken)
            SELECT id, workflow_type, version, executor_group, 3, status,
                   CASE status WHEN 'WAITING' THEN 'Approval' ELSE 'Charge' END,
                   1, CASE WHEN n % 3 = 0 THEN 1 ELSE 0 END, 1, 1, 1, created,
                   CASE WHEN status IN ('NEW', 'IN_PROGRESS') THEN now() + interval '30 days' END,
                   created, 0, false, false
              FROM member
             WHERE NOT is_final
        )
        INSERT INTO workflow_actions
               (workflow_id, kind, to_state, status, step, execution_count, retry_count, date_time)
        SELECT id, 'CREATED', 'Charge', 'NEW', 0, 0, 0, created
          FROM member
        """;

    /// <summary>Adds workflows to a schema that has the tables but no workflows. Does not update the table of counts.</summary>
    public async Task FillAsync(int workflows)
    {
        await RunAsync(DoNotWaitForTheDisk);
        for (var first = 0; first < workflows; first += PerTransaction)
        {
            await RunAsync(Insert, first, Math.Min(first + PerTransaction, workflows) - 1);
        }
    }

    private async Task RunAsync(string sql, params long[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        }

        await command.ExecuteNonQueryAsync();
    }
}
