namespace GopherFlow.Storage.Sql;

/// <summary>Reads the history of workflows.</summary>
internal sealed class SqlHistory(ISqlDatabase database)
{
    internal const string NewestFirst = $"""
          SELECT {StoredRows.ActionColumns}
            FROM workflow_actions
           WHERE workflow_id = @workflow
             AND id < @before
        ORDER BY id DESC
           LIMIT @limit
        """;

    internal const string OldestFirst = $"""
          SELECT {StoredRows.ActionColumns}
            FROM workflow_actions
           WHERE workflow_id = @workflow
             AND id > @after
             AND id < @before
        ORDER BY id
           LIMIT @limit
        """;

    private const string Traced = """
          SELECT id, changes
            FROM workflow_actions
           WHERE workflow_id = @workflow
             AND id <= @up_to
             AND changes IS NOT NULL
        ORDER BY id
        """;

    private readonly string sums = Sums(database.Dialect);

    /// <summary>
    /// The time that a workflow spent in a state is the difference between entering and leaving it. So it is enough to add up the instants
    /// of both: no entry has to be matched with the one before it.
    /// </summary>
    internal static string Sums(SqlDialect dialect) =>
        $"""
              SELECT a.kind, {dialect.OfGroup("a.from_state")}, {dialect.OfGroup(
                "a.to_state"
            )}, count(*), min(a.id), max(a.id), max(a.date_time),
                     {dialect.Whole($"sum({dialect.MillisecondsBetween("w.created", "a.date_time")})")},
                     {dialect.Whole("sum(a.duration)")}
                FROM workflow_actions AS a
                JOIN workflow AS w ON w.id = a.workflow_id
               WHERE a.workflow_id = @workflow
            GROUP BY a.kind, {dialect.GroupKey("a.from_state")}, {dialect.GroupKey("a.to_state")}
            """;

    public Task<IReadOnlyList<ActionRecord>> ActionsAsync(ActionSearch search, CancellationToken cancellation)
    {
        var before = ("@before", (object?)(search.BeforeId ?? long.MaxValue));
        return search.AfterId is { } after
            ? database.AllAsync(
                OldestFirst,
                StoredRows.Action,
                cancellation,
                ("@workflow", search.WorkflowId),
                before,
                ("@limit", search.Limit),
                ("@after", after)
            )
            : database.AllAsync(
                NewestFirst,
                StoredRows.Action,
                cancellation,
                ("@workflow", search.WorkflowId),
                before,
                ("@limit", search.Limit)
            );
    }

    public Task<IReadOnlyList<HistorySum>> SumsAsync(long workflowId, CancellationToken cancellation) =>
        database.AllAsync(sums, StoredRows.HistorySum, cancellation, ("@workflow", workflowId));

    public Task<IReadOnlyList<TracedChange>> TracedChangesAsync(
        long workflowId,
        long upTo,
        CancellationToken cancellation
    ) => database.AllAsync(Traced, StoredRows.TracedChange, cancellation, ("@workflow", workflowId), ("@up_to", upTo));
}
