namespace GopherFlow.Persistence.Sqlite;

/// <summary>What a child's commit does to its parent.</summary>
internal static class SqliteParents
{
    private const string CountChild = $"""
           UPDATE workflow
              SET open_children   = open_children + ?2,
                  modified        = CASE WHEN awaits_children AND open_children + ?2 = 0 THEN ?3 ELSE modified END,
                  next_activation = CASE WHEN awaits_children AND open_children + ?2 = 0 THEN ?3 ELSE next_activation END,
                  awaits_children = awaits_children AND open_children + ?2 <> 0
            WHERE id = ?1
        RETURNING next_activation IS ?3, {SqliteRows.ChangeColumns}
        """;

    private const string WakeParent = $"""
           UPDATE workflow
              SET modified        = CASE WHEN status = 'IN_PROGRESS' AND NOT awaits_children THEN ?2 ELSE modified END,
                  next_activation = CASE WHEN status = 'IN_PROGRESS' AND NOT awaits_children THEN ?2 ELSE next_activation END,
                  woken           = woken OR status IN ('EXECUTING', 'PAUSED')
            WHERE id = ?1
        RETURNING next_activation IS ?2, {SqliteRows.ChangeColumns}
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
            Change(statements.Statement(CountChild).Bind(id).Bind(by).Bind(now), changes);
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
            if (update.Flag())
            {
                changes.Add(SqliteRows.ChangeInPlace(update));
            }
        }
    }
}
