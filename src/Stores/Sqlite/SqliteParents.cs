using GopherFlow.Storage;

namespace GopherFlow.Stores.Sqlite;

/// <summary>What a child's commit does to its parent.</summary>
internal static class SqliteParents
{
    private const string CountChild = """
        UPDATE workflow
           SET open_children = open_children + ?2
         WHERE id = ?1
        """;

    private const string JoinParent = $"""
           UPDATE workflow
              SET modified        = ?2,
                  next_activation = ?2,
                  awaits_children = 0
            WHERE id = ?1
              AND awaits_children
              AND open_children = 0
        RETURNING {SqliteRows.ChangeColumns}
        """;

    private const string WakeParent = $"""
           UPDATE workflow
              SET modified        = ?2,
                  next_activation = ?2
            WHERE id = ?1
              AND status = 'IN_PROGRESS'
              AND NOT awaits_children
        RETURNING {SqliteRows.ChangeColumns}
        """;

    private const string KeepWake = """
        UPDATE workflow
           SET woken = 1
         WHERE id = ?1
           AND status IN ('EXECUTING', 'PAUSED')
        """;

    /// <summary>One open child less, or more; the last one makes a parent that awaits them due.</summary>
    public static void CountOpenChild(
        this SqliteReader statements,
        long? parentId,
        int by,
        DateTimeOffset now,
        List<WorkflowChange> changes
    )
    {
        if (parentId is { } id)
        {
            statements.Statement(CountChild).Bind(id).Bind(by).Run();
            Change(statements.Statement(JoinParent).Bind(id).Bind(now), changes);
        }
    }

    /// <summary>
    /// Makes the parent due. One that runs, or is paused, keeps the wake until it parks; one that awaits all its children is not
    /// disturbed.
    /// </summary>
    public static void WakeParentOf(
        this SqliteReader statements,
        long parentId,
        string childState,
        WriteBatch batch,
        List<WorkflowChange> changes
    )
    {
        Change(statements.Statement(WakeParent).Bind(parentId).Bind(batch.Now), changes);
        statements.Statement(KeepWake).Bind(parentId).Run();
        statements.Log(
            parentId,
            batch.ExecutorId,
            new NewAction(ActionTypes.ChildWake, childState, ActionTexts.ChildWake),
            batch.Now
        );
    }

    private static void Change(SqliteStatement update, List<WorkflowChange> changes)
    {
        while (update.Read())
        {
            changes.Add(StoredRows.ChangeInPlace(update));
        }
    }
}
