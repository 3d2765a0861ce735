using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Bench.Runs;
using GopherFlow.Rules;
using GopherFlow.Stores.MySql;
using MySqlConnector;

namespace GopherFlow.Bench.Databases;

/// <summary>
/// The control on MariaDB: one connection, and for each transaction one batch of statements of any number of rows, which come as JSON
/// as they do from the engine.
/// </summary>
internal sealed class MySqlControl(string connectionString) : IControl
{
    private const int Slot = 0;

    private const string Create = """
        INSERT INTO workflow (external_id, workflow_type, business_key, created, token)
        SELECT external_id, @type, 'bench', @now, 1
          FROM JSON_TABLE(@rows, '$[*]' COLUMNS (
                   external_id LONGTEXT CHARACTER SET utf8mb4 PATH '$[0]')) AS created
        """;

    private const string FirstId = "SELECT LAST_INSERT_ID()";

    private const string Begin = """
        INSERT INTO workflow_run
               (id, workflow_type, version, executor_group, priority, status, state, step, retry_count, execution_count, lease,
                revision, executor_id, modified, open_children, awaits_children, woken)
        SELECT LAST_INSERT_ID() + number - 1, @type, @version, 'default', @priority, 'EXECUTING', @state, 0, 0, 0, 1,
               0, 1, @now, 0, 0, 0
          FROM JSON_TABLE(@rows, '$[*]' COLUMNS (number FOR ORDINALITY)) AS created
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
               (workflow_id, executor_id, execution_count, retry_count, type, name, text, date_time)
        SELECT coalesce(workflow_id, LAST_INSERT_ID() + place), executor_id, execution_count, 0, type, name, text, @now
          FROM JSON_TABLE(@rows, '$[*]' COLUMNS (
                   workflow_id     BIGINT      PATH '$[0]',
                   place           INT         PATH '$[1]',
                   executor_id     BIGINT      PATH '$[2]',
                   execution_count INT         PATH '$[3]',
                   type            VARCHAR(40) PATH '$[4]',
                   name            LONGTEXT CHARACTER SET utf8mb4 PATH '$[5]',
                   text            LONGTEXT CHARACTER SET utf8mb4 PATH '$[6]')) AS entered
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

    private readonly MySqlDatabase database = new(connectionString, clock: null);

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
        await using var batch = new MySqlBatch(connection);
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
            OfType(batch.Statement(Finish)).With("@ids", ids).With("@state", ThreeStates.Last).With("@now", now);
        }

        batch.Statement(Log).WithRows(Entries(names.Length, stepping, finishing), Add).With("@now", now);
        OfType(batch.Statement(Count))
            .WithRows(
                [
                    (ThreeStates.First, WorkflowStatus.Executing, names.Length - stepping.Length),
                    (ThreeStates.Second, WorkflowStatus.Executing, stepping.Length - finishing.Length),
                    (ThreeStates.Last, WorkflowStatus.Finished, finishing.Length),
                ],
                Add
            )
            .With("@slot", Slot);
        batch.Statement(MySqlStatements.Commit);
        await using var reader = await batch.ExecuteReaderAsync();
        var first = names.Length == 0 ? [] : await reader.ReadAllAsync(row => row.Number(), CancellationToken.None);
        await reader.FinishAsync(CancellationToken.None);
        return [.. Enumerable.Range(0, names.Length).Select(place => first[0] + place)];
    }

    private static void AddCreates(MySqlBatch batch, string[] names, DateTimeOffset now)
    {
        batch
            .Statement(Create)
            .WithRows(names, static (json, name) => json.Add(name))
            .With("@type", ThreeStates.Name)
            .With("@now", now);
        batch.Statement(FirstId);
        OfType(batch.Statement(Begin))
            .WithRows(names, static (_, _) => { })
            .With("@state", ThreeStates.First)
            .With("@now", now);
    }

    private static MySqlBatchCommand OfType(MySqlBatchCommand statement) =>
        statement
            .With("@type", ThreeStates.Name)
            .With("@version", ThreeStates.Definition.Version)
            .With("@priority", WorkflowPriority.Default);

    private static Entry[] Entries(int created, long[] stepping, long[] finishing) =>
        [
            .. Enumerable
                .Range(0, created)
                .Select(place => new Entry(null, place, null, 0, ActionTypes.Created, ThreeStates.First, "Created")),
            .. stepping.Select(id => Transition(id, 1, ThreeStates.First, ThreeStates.Second)),
            .. finishing.Select(id => Transition(id, 2, ThreeStates.Second, ThreeStates.Last)),
            .. finishing.Select(id => new Entry(
                id,
                null,
                1,
                2,
                ActionTypes.End,
                ThreeStates.Last,
                "workflow complete"
            )),
        ];

    private static Entry Transition(long id, int executionCount, string from, string to) =>
        new(id, null, 1, executionCount, ActionTypes.Transition, from, $"From {from} to {to}");

    private static void Add(Utf8JsonWriter json, Entry entry)
    {
        json.Add(entry.Id);
        json.Add(entry.Place);
        json.Add(entry.Executor);
        json.Add(entry.ExecutionCount);
        json.Add(entry.Type);
        json.Add(entry.Name);
        json.Add(entry.Text);
    }

    private static void Add(Utf8JsonWriter json, (string State, WorkflowStatus Status, int Delta) count)
    {
        json.Add(count.State);
        json.Add(count.Status.ToName());
        json.Add(count.Delta);
    }

    private sealed record Entry(
        long? Id,
        long? Place,
        long? Executor,
        int ExecutionCount,
        string Type,
        string Name,
        string Text
    );
}
