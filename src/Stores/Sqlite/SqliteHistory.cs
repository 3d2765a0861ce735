using GopherFlow.Storage;

namespace GopherFlow.Stores.Sqlite;

/// <summary>Writes history entries and counts; part of every transaction that changes a workflow.</summary>
internal static class SqliteHistory
{
    private const string InsertAction = """
        INSERT INTO workflow_actions
               (workflow_id, executor_id, execution_count, retry_count, type, name, text, date_time)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """;

    private const string InsertActionOfStored = """
        INSERT INTO workflow_actions
               (workflow_id, executor_id, execution_count, retry_count, type, name, text, date_time)
        SELECT id, ?2, execution_count, retry_count, ?3, ?4, ?5, ?6
          FROM workflow
         WHERE id = ?1
        """;

    private const string AddToCount = """
        INSERT INTO workflow_counts (workflow_type, version, state, status, count)
        VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (workflow_type, version, state, status) DO UPDATE SET count = count + excluded.count
        """;

    /// <summary>Enters a line whose attempt and retry are known.</summary>
    public static void Log(
        this SqliteReader statements,
        long workflowId,
        long? executorId,
        int executionCount,
        int retryCount,
        NewAction action,
        DateTimeOffset now
    ) =>
        statements
            .Statement(InsertAction)
            .Bind(workflowId)
            .Bind(executorId)
            .Bind(executionCount)
            .Bind(retryCount)
            .Bind(action.Type)
            .Bind(action.Name)
            .Bind(action.Text)
            .Bind(now)
            .Run();

    /// <summary>Enters a line with the attempt and retry that the workflow has now.</summary>
    public static void Log(
        this SqliteReader statements,
        long workflowId,
        long? executorId,
        NewAction action,
        DateTimeOffset now
    ) =>
        statements
            .Statement(InsertActionOfStored)
            .Bind(workflowId)
            .Bind(executorId)
            .Bind(action.Type)
            .Bind(action.Name)
            .Bind(action.Text)
            .Bind(now)
            .Run();

    /// <summary>Writes what was gathered.</summary>
    public static void Apply(this SqliteReader statements, CountDeltas deltas)
    {
        foreach (var (key, delta) in deltas.NonZero)
        {
            statements
                .Statement(AddToCount)
                .Bind(key.WorkflowType)
                .Bind(key.Version)
                .Bind(key.State)
                .Bind(Authoring.WorkflowStatusNames.ToName(key.Status))
                .Bind(delta)
                .Run();
        }
    }
}
