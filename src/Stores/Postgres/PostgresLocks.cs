using GopherFlow.Rules;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Locks workflows and their parents, and reads them as they are then.</summary>
internal static class PostgresLocks
{
    private const int MostLooks = 100;

    /// <summary>A workflow never changes its parent, so that it is known without a lock.</summary>
    private const string Family = """
        ARRAY(
            SELECT unnest($1::bigint[])
             UNION
            SELECT child.parent_workflow_id
              FROM workflow AS child
             WHERE child.id = ANY ($1)
               AND child.parent_workflow_id IS NOT NULL
        )
        """;

    /// <summary>In the order of ids, so that two transactions never wait for each other in a circle.</summary>
    internal const string LockUnfinished = $"""
        SELECT {PostgresColumns.Workflow}
          FROM (  SELECT {PostgresColumns.Unfinished}
                    FROM workflow_run AS r
                   WHERE r.id = ANY ({Family})
                ORDER BY r.id
                     FOR UPDATE) AS p
          JOIN workflow AS w ON w.id = p.id
        """;

    internal const string LockFinal = $"""
        SELECT {PostgresColumns.Workflow}
          FROM (  SELECT {PostgresColumns.Final}
                    FROM workflow_result AS f
                   WHERE f.id = ANY ({Family})
                ORDER BY f.id
                     FOR UPDATE) AS p
          JOIN workflow AS w ON w.id = p.id
        """;

    private const string VariablesOf = $"""
        SELECT workflow_id, state_vars
          FROM workflow_variables
         WHERE workflow_id = ANY ({Family})
        """;

    private const string Existing = """
        SELECT id
          FROM workflow
         WHERE id = ANY ($1)
        """;

    /// <summary>Locks and reads, in the order of ids.</summary>
    public static async Task<IReadOnlyList<WorkflowRecord>> LockAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<long> ids,
        bool withVariables,
        CancellationToken cancellation
    )
    {
        var locked = new SortedDictionary<long, WorkflowRecord>();
        var wanted = ids.ToArray();
        for (var look = 1; ; look++)
        {
            await LookAsync(connection, wanted, withVariables, locked, cancellation);
            wanted =
            [
                .. ids.Concat(locked.Values.Select(row => row.ParentWorkflowId).OfType<long>())
                    .Distinct()
                    .Where(id => !locked.ContainsKey(id)),
            ];
            if (wanted.Length == 0 || (wanted = await ExistingAsync(connection, wanted, cancellation)).Length == 0)
            {
                return [.. locked.Values];
            }

            // While the lock was waited for, it has gone from one table to the other.
            if (look == MostLooks)
            {
                throw new InvalidOperationException($"The workflow {wanted[0]} is neither unfinished nor final.");
            }
        }
    }

    /// <summary>
    /// Each statement sees what was committed before it began. So variables are read when the locks are held: from then on nobody
    /// changes them.
    /// </summary>
    private static async Task LookAsync(
        NpgsqlConnection connection,
        long[] wanted,
        bool withVariables,
        SortedDictionary<long, WorkflowRecord> locked,
        CancellationToken cancellation
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Statement(LockUnfinished).With(wanted);
        batch.Statement(LockFinal).With(wanted);
        if (withVariables)
        {
            batch.Statement(VariablesOf).With(wanted);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var rows = await reader.ReadAllAsync(StoredRows.WithoutVariables, cancellation);
        await reader.NextResultAsync(cancellation);
        rows.AddRange(await reader.ReadAllAsync(StoredRows.WithoutVariables, cancellation));
        await reader.NextResultAsync(cancellation);
        var variables = new Dictionary<long, string>();
        if (withVariables)
        {
            variables = (await reader.ReadAllAsync(StoredVariables, cancellation)).ToDictionary();
            await reader.NextResultAsync(cancellation);
        }

        foreach (var row in rows)
        {
            locked[row.Id] = variables.TryGetValue(row.Id, out var text) ? row with { StateVars = text } : row;
        }
    }

    private static KeyValuePair<long, string> StoredVariables(PostgresRow row) =>
        KeyValuePair.Create(row.Number(), row.Text());

    private static async Task<long[]> ExistingAsync(
        NpgsqlConnection connection,
        long[] ids,
        CancellationToken cancellation
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Statement(Existing).With(ids);
        return [.. await batch.ReadAllAsync(row => row.Number(), cancellation)];
    }
}
