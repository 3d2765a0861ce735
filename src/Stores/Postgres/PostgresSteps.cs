using GopherFlow.Authoring;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Steps that touch no workflow but their own, which is most of them: all of a batch in one statement, fence, history, variables
/// and counts included.
/// </summary>
internal static class PostgresSteps
{
    /// <summary>
    /// The members come sorted by id and are looked up one by one, so that two such statements never wait for each other in a
    /// circle: the comparison with an array of one leaves the planner no other way. The tests in parentheses keep it from joining, and
    /// from walking all owned rows, which statistics of an idle time call few.
    /// </summary>
    internal const string CommitAll = $"""
        WITH step AS MATERIALIZED (
            SELECT *
              FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::text[], $5::text[], $6::boolean[],
                          $7::integer[], $8::timestamptz[], $9::boolean[], $10::text[], $11::text[])
                   WITH ORDINALITY
                AS step (id, lease, execution_count, state, status, advances, retry_count, next_activation,
                         awaits_children, former_state, former_status, number)
        ), committed AS (
               UPDATE workflow AS w
                  SET status          = step.status,
                      state           = step.state,
                      step            = w.step + step.advances::integer,
                      retry_count     = step.retry_count,
                      execution_count = w.execution_count + 1,
                      executor_id     = CASE WHEN step.status = 'EXECUTING' THEN w.executor_id END,
                      modified        = $12,
                      started         = coalesce(w.started, $12),
                      finished        = CASE WHEN step.status IN ('FINISHED', 'FAILED', 'ERROR', 'CANCELLED') THEN $12 END,
                      awaits_children = step.awaits_children AND w.open_children > 0,
                      next_activation = CASE
                                            WHEN step.awaits_children
                                            THEN CASE WHEN w.open_children = 0 THEN $12 END
                                            WHEN w.woken AND step.advances AND step.status = 'IN_PROGRESS'
                                            THEN $12
                                            ELSE step.next_activation
                                        END,
                      woken           = w.woken AND (step.status = 'EXECUTING'
                                                     OR (step.status = 'IN_PROGRESS' AND NOT step.advances))
                 FROM step
                WHERE w.id = ANY (ARRAY[step.id])
                  AND w.lease = step.lease
                  AND w.execution_count = step.execution_count
                  AND (w.executor_id IS NOT NULL) IS TRUE
            RETURNING step.number, step.former_state, step.former_status, w.workflow_type, w.version, w.state, w.status, w.next_activation
        ), variables AS (
            INSERT INTO workflow_variables (workflow_id, state_vars)
              SELECT given.workflow_id, given.state_vars
                FROM unnest($13::bigint[], $14::bigint[], $15::text[]) AS given (number, workflow_id, state_vars)
               WHERE (given.number IN (SELECT number FROM committed)) IS TRUE
            ORDER BY given.workflow_id
                  ON CONFLICT (workflow_id) DO UPDATE SET state_vars = excluded.state_vars
        ), history AS (
            INSERT INTO workflow_actions
                   (workflow_id, executor_id, execution_count, retry_count, type, name, text, date_time)
              SELECT workflow_id, $16, execution_count, retry_count, type, name, text, $12
                FROM unnest($17::bigint[], $18::bigint[], $19::integer[], $20::integer[], $21::text[], $22::text[], $23::text[])
                     WITH ORDINALITY
                  AS given (number, workflow_id, execution_count, retry_count, type, name, text, place)
               WHERE (given.number IN (SELECT number FROM committed)) IS TRUE
            ORDER BY place
        ), counted AS (
            INSERT INTO workflow_counts (workflow_type, version, state, status, slot, count)
              SELECT committed.workflow_type, committed.version, change.state, change.status, {PostgresCounts.Slot}, sum(change.by)
                FROM committed
          CROSS JOIN LATERAL (VALUES (former_state, former_status, -1), (committed.state, committed.status, 1))
                  AS change (state, status, by)
            GROUP BY 1, 2, 3, 4
              HAVING sum(change.by) <> 0
            ORDER BY 1, 2, 3, 4
            {PostgresCounts.AddToSlot}
        )
        SELECT number, next_activation
          FROM committed
        """;

    /// <summary>Whether a step touches nothing but its own workflow.</summary>
    public static bool StandsAlone(this StepCommit step) =>
        step.OnCommit is null
        && step.Children.Count == 0
        && (step.Before.ParentWorkflowId is null || !(step.Status.IsFinal() || step.WakesParent));

    /// <summary>Adds the statement; its rows are read by <see cref="ReadCommitted"/>.</summary>
    public static void AddSteps(this NpgsqlBatch batch, IReadOnlyList<StepCommit> sorted, WriteBatch write)
    {
        var variables = Numbered(sorted).Where(member => member.Step.StateVars is not null).ToList();
        var actions = Numbered(sorted)
            .SelectMany(member =>
                member.Step.Actions.Select(action => (member.Number, member.Step.Before, Action: action))
            )
            .ToList();
        batch
            .Statement(CommitAll)
            .With(sorted.Column(step => step.Before.Id))
            .With(sorted.Column(step => step.Before.Lease))
            .With(sorted.Column(step => step.Before.ExecutionCount))
            .With(sorted.Column(step => step.State))
            .With(sorted.Column(step => step.Status.ToName()))
            .With(sorted.Column(step => step.Advances))
            .With(sorted.Column(step => step.RetryCount))
            .With(sorted.Column(step => step.NextActivation))
            .With(sorted.Column(step => step.AwaitsChildren))
            .With(sorted.Column(step => step.Before.State))
            .With(sorted.Column(step => step.Before.Status.ToName()))
            .With(write.Now)
            .With(variables.Column(member => member.Number))
            .With(variables.Column(member => member.Step.Before.Id))
            .With(variables.Column(member => member.Step.StateVars!))
            .With(write.ExecutorId)
            .With(actions.Column(entry => entry.Number))
            .With(actions.Column(entry => entry.Before.Id))
            .With(actions.Column(entry => entry.Before.ExecutionCount + 1))
            .With(actions.Column(entry => entry.Before.RetryCount))
            .With(actions.Column(entry => entry.Action.Type))
            .With(actions.Column(entry => entry.Action.Name.WithoutNul()))
            .With(actions.Column(entry => entry.Action.Text.WithoutNul()));
    }

    /// <summary>The changes that were written, by the ids of their workflows.</summary>
    public static async Task<Dictionary<long, WorkflowChange>> ReadCommitted(
        this NpgsqlDataReader reader,
        IReadOnlyList<StepCommit> sorted,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        (
            await reader.ReadAllAsync(
                row => sorted[(int)row.Number() - 1].ChangeOf(row.OptionalInstant(), now),
                cancellation
            )
        ).ToDictionary(change => change.Id);

    /// <summary>The change that a step is.</summary>
    public static WorkflowChange ChangeOf(this StepCommit step, DateTimeOffset? nextActivation, DateTimeOffset now) =>
        new(
            step.Before.Id,
            step.Before.WorkflowType,
            step.Before.Version,
            step.Before.ExecutorGroup,
            step.Status,
            step.State,
            step.Before.State,
            step.Before.ParentWorkflowId,
            step.Before.Lease,
            nextActivation,
            now
        );

    private static IEnumerable<(long Number, StepCommit Step)> Numbered(IReadOnlyList<StepCommit> steps) =>
        steps.Select((step, index) => (index + 1L, step));
}
