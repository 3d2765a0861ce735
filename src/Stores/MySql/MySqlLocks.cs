using GopherFlow.Rules;
using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>Locks workflows and their parents, and reads them as they are then.</summary>
internal static class MySqlLocks
{
    private const int MostLooks = 100;

    /// <summary>
    /// The workflows and their parents, in the order of their ids, so that two transactions never wait for each other in a circle. Only
    /// with a limit is a subquery sorted. A workflow never changes its parent, so that it is known without a lock.
    /// </summary>
    private const string Family = """
               SELECT member.id
                 FROM (SELECT id
                         FROM JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS given
                        UNION
                       SELECT child.parent_workflow_id
                         FROM JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS given
                STRAIGHT_JOIN workflow AS child FORCE INDEX (PRIMARY) ON child.id = given.id
                        WHERE child.parent_workflow_id IS NOT NULL) AS member
             ORDER BY member.id
                LIMIT 1000000
        """;

    internal const string LockUnfinished = $"""
               SELECT {MySqlColumns.Unfinished}
                 FROM ({Family}) AS wanted
        STRAIGHT_JOIN workflow_run AS r FORCE INDEX (PRIMARY) ON r.id = wanted.id
        STRAIGHT_JOIN workflow AS w FORCE INDEX (PRIMARY) ON w.id = r.id
           FOR UPDATE
        """;

    internal const string LockFinal = $"""
               SELECT {MySqlColumns.Final}
                 FROM ({Family}) AS wanted
        STRAIGHT_JOIN workflow_result AS f FORCE INDEX (PRIMARY) ON f.id = wanted.id
        STRAIGHT_JOIN workflow AS w FORCE INDEX (PRIMARY) ON w.id = f.id
           FOR UPDATE
        """;

    /// <summary>Of the workflows and their parents.</summary>
    private const string VariablesOf = $"""
               SELECT v.workflow_id, v.state_vars
                 FROM ({Family}) AS wanted
        STRAIGHT_JOIN workflow_variables AS v FORCE INDEX (PRIMARY) ON v.workflow_id = wanted.id
        """;

    private const string Existing = """
               SELECT w.id
                 FROM JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS given
        STRAIGHT_JOIN workflow AS w FORCE INDEX (PRIMARY) ON w.id = given.id
        """;

    /// <summary>Locks and reads, in the order of ids.</summary>
    public static async Task<IReadOnlyList<WorkflowRecord>> LockAsync(
        MySqlConnection connection,
        IReadOnlyCollection<long> ids,
        bool withVariables,
        CancellationToken cancellation
    )
    {
        var locked = new SortedDictionary<long, WorkflowRecord>();
        var wanted = ids;
        for (var look = 1; ; look++)
        {
            await LookAsync(connection, wanted, withVariables, locked, cancellation);
            wanted =
            [
                .. ids.Concat(locked.Values.Select(row => row.ParentWorkflowId).OfType<long>())
                    .Distinct()
                    .Where(id => !locked.ContainsKey(id)),
            ];
            if (wanted.Count == 0 || (wanted = await ExistingAsync(connection, wanted, cancellation)).Count == 0)
            {
                return [.. locked.Values];
            }

            // While the lock was waited for, it has gone from one table to the other.
            if (look == MostLooks)
            {
                throw new InvalidOperationException($"The workflow {wanted.First()} is neither unfinished nor final.");
            }
        }
    }

    /// <summary>
    /// Each statement sees what was committed before it began. So variables are read when the locks are held: from then on nobody
    /// changes them.
    /// </summary>
    private static async Task LookAsync(
        MySqlConnection connection,
        IReadOnlyCollection<long> wanted,
        bool withVariables,
        SortedDictionary<long, WorkflowRecord> locked,
        CancellationToken cancellation
    )
    {
        var ids = MySqlJson.Of(wanted);
        await using var batch = new MySqlBatch(connection);
        batch.Statement(LockUnfinished).With("@ids", ids);
        batch.Statement(LockFinal).With("@ids", ids);
        if (withVariables)
        {
            batch.Statement(VariablesOf).With("@ids", ids);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var rows = await reader.ReadAllAsync(StoredRows.WithoutVariables, cancellation);
        rows.AddRange(await reader.ReadAllAsync(StoredRows.WithoutVariables, cancellation));
        var variables = withVariables
            ? (await reader.ReadAllAsync(MySqlRow.StateVars, cancellation)).ToDictionary()
            : [];
        await reader.FinishAsync(cancellation);
        foreach (var row in rows)
        {
            locked[row.Id] = variables.TryGetValue(row.Id, out var text) ? row with { StateVars = text } : row;
        }
    }

    private static async Task<List<long>> ExistingAsync(
        MySqlConnection connection,
        IReadOnlyCollection<long> ids,
        CancellationToken cancellation
    )
    {
        await using var batch = new MySqlBatch(connection);
        batch.Statement(Existing).With("@ids", MySqlJson.Of(ids));
        return await batch.ReadAllAsync(row => row.Number(), cancellation);
    }
}
