using GopherFlow.Authoring;
using GopherFlow.Bench.Runs;
using GopherFlow.Rules;
using GopherFlow.Stores.MySql;
using MySqlConnector;

namespace GopherFlow.Bench.Databases;

/// <summary>
/// The control on MariaDB: one connection, and one batch of multi-row statements per transaction.
/// </summary>
internal sealed class MySqlControl(string connectionString) : IControl
{
    private const int Slot = 0;

    private const string Create = "INSERT INTO workflow (external_id, workflow_type, business_key, created, token)";

    private const string FirstId = "SELECT LAST_INSERT_ID()";

    private const string Begin = """
        INSERT INTO workflow_run
               (id, workflow_type, version, executor_group, priority, status, state, step, retry_count, execution_count, lease,
                revision, executor_id, modified, open_children, awaits_children, woken)
        """;

    private const string Step = """
               UPDATE JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS stepping
        STRAIGHT_JOIN workflow_run AS r FORCE INDEX (PRIMARY) ON r.id = stepping.id
                  SET r.state           = @state,
                      r.step            = r.step + 1,
                      r.execution_count = r.execution_count + 1,
                      r.revision        = r.revision + 1,
                      r.modified        = @now,
                      r.started         = @now
                WHERE r.lease = 1
        """;

    private const string Leave = """
               DELETE r
                 FROM JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS finishing
        STRAIGHT_JOIN workflow_run AS r FORCE INDEX (PRIMARY) ON r.id = finishing.id
                WHERE r.lease = 1
        """;

    private const string Finish = """
        INSERT INTO workflow_result
               (id, version, executor_group, priority, status, state, step, retry_count, execution_count, lease, revision,
                modified, started, finished, open_children)
        SELECT id, @version, 'default', @priority, 'FINISHED', @state, 2, 0, 2, 1, 2, @now, @now, @now, 0
          FROM JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS finishing
        """;

    private const string Log = """
        INSERT INTO workflow_actions
               (workflow_id, executor_id, kind, from_state, to_state, status, step, execution_count, retry_count, duration,
                date_time)
        """;

    private const string Count = "INSERT INTO workflow_counts (workflow_type, version, state, status, slot, count)";

    private const string AddToCount = "ON DUPLICATE KEY UPDATE count = count + VALUES(count)";

    private readonly MySqlDatabase database = new(connectionString);

    public Task WriteAsync(int workflows, int perTransaction, string prefix) =>
        database.Work.RunAsync(
            connection => WriteAsync(connection, workflows, perTransaction, prefix),
            CancellationToken.None
        );

    public void Dispose() => database.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static async Task<bool> WriteAsync(
        MySqlConnection connection,
        int workflows,
        int perTransaction,
        string prefix
    )
    {
        long[] created = [];
        long[] stepped = [];
        for (var number = 0; number < workflows || created.Length > 0 || stepped.Length > 0; )
        {
            var count = Math.Min(perTransaction, workflows - number);
            var names = Enumerable.Range(number, count).Select(each => $"{prefix}-{each}").ToArray();
            number += count;
            var (stepping, finishing) = (created, stepped);
            created = await TransactionAsync(connection, names, stepping, finishing);
            stepped = stepping;
        }

        return true;
    }

    private static async Task<long[]> TransactionAsync(
        MySqlConnection connection,
        string[] names,
        long[] stepping,
        long[] finishing
    )
    {
        var now = DateTimeOffset.UtcNow;
        await using var batch = new MySqlStatements(connection, MySqlSessions.Dialect);
        batch.Statement(MySqlStatements.Begin);
        if (names.Length > 0)
        {
            AddCreates(batch, names, now);
        }

        if (stepping.Length > 0)
        {
            batch
                .Statement(Step)
                .With("@ids", MySqlJson.Of(stepping))
                .With("@state", ThreeStates.Second)
                .With("@now", now);
        }

        if (finishing.Length > 0)
        {
            var ids = MySqlJson.Of(finishing);
            batch.Statement(Leave).With("@ids", ids);
            batch
                .Statement(Finish)
                .With("@ids", ids)
                .With("@version", ThreeStates.Definition.Version)
                .With("@priority", WorkflowPriority.Default)
                .With("@state", ThreeStates.Last)
                .With("@now", now);
        }

        AddEntries(batch, names.Length, stepping, finishing, now);
        AddCounts(batch, names.Length, stepping.Length, finishing.Length);
        batch.Statement(MySqlStatements.Commit);
        var first = await batch.ReadAllAsync(row => row.Number(), CancellationToken.None);
        return [.. Enumerable.Range(0, names.Length).Select(place => first[0] + place)];
    }

    private static void AddCreates(MySqlStatements batch, string[] names, DateTimeOffset now)
    {
        var create = new MySqlValues(batch, Create);
        foreach (var name in names)
        {
            create.Row().With(name).With(ThreeStates.Name).With("bench").With(now).With(1);
        }

        create.End();
        batch.Statement(FirstId);
        var begin = new MySqlValues(batch, Begin);
        for (var place = 0; place < names.Length; place++)
        {
            begin
                .Row()
                .WithNewId(place)
                .With(ThreeStates.Name)
                .With(ThreeStates.Definition.Version)
                .With("default")
                .With(WorkflowPriority.Default)
                .With(WorkflowStatus.Executing.ToName())
                .With(ThreeStates.First)
                .With(0)
                .With(0)
                .With(0)
                .With(1)
                .With(0)
                .With(1)
                .With(now)
                .With(0)
                .With(0)
                .With(0);
        }

        begin.End();
    }

    private static void AddEntries(
        MySqlStatements batch,
        int created,
        long[] stepping,
        long[] finishing,
        DateTimeOffset now
    )
    {
        var log = new MySqlValues(batch, Log);
        for (var place = 0; place < created; place++)
        {
            AddEntry(log.Row().WithNewId(place), null, 0, null, ThreeStates.First, WorkflowStatus.Executing, now);
        }

        foreach (var id in stepping)
        {
            AddEntry(log.Row().With(id), 1, 1, ThreeStates.First, ThreeStates.Second, WorkflowStatus.Executing, now);
        }

        foreach (var id in finishing)
        {
            AddEntry(log.Row().With(id), 1, 2, ThreeStates.Second, ThreeStates.Last, WorkflowStatus.Finished, now);
        }

        log.End();
    }

    private static void AddEntry(
        MySqlValues row,
        long? executor,
        int attempt,
        string? from,
        string to,
        WorkflowStatus status,
        DateTimeOffset now
    ) =>
        row.With(executor)
            .With((from is null ? HistoryKind.Created : HistoryKind.Transition).ToName())
            .With(from)
            .With(to)
            .With(status.ToName())
            .With(Math.Max(attempt - 1, 0))
            .With(attempt)
            .With(0)
            .With(from is null ? null : 1L)
            .With(now);

    private static void AddCounts(MySqlStatements batch, int created, int stepping, int finishing)
    {
        var count = new MySqlValues(batch, Count);
        AddCount(count.Row(), ThreeStates.First, WorkflowStatus.Executing, created - stepping);
        AddCount(count.Row(), ThreeStates.Second, WorkflowStatus.Executing, stepping - finishing);
        AddCount(count.Row(), ThreeStates.Last, WorkflowStatus.Finished, finishing);
        count.End(AddToCount);
    }

    private static void AddCount(MySqlValues row, string state, WorkflowStatus status, int delta) =>
        row.With(ThreeStates.Name)
            .With(ThreeStates.Definition.Version)
            .With(state)
            .With(status.ToName())
            .With(Slot)
            .With(delta);
}
