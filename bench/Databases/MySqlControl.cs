using GopherFlow.Authoring;
using GopherFlow.Bench.Runs;
using GopherFlow.Rules;
using GopherFlow.Stores.MySql;

namespace GopherFlow.Bench.Databases;

/// <summary>
/// The control on MariaDB: one connection, and for each transaction six statements of any number of rows, which come as JSON as
/// they do from the engine.
/// </summary>
internal sealed class MySqlControl(string connectionString) : IControl
{
    private const int Slot = 0;

    private const string Create = """
        INSERT INTO workflow
               (external_id, workflow_type, version, business_key, executor_group, priority, status, state,
                lease, executor_id, created, modified)
        SELECT external_id, @type, @version, 'bench', 'default', @priority, 'EXECUTING', @state, 1, 1, @now, @now
          FROM JSON_TABLE(@external_ids, '$[*]' COLUMNS (
                   external_id LONGTEXT CHARACTER SET utf8mb4 PATH '$')) AS created
        RETURNING id
        """;

    private const string Step = """
               UPDATE JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS stepping
        STRAIGHT_JOIN workflow AS w FORCE INDEX (PRIMARY) ON w.id = stepping.id
                  SET w.status          = @status,
                      w.state           = @state,
                      w.step            = w.step + 1,
                      w.execution_count = w.execution_count + 1,
                      w.executor_id     = @executor_id,
                      w.modified        = @now,
                      w.started         = coalesce(w.started, @now),
                      w.finished        = @finished
                WHERE w.lease = 1
        """;

    private const string Log = """
        INSERT INTO workflow_actions
               (workflow_id, executor_id, execution_count, retry_count, type, name, text, date_time)
        SELECT workflow_id, executor_id, execution_count, 0, type, name, text, @now
          FROM JSON_TABLE(@rows, '$[*]' COLUMNS (
                   workflow_id     BIGINT      PATH '$[0]',
                   executor_id     BIGINT      PATH '$[1]',
                   execution_count INT         PATH '$[2]',
                   type            VARCHAR(40) PATH '$[3]',
                   name            LONGTEXT CHARACTER SET utf8mb4 PATH '$[4]',
                   text            LONGTEXT CHARACTER SET utf8mb4 PATH '$[5]')) AS entered
        """;

    private const string Count = """
        INSERT INTO workflow_counts (workflow_type, version, state, status, slot, count)
        SELECT @type, @version, state, status, @slot, delta
          FROM JSON_TABLE(@rows, '$[*]' COLUMNS (
                   state  LONGTEXT CHARACTER SET utf8mb4 PATH '$[0]',
                   status VARCHAR(20) PATH '$[1]',
                   delta  BIGINT      PATH '$[2]')) AS changed
            ON DUPLICATE KEY UPDATE count = count + VALUES(count)
        """;

    private readonly MySqlDatabase database = new(connectionString);

    public async Task WriteAsync(int workflows, int perTransaction, string prefix)
    {
        List<long> created = [];
        List<long> stepped = [];
        for (var number = 0; number < workflows || created.Count > 0 || stepped.Count > 0; )
        {
            var count = Math.Min(perTransaction, workflows - number);
            var names = Enumerable.Range(number, count).Select(each => $"{prefix}-{each}").ToList();
            number += count;
            var (stepping, finishing) = (created, stepped);
            created = await database.WriteAsync(
                session => WriteOneAsync(session, names, stepping, finishing),
                CancellationToken.None
            );
            stepped = stepping;
        }
    }

    public void Dispose() => database.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static async Task<List<long>> WriteOneAsync(
        MySqlSession session,
        List<string> names,
        List<long> stepping,
        List<long> finishing
    )
    {
        var now = DateTimeOffset.UtcNow;
        var created = names.Count == 0 ? [] : await CreateAllAsync(session, names, now);
        await AdvanceAsync(session, stepping, ThreeStates.Second, WorkflowStatus.Executing, now);
        await AdvanceAsync(session, finishing, ThreeStates.Last, WorkflowStatus.Finished, now);
        await session.RunAsync(
            Log,
            ("@rows", MySqlArray.Of(Entries(created, stepping, finishing), row => row)),
            ("@now", now)
        );
        object?[][] counts =
        [
            [ThreeStates.First, WorkflowStatus.Executing.ToName(), created.Count - stepping.Count],
            [ThreeStates.Second, WorkflowStatus.Executing.ToName(), stepping.Count - finishing.Count],
            [ThreeStates.Last, WorkflowStatus.Finished.ToName(), finishing.Count],
        ];
        await session.RunAsync(
            Count,
            ("@rows", MySqlArray.Of(counts, row => row)),
            ("@type", ThreeStates.Name),
            ("@version", ThreeStates.Definition.Version),
            ("@slot", Slot)
        );
        return created;
    }

    private static Task<List<long>> CreateAllAsync(MySqlSession session, List<string> names, DateTimeOffset now) =>
        session.QueryAsync(
            Create,
            row => row.Number(),
            ("@external_ids", MySqlArray.Of(names)),
            ("@type", ThreeStates.Name),
            ("@version", ThreeStates.Definition.Version),
            ("@priority", WorkflowPriority.Default),
            ("@state", ThreeStates.First),
            ("@now", now)
        );

    private static async Task AdvanceAsync(
        MySqlSession session,
        List<long> ids,
        string state,
        WorkflowStatus status,
        DateTimeOffset now
    )
    {
        if (ids.Count > 0)
        {
            var isFinal = status == WorkflowStatus.Finished;
            await session.RunAsync(
                Step,
                ("@ids", MySqlArray.Of(ids)),
                ("@status", status.ToName()),
                ("@state", state),
                ("@executor_id", isFinal ? null : 1L),
                ("@now", now),
                ("@finished", isFinal ? now : null)
            );
        }
    }

    private static IEnumerable<object?[]> Entries(List<long> created, List<long> stepping, List<long> finishing) =>
        [
            .. created.Select(id => Entry(id, null, 0, ActionTypes.Created, ThreeStates.First, "Created")),
            .. stepping.Select(id => Transition(id, 1, ThreeStates.First, ThreeStates.Second)),
            .. finishing.Select(id => Transition(id, 2, ThreeStates.Second, ThreeStates.Last)),
            .. finishing.Select(id => Entry(id, 1, 2, ActionTypes.End, ThreeStates.Last, "workflow complete")),
        ];

    private static object?[] Transition(long id, int executionCount, string from, string to) =>
        Entry(id, 1, executionCount, ActionTypes.Transition, from, $"From {from} to {to}");

    private static object?[] Entry(
        long id,
        long? executor,
        int executionCount,
        string type,
        string name,
        string text
    ) => [id, executor, executionCount, type, name, text];
}
