using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// The statements by which every transaction reads and writes workflows: each takes any number of rows at once. Texts of a caller
/// are LONGTEXT in the arrays, for JSON_TABLE cuts what is too long without a word; so it is the table that refuses it.
/// </summary>
internal static class MySqlTables
{
    /// <summary>The join goes by the array, which is sorted: so all transactions lock in the order of ids.</summary>
    private const string LockWorkflows = $"""
                 SELECT {MySqlRows.HotColumns}, w.woken
                   FROM JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS wanted
          STRAIGHT_JOIN workflow AS w FORCE INDEX (PRIMARY) ON w.id = wanted.id
             FOR UPDATE
        """;

    private const string UpdateWorkflows = """
               UPDATE JSON_TABLE(@rows, '$[*]' COLUMNS (
                          id              BIGINT      PATH '$[0]',
                          status          VARCHAR(20) PATH '$[1]',
                          state           LONGTEXT CHARACTER SET utf8mb4 PATH '$[2]',
                          step            INT         PATH '$[3]',
                          retry_count     INT         PATH '$[4]',
                          execution_count INT         PATH '$[5]',
                          lease           BIGINT      PATH '$[6]',
                          executor_id     BIGINT      PATH '$[7]',
                          modified        BIGINT      PATH '$[8]',
                          next_activation BIGINT      PATH '$[9]',
                          started         BIGINT      PATH '$[10]',
                          finished        BIGINT      PATH '$[11]',
                          open_children   INT         PATH '$[12]',
                          awaits_children INT         PATH '$[13]',
                          woken           INT         PATH '$[14]')) AS changed
        STRAIGHT_JOIN workflow AS w FORCE INDEX (PRIMARY) ON w.id = changed.id
                  SET w.status          = changed.status,
                      w.state           = changed.state,
                      w.step            = changed.step,
                      w.retry_count     = changed.retry_count,
                      w.execution_count = changed.execution_count,
                      w.lease           = changed.lease,
                      w.executor_id     = changed.executor_id,
                      w.modified        = changed.modified,
                      w.next_activation = changed.next_activation,
                      w.started         = changed.started,
                      w.finished        = changed.finished,
                      w.open_children   = changed.open_children,
                      w.awaits_children = changed.awaits_children,
                      w.woken           = changed.woken
        """;

    private const string FindIds = """
               SELECT w.external_id, w.id
                 FROM JSON_TABLE(@external_ids, '$[*]' COLUMNS (
                          external_id LONGTEXT CHARACTER SET utf8mb4 PATH '$')) AS wanted
        STRAIGHT_JOIN workflow AS w FORCE INDEX (workflow_by_external_id)
                   ON w.external_id = CAST(wanted.external_id AS BINARY)
        """;

    private const string InsertWorkflows = """
        INSERT INTO workflow
               (external_id, workflow_type, version, business_key, executor_group, priority, status, state,
                lease, executor_id, created, modified, next_activation, parent_workflow_id)
        SELECT external_id, workflow_type, version, business_key, executor_group, priority, status, state,
               lease, executor_id, created, created, next_activation, parent_workflow_id
          FROM JSON_TABLE(@rows, '$[*]' COLUMNS (
                   external_id        LONGTEXT CHARACTER SET utf8mb4 PATH '$[0]',
                   workflow_type      LONGTEXT CHARACTER SET utf8mb4 PATH '$[1]',
                   version            LONGTEXT CHARACTER SET utf8mb4 PATH '$[2]',
                   business_key       LONGTEXT CHARACTER SET utf8mb4 PATH '$[3]',
                   executor_group     LONGTEXT CHARACTER SET utf8mb4 PATH '$[4]',
                   priority           INT         PATH '$[5]',
                   status             VARCHAR(20) PATH '$[6]',
                   state              LONGTEXT CHARACTER SET utf8mb4 PATH '$[7]',
                   lease              BIGINT      PATH '$[8]',
                   executor_id        BIGINT      PATH '$[9]',
                   created            BIGINT      PATH '$[10]',
                   next_activation    BIGINT      PATH '$[11]',
                   parent_workflow_id BIGINT      PATH '$[12]')) AS created
        """;

    private const string ReadVariables = """
               SELECT v.workflow_id, v.state_vars
                 FROM JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS wanted
        STRAIGHT_JOIN workflow_variables AS v FORCE INDEX (PRIMARY) ON v.workflow_id = wanted.id
        """;

    private const string SetVariables = """
        INSERT INTO workflow_variables (workflow_id, state_vars)
        SELECT workflow_id, state_vars
          FROM JSON_TABLE(@rows, '$[*]' COLUMNS (
                   workflow_id BIGINT PATH '$[0]',
                   state_vars  LONGTEXT CHARACTER SET utf8mb4 PATH '$[1]')) AS changed
            ON DUPLICATE KEY UPDATE state_vars = VALUES(state_vars)
        """;

    private const string InsertActions = """
        INSERT INTO workflow_actions
               (workflow_id, executor_id, execution_count, retry_count, type, name, text, date_time)
        SELECT workflow_id, executor_id, execution_count, retry_count, type, name, text, date_time
          FROM JSON_TABLE(@rows, '$[*]' COLUMNS (
                   workflow_id     BIGINT      PATH '$[0]',
                   executor_id     BIGINT      PATH '$[1]',
                   execution_count INT         PATH '$[2]',
                   retry_count     INT         PATH '$[3]',
                   type            VARCHAR(40) PATH '$[4]',
                   name            LONGTEXT CHARACTER SET utf8mb4 PATH '$[5]',
                   text            LONGTEXT CHARACTER SET utf8mb4 PATH '$[6]',
                   date_time       BIGINT      PATH '$[7]')) AS entered
        """;

    private const string AddToCounts = """
        INSERT INTO workflow_counts (workflow_type, version, state, status, slot, count)
        SELECT workflow_type, version, state, status, @slot, delta
          FROM JSON_TABLE(@rows, '$[*]' COLUMNS (
                   workflow_type LONGTEXT CHARACTER SET utf8mb4 PATH '$[0]',
                   version       LONGTEXT CHARACTER SET utf8mb4 PATH '$[1]',
                   state         LONGTEXT CHARACTER SET utf8mb4 PATH '$[2]',
                   status        VARCHAR(20) PATH '$[3]',
                   delta         BIGINT      PATH '$[4]')) AS changed
            ON DUPLICATE KEY UPDATE count = count + VALUES(count)
        """;

    /// <summary>Locks workflows against every other transaction, and reads them without their variables.</summary>
    public static async Task<List<MySqlWorkflow>> LockAsync(this MySqlSession session, IEnumerable<long> ids)
    {
        long[] sorted = [.. ids.Distinct().Order()];
        return sorted.Length == 0
            ? []
            : await session.QueryAsync(
                LockWorkflows,
                row => new MySqlWorkflow(StoredRows.WithoutVariables(row), Woken: row.Flag()),
                ("@ids", MySqlArray.Of(sorted))
            );
    }

    /// <summary>Writes workflows as they are now.</summary>
    public static async Task UpdateAsync(this MySqlSession session, IReadOnlyCollection<MySqlWorkflow> workflows)
    {
        if (workflows.Count > 0)
        {
            await session.RunAsync(
                UpdateWorkflows,
                ("@rows", MySqlArray.Of(workflows.OrderBy(row => row.Record.Id), Columns))
            );
        }
    }

    /// <summary>The ids of the workflows that have one of these external ids.</summary>
    public static async Task<Dictionary<string, long>> IdsOfAsync(
        this MySqlSession session,
        IReadOnlyCollection<string> externalIds
    ) =>
        externalIds.Count == 0
            ? []
            : (
                await session.QueryAsync(
                    FindIds,
                    row => KeyValuePair.Create(row.Text(), row.Number()),
                    ("@external_ids", MySqlArray.Of(externalIds))
                )
            )
                .DistinctBy(found => found.Key)
                .ToDictionary(StringComparer.Ordinal);

    /// <summary>Inserts workflows whose external ids were found free, and enters their ids.</summary>
    /// <exception cref="ExternalIdRaceException">Another transaction has taken one of them meanwhile.</exception>
    public static async Task InsertAsync(
        this MySqlSession session,
        IReadOnlyList<MySqlNewWorkflow> workflows,
        DateTimeOffset now
    )
    {
        if (workflows.Count == 0)
        {
            return;
        }

        try
        {
            await session.RunAsync(
                InsertWorkflows,
                ("@rows", MySqlArray.Of(workflows, created => created.Columns(now)))
            );
        }
        catch (Exception trouble) when (MySqlDriver.IsDuplicate(trouble))
        {
            throw new ExternalIdRaceException(trouble);
        }

        var ids = await session.IdsOfAsync([.. workflows.Select(created => created.Workflow.ExternalId)]);
        foreach (var created in workflows)
        {
            created.Id = ids[created.Workflow.ExternalId];
        }
    }

    /// <summary>The variables of those workflows that have any.</summary>
    public static async Task<Dictionary<long, string>> VariablesOfAsync(
        this MySqlSession session,
        IReadOnlyCollection<long> ids
    ) =>
        ids.Count == 0
            ? []
            : (
                await session.QueryAsync(
                    ReadVariables,
                    row => KeyValuePair.Create(row.Number(), row.Text()),
                    ("@ids", MySqlArray.Of(ids))
                )
            ).ToDictionary();

    /// <summary>Sets the variables of workflows.</summary>
    public static async Task SetAsync(this MySqlSession session, IReadOnlyDictionary<long, string> variables)
    {
        if (variables.Count > 0)
        {
            await session.RunAsync(SetVariables, ("@rows", MySqlArray.Of(variables, set => [set.Key, set.Value])));
        }
    }

    /// <summary>Enters lines into the history, in their order.</summary>
    public static async Task EnterAsync(this MySqlSession session, IReadOnlyCollection<ActionRecord> actions)
    {
        if (actions.Count > 0)
        {
            await session.RunAsync(InsertActions, ("@rows", MySqlArray.Of(actions, Columns)));
        }
    }

    /// <summary>Adds to the counts, always in the same order, so that no two transactions wait for each other in a circle.</summary>
    public static async Task AddAsync(this MySqlSession session, CountDeltas deltas)
    {
        object?[][] rows =
        [
            .. deltas
                .NonZero.OrderBy(delta => delta.Key.WorkflowType, StringComparer.Ordinal)
                .ThenBy(delta => delta.Key.Version, StringComparer.Ordinal)
                .ThenBy(delta => delta.Key.State, StringComparer.Ordinal)
                .ThenBy(delta => delta.Key.Status)
                .Select(delta =>
                    new object?[]
                    {
                        delta.Key.WorkflowType,
                        delta.Key.Version,
                        delta.Key.State,
                        delta.Key.Status.ToName(),
                        delta.Value,
                    }
                ),
        ];
        if (rows.Length > 0)
        {
            await session.RunAsync(
                AddToCounts,
                ("@rows", MySqlArray.Of(rows, row => row)),
                ("@slot", session.CountSlot)
            );
        }
    }

    private static object?[] Columns(MySqlWorkflow workflow)
    {
        var row = workflow.Record;
        return
        [
            row.Id,
            row.Status.ToName(),
            row.State,
            row.Step,
            row.RetryCount,
            row.ExecutionCount,
            row.Lease,
            row.ExecutorId,
            row.Modified,
            row.NextActivation,
            row.Started,
            row.Finished,
            row.OpenChildren,
            row.AwaitsChildren,
            workflow.Woken,
        ];
    }

    private static object?[] Columns(ActionRecord action) =>
        [
            action.WorkflowId,
            action.ExecutorId,
            action.ExecutionCount,
            action.RetryCount,
            action.Type,
            action.Name,
            action.Text,
            action.DateTime,
        ];
}
