using GopherFlow.Authoring;
using GopherFlow.Bench.Runs;
using GopherFlow.Rules;
using GopherFlow.Stores.Sqlite;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Bench.Databases;

/// <summary>The control on SQLite: one connection, prepared statements, one thread.</summary>
internal sealed class SqliteControl : IControl
{
    private const string InsertWorkflow = """
        INSERT INTO workflow (external_id, workflow_type, business_key, parent_workflow_id, created, token)
        VALUES (?1, ?2, ?3, NULL, ?4, 0)
        """;

    private const string InsertRun = """
        INSERT INTO workflow_run
               (id, workflow_type, version, executor_group, priority, status, state, step, retry_count, execution_count,
                lease, revision, executor_id, modified, next_activation, started, open_children, awaits_children, woken)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, 0, 1, 0, ?8, ?9, NULL, NULL, 0, 0, 0)
        """;

    private const string UpdateRun = """
        UPDATE workflow_run
           SET state           = ?3,
               step            = step + 1,
               execution_count = execution_count + 1,
               revision        = revision + 1,
               modified        = ?4,
               started         = coalesce(started, ?4)
         WHERE id = ?1
           AND lease = ?2
        """;

    private const string InsertResult = """
        INSERT INTO workflow_result
               (id, version, executor_group, priority, status, state, step, retry_count, execution_count,
                lease, revision, modified, started, finished, open_children)
        SELECT id, version, executor_group, priority, ?3, ?4, step + 1, retry_count, execution_count + 1,
               lease, revision + 1, ?5, started, ?5, open_children
          FROM workflow_run
         WHERE id = ?1
           AND lease = ?2
        """;

    private const string DeleteRun = """
        DELETE FROM workflow_run
         WHERE id = ?1
        """;

    private const string InsertAction = """
        INSERT INTO workflow_actions
               (workflow_id, executor_id, kind, from_state, to_state, status, step, execution_count, retry_count, duration,
                date_time)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, ?10)
        """;

    private const string AddToCount = """
        INSERT INTO workflow_counts (workflow_type, version, state, status, count)
        VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (workflow_type, version, state, status) DO UPDATE SET count = count + excluded.count
        """;

    private readonly SqliteConnection connection;
    private readonly SqliteStatement insertWorkflow;
    private readonly SqliteStatement insertRun;
    private readonly SqliteStatement updateRun;
    private readonly SqliteStatement insertResult;
    private readonly SqliteStatement deleteRun;
    private readonly SqliteStatement insertAction;
    private readonly SqliteStatement addToCount;

    public SqliteControl(string file, SqliteSynchronous synchronous)
    {
        connection = SqliteDatabase.Connect(file, synchronous);
        SqliteMigrations.Apply(connection);
        insertWorkflow = new SqliteStatement(connection, InsertWorkflow);
        insertRun = new SqliteStatement(connection, InsertRun);
        updateRun = new SqliteStatement(connection, UpdateRun);
        insertResult = new SqliteStatement(connection, InsertResult);
        deleteRun = new SqliteStatement(connection, DeleteRun);
        insertAction = new SqliteStatement(connection, InsertAction);
        addToCount = new SqliteStatement(connection, AddToCount);
    }

    public Task WriteAsync(int workflows, int perTransaction, string prefix)
    {
        Write(workflows, perTransaction, prefix);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        insertWorkflow.Dispose();
        insertRun.Dispose();
        updateRun.Dispose();
        insertResult.Dispose();
        deleteRun.Dispose();
        insertAction.Dispose();
        addToCount.Dispose();
        connection.Dispose();
    }

    private void Write(int workflows, int perTransaction, string prefix)
    {
        List<long> created = [];
        List<long> stepped = [];
        for (var number = 0; number < workflows || created.Count > 0 || stepped.Count > 0; )
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            var count = Math.Min(perTransaction, workflows - number);
            var finished = stepped;
            stepped = created;
            created = [];
            for (var each = 0; each < count; each++)
            {
                created.Add(Create($"{prefix}-{++number}"));
            }

            stepped.ForEach(id => Step(id, 1, ThreeStates.First, ThreeStates.Second, final: false));
            finished.ForEach(id => Step(id, 2, ThreeStates.Second, ThreeStates.Last, final: true));
            Count(ThreeStates.First, WorkflowStatus.Executing, created.Count - stepped.Count);
            Count(ThreeStates.Second, WorkflowStatus.Executing, stepped.Count - finished.Count);
            Count(ThreeStates.Last, WorkflowStatus.Finished, finished.Count);
            transaction.Commit();
        }
    }

    private long Create(string externalId)
    {
        var now = DateTimeOffset.UtcNow;
        insertWorkflow.Begin().With(externalId).With(ThreeStates.Name).With("bench").With(now).Run();
        var id = SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle);
        insertRun
            .Begin()
            .With(id)
            .With(ThreeStates.Name)
            .With(ThreeStates.Definition.Version)
            .With("default")
            .With(WorkflowPriority.Default)
            .With(WorkflowStatus.Executing.ToName())
            .With(ThreeStates.First)
            .With(1L)
            .With(now)
            .Run();
        Log(id, 0, HistoryKind.Created, null, ThreeStates.First, WorkflowStatus.Executing, now);
        return id;
    }

    private void Step(long id, int executionCount, string from, string to, bool final)
    {
        var now = DateTimeOffset.UtcNow;
        if (final)
        {
            insertResult.Begin().With(id).With(1L).With(WorkflowStatus.Finished.ToName()).With(to).With(now).Run();
            deleteRun.Begin().With(id).Run();
        }
        else
        {
            updateRun.Begin().With(id).With(1L).With(to).With(now).Run();
        }

        var status = final ? WorkflowStatus.Finished : WorkflowStatus.Executing;
        Log(id, executionCount, HistoryKind.Transition, from, to, status, now);
    }

    private void Log(
        long id,
        int executionCount,
        HistoryKind kind,
        string? from,
        string to,
        WorkflowStatus status,
        DateTimeOffset now
    ) =>
        insertAction
            .Begin()
            .With(id)
            .With(1L)
            .With(kind.ToName())
            .With(from)
            .With(to)
            .With(status.ToName())
            .With(Math.Max(executionCount - 1, 0))
            .With(executionCount)
            .With(1L)
            .With(now)
            .Run();

    private void Count(string state, WorkflowStatus status, long delta) =>
        addToCount
            .Begin()
            .With(ThreeStates.Name)
            .With(ThreeStates.Definition.Version)
            .With(state)
            .With(status.ToName())
            .With(delta)
            .Run();
}
