using GopherFlow.Authoring;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Locks the rows that a <see cref="FamilyPlan"/> is made from, and writes what comes of it.</summary>
internal static class PostgresFamilies
{
    /// <summary>In the order of ids, so that two transactions never wait for each other in a circle. A parent has the smaller one.</summary>
    private const string LockAll = """
          SELECT id, workflow_type, version, executor_group, status, state, step, retry_count, execution_count, lease,
                 executor_id, modified, next_activation, started, finished, parent_workflow_id, open_children,
                 awaits_children, woken
            FROM workflow
           WHERE id = ANY ($1)
        ORDER BY id
             FOR UPDATE
        """;

    private const string TakenExternalIds = """
        SELECT external_id
          FROM workflow
         WHERE external_id = ANY ($1)
        """;

    private const string NewIds = """
        SELECT nextval('workflow_id_seq')
          FROM generate_series(1, $1)
        """;

    internal const string UpdateAll = """
        UPDATE workflow AS w
           SET status          = given.status,
               state           = given.state,
               step            = given.step,
               retry_count     = given.retry_count,
               execution_count = given.execution_count,
               lease           = given.lease,
               executor_id     = given.executor_id,
               modified        = given.modified,
               next_activation = given.next_activation,
               started         = given.started,
               finished        = given.finished,
               open_children   = given.open_children,
               awaits_children = given.awaits_children,
               woken           = given.woken
          FROM unnest($1::bigint[], $2::text[], $3::text[], $4::integer[], $5::integer[], $6::integer[], $7::bigint[],
                      $8::bigint[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[],
                      $13::integer[], $14::boolean[], $15::boolean[])
            AS given (id, status, state, step, retry_count, execution_count, lease, executor_id, modified,
                      next_activation, started, finished, open_children, awaits_children, woken)
         WHERE w.id = ANY (ARRAY[given.id])
        """;

    private const string InsertChildren = """
        INSERT INTO workflow
               (id, external_id, workflow_type, version, business_key, executor_group, priority, status, state, lease,
                executor_id, created, modified, next_activation, parent_workflow_id)
          SELECT id, external_id, workflow_type, version, business_key, executor_group, priority,
                 CASE WHEN executor_id IS NULL THEN 'NEW' ELSE 'EXECUTING' END,
                 state,
                 CASE WHEN executor_id IS NULL THEN 0 ELSE 1 END,
                 executor_id, $12, $12,
                 CASE WHEN executor_id IS NULL THEN next_activation END,
                 parent_workflow_id
            FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[],
                        $8::text[], $9::bigint[], $10::timestamptz[], $11::bigint[])
              AS given (id, external_id, workflow_type, version, business_key, executor_group, priority, state,
                        executor_id, next_activation, parent_workflow_id)
        ORDER BY external_id COLLATE "C"
        """;

    private const string SetVariables = """
        INSERT INTO workflow_variables (workflow_id, state_vars)
          SELECT workflow_id, state_vars
            FROM unnest($1::bigint[], $2::text[]) AS given (workflow_id, state_vars)
        ORDER BY workflow_id
              ON CONFLICT (workflow_id) DO UPDATE SET state_vars = excluded.state_vars
        """;

    private const string InsertActions = """
        INSERT INTO workflow_actions
               (workflow_id, executor_id, execution_count, retry_count, type, name, text, date_time)
          SELECT workflow_id, executor_id, execution_count, retry_count, type, name, text, $8
            FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::integer[], $5::text[], $6::text[], $7::text[])
                 WITH ORDINALITY
              AS given (workflow_id, executor_id, execution_count, retry_count, type, name, text, place)
        ORDER BY place
        """;

    private const string CountAll = $"""
        INSERT INTO workflow_counts (workflow_type, version, state, status, slot, count)
          SELECT workflow_type, version, state, status, {PostgresCounts.Slot}, by
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
              AS given (workflow_type, version, state, status, by)
        ORDER BY workflow_type COLLATE "C", version COLLATE "C", state COLLATE "C", status COLLATE "C"
        {PostgresCounts.AddToSlot}
        """;

    /// <summary>Locks workflows until the transaction ends, and gives them as they are then.</summary>
    public static async Task<Dictionary<long, LockedWorkflow>> LockAsync(
        NpgsqlConnection connection,
        long[] ids,
        CancellationToken cancellation
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.AddLocks(ids);
        return (await batch.ReadAllAsync(Locked, cancellation)).ToDictionary(row => row.Id);
    }

    /// <summary>Locks the workflows of steps and their parents, and finds out all else that a plan needs.</summary>
    public static async Task<(
        Dictionary<long, LockedWorkflow> Locked,
        HashSet<string> TakenExternalIds,
        Queue<long> NewIds
    )> LockAsync(NpgsqlConnection connection, IReadOnlyList<StepCommit> steps, CancellationToken cancellation)
    {
        NewWorkflow[] children = [.. steps.SelectMany(step => step.Children)];
        await using var batch = new NpgsqlBatch(connection);
        batch.AddLocks([
            .. steps
                .Select(step => step.Before.Id)
                .Concat(steps.Select(step => step.Before.ParentWorkflowId).OfType<long>())
                .Distinct(),
        ]);
        if (children.Length > 0)
        {
            batch.Statement(TakenExternalIds).With(children.Column(child => child.ExternalId));
            batch.Statement(NewIds).With(children.Length);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var locked = (await reader.ReadAllAsync(Locked, cancellation)).ToDictionary(row => row.Id);
        await reader.NextResultAsync(cancellation);
        var taken = await reader.ReadAllAsync(row => row.Text(), cancellation);
        await reader.NextResultAsync(cancellation);
        var ids = await reader.ReadAllAsync(row => row.Number(), cancellation);
        return (locked, taken.ToHashSet(StringComparer.Ordinal), new Queue<long>(ids.Order()));
    }

    /// <summary>Writes a plan, in one round trip.</summary>
    public static async Task WriteAsync(
        NpgsqlConnection connection,
        FamilyPlan plan,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        if (plan.Updates.Count > 0)
        {
            batch.AddUpdates([.. plan.Updates.Values.OrderBy(row => row.Id)]);
        }

        if (plan.Children.Count > 0)
        {
            batch.AddChildren(plan.Children, now);
        }

        KeyValuePair<long, string>[] variables =
        [
            .. plan.Variables,
            .. plan
                .Children.Where(child => child.Workflow.StateVars != Variables.EmptyJson)
                .Select(child => KeyValuePair.Create(child.Id, child.Workflow.StateVars)),
        ];
        if (variables.Length > 0)
        {
            batch
                .Statement(SetVariables)
                .With(variables.Column(pair => pair.Key))
                .With(variables.Column(pair => pair.Value));
        }

        if (plan.Actions.Count > 0)
        {
            batch.AddActions(plan.Actions, now);
        }

        KeyValuePair<CountKey, long>[] counts = [.. plan.Counts.NonZero];
        if (counts.Length > 0)
        {
            batch.AddCounts(counts);
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static void AddLocks(this NpgsqlBatch batch, long[] ids) => batch.Statement(LockAll).With(ids);

    private static void AddUpdates(this NpgsqlBatch batch, LockedWorkflow[] rows) =>
        batch
            .Statement(UpdateAll)
            .With(rows.Column(row => row.Id))
            .With(rows.Column(row => row.Status.ToName()))
            .With(rows.Column(row => row.State))
            .With(rows.Column(row => row.Step))
            .With(rows.Column(row => row.RetryCount))
            .With(rows.Column(row => row.ExecutionCount))
            .With(rows.Column(row => row.Lease))
            .With(rows.Column(row => row.ExecutorId))
            .With(rows.Column(row => row.Modified))
            .With(rows.Column(row => row.NextActivation))
            .With(rows.Column(row => row.Started))
            .With(rows.Column(row => row.Finished))
            .With(rows.Column(row => row.OpenChildren))
            .With(rows.Column(row => row.AwaitsChildren))
            .With(rows.Column(row => row.Woken));

    private static void AddChildren(this NpgsqlBatch batch, List<PlannedChild> children, DateTimeOffset now) =>
        batch
            .Statement(InsertChildren)
            .With(children.Column(child => child.Id))
            .With(children.Column(child => child.Workflow.ExternalId))
            .With(children.Column(child => child.Workflow.WorkflowType))
            .With(children.Column(child => child.Workflow.Version))
            .With(children.Column(child => child.Workflow.BusinessKey))
            .With(children.Column(child => child.Workflow.ExecutorGroup))
            .With(children.Column(child => child.Workflow.Priority))
            .With(children.Column(child => child.Workflow.State))
            .With(children.Column(child => child.Workflow.ClaimedBy))
            .With(children.Column(child => child.Workflow.NextActivation))
            .With(children.Column(child => child.ParentId))
            .With(now);

    /// <summary>Enters lines into histories, in their order.</summary>
    public static void AddActions(this NpgsqlBatch batch, IReadOnlyList<PlannedAction> actions, DateTimeOffset now) =>
        batch
            .Statement(InsertActions)
            .With(actions.Column(entry => entry.WorkflowId))
            .With(actions.Column(entry => entry.ExecutorId))
            .With(actions.Column(entry => entry.ExecutionCount))
            .With(actions.Column(entry => entry.RetryCount))
            .With(actions.Column(entry => entry.Action.Type))
            .With(actions.Column(entry => entry.Action.Name.WithoutNul()))
            .With(actions.Column(entry => entry.Action.Text.WithoutNul()))
            .With(now);

    /// <summary>Adds to the counts.</summary>
    public static void AddCounts(this NpgsqlBatch batch, KeyValuePair<CountKey, long>[] counts) =>
        batch
            .Statement(CountAll)
            .With(counts.Column(count => count.Key.WorkflowType))
            .With(counts.Column(count => count.Key.Version))
            .With(counts.Column(count => count.Key.State))
            .With(counts.Column(count => count.Key.Status.ToName()))
            .With(counts.Column(count => count.Value));

    private static LockedWorkflow Locked(PostgresRow row) =>
        new()
        {
            Id = row.Number(),
            WorkflowType = row.Text(),
            Version = row.Text(),
            ExecutorGroup = row.Text(),
            Status = WorkflowStatusNames.Parse(row.Text()),
            State = row.Text(),
            Step = row.SmallNumber(),
            RetryCount = row.SmallNumber(),
            ExecutionCount = row.SmallNumber(),
            Lease = row.Number(),
            ExecutorId = row.OptionalNumber(),
            Modified = row.Instant(),
            NextActivation = row.OptionalInstant(),
            Started = row.OptionalInstant(),
            Finished = row.OptionalInstant(),
            ParentWorkflowId = row.OptionalNumber(),
            OpenChildren = row.SmallNumber(),
            AwaitsChildren = row.Flag(),
            Woken = row.Flag(),
        };
}
