using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Stores.Sqlite;

/// <summary>Takes unfinished workflows to another version of their definition.</summary>
internal sealed class SqliteVersionMoves(SqliteReader statements)
{
    /// <summary>By the indexes that hold nothing that has finished, which may be most.</summary>
    private const string Unfinished = $"""
              WITH unfinished AS MATERIALIZED (
                  SELECT id
                    FROM workflow INDEXED BY workflow_by_status
                   WHERE status IN ('NEW', 'SCHEDULED', 'IN_PROGRESS', 'WAITING', 'PAUSED')
                     AND status NOT IN ('EXECUTING', 'FINISHED')
                   UNION ALL
                  SELECT id
                    FROM workflow INDEXED BY workflow_owned
                   WHERE executor_id IS NOT NULL
              )
            SELECT {SqliteRows.WorkflowColumns}, w.woken
              FROM unfinished
        CROSS JOIN workflow AS w ON w.id = unfinished.id
         LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
             WHERE w.workflow_type = ?1
               AND w.version = ?2
               AND w.state IN (SELECT value FROM json_each(?3))
          ORDER BY w.id
             LIMIT ?4
        """;

    private const string Named = $"""
           SELECT {SqliteRows.WorkflowColumns}, w.woken
             FROM workflow AS w NOT INDEXED
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
            WHERE w.id IN (SELECT value FROM json_each(?5))
              AND w.status IN ('NEW', 'SCHEDULED', 'EXECUTING', 'IN_PROGRESS', 'WAITING', 'PAUSED')
              AND w.workflow_type = ?1
              AND w.version = ?2
              AND w.state IN (SELECT value FROM json_each(?3))
         ORDER BY w.id
            LIMIT ?4
        """;

    private const string MoveOne = """
        UPDATE workflow
           SET version         = ?2,
               state           = ?3,
               step            = ?4,
               retry_count     = ?5,
               lease           = ?6,
               executor_id     = NULL,
               status          = ?7,
               next_activation = ?8,
               awaits_children = ?9,
               modified        = ?10,
               woken           = ?11
         WHERE id = ?1
        """;

    /// <summary>Moves as many as the limit says.</summary>
    public IReadOnlyList<WorkflowChange> Move(VersionMove move)
    {
        var states = move.States.ToDictionary(state => state.From);
        var counts = new CountDeltas();
        var changes = new List<WorkflowChange>();
        foreach (var (before, woken) in Found(move))
        {
            var state = states[before.State];
            var after = move.Apply(before, state);
            Write(after, woken && move.KeepsWake(after));
            statements.Log(
                after.Id,
                executorId: null,
                new NewAction(ActionTypes.Moved, before.State, ActionTexts.Moved(move, state)),
                move.Now
            );
            counts.Replace(before, after);
            changes.Add(WorkflowChange.To(after, before.State));
        }

        statements.Apply(counts);
        return changes;
    }

    private List<(WorkflowRecord Workflow, bool Woken)> Found(VersionMove move)
    {
        var search = statements
            .Statement(move.WorkflowIds.Count == 0 ? Unfinished : Named)
            .Bind(move.Name)
            .Bind(move.FromVersion)
            .Bind(JsonSerializer.Serialize(move.States.Select(state => state.From)))
            .Bind(move.Limit);
        return (move.WorkflowIds.Count == 0 ? search : search.Bind(JsonSerializer.Serialize(move.WorkflowIds))).ReadAll(
            row => (StoredRows.Workflow(row), row.Flag())
        );
    }

    private void Write(WorkflowRecord after, bool woken) =>
        statements
            .Statement(MoveOne)
            .Bind(after.Id)
            .Bind(after.Version)
            .Bind(after.State)
            .Bind(after.Step)
            .Bind(after.RetryCount)
            .Bind(after.Lease)
            .Bind(after.Status.ToName())
            .Bind(after.NextActivation)
            .Bind(after.AwaitsChildren)
            .Bind(after.Modified)
            .Bind(woken)
            .Run();
}
