using GopherFlow.Authoring;
using GopherFlow.Storage;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Stores.Sqlite;

/// <summary>Creates and step commits: the transaction that the engine lives by.</summary>
internal sealed class SqliteWriting(SqliteReader statements)
{
    private const string Savepoint = "gopherflow_step";

    private const string UpdateWorkflow = """
           UPDATE workflow
              SET status          = ?4,
                  state           = ?5,
                  step            = step + ?6,
                  retry_count     = ?7,
                  execution_count = execution_count + 1,
                  executor_id     = CASE WHEN ?4 = 'EXECUTING' THEN executor_id END,
                  modified        = ?8,
                  started         = coalesce(started, ?8),
                  finished        = ?9,
                  open_children   = open_children + ?10,
                  awaits_children = ?11 AND open_children + ?10 > 0,
                  next_activation = CASE
                                        WHEN ?11 THEN CASE WHEN open_children + ?10 > 0 THEN NULL ELSE ?8 END
                                        WHEN woken AND ?6 AND ?4 = 'IN_PROGRESS' THEN ?8
                                        ELSE ?12
                                    END,
                  woken           = woken AND (?4 = 'EXECUTING' OR (?4 = 'IN_PROGRESS' AND NOT ?6))
            WHERE id = ?1
              AND lease = ?2
              AND execution_count = ?3
              AND executor_id IS NOT NULL
        """;

    private const string ActivationOf = """
        SELECT next_activation
          FROM workflow
         WHERE id = ?1
        """;

    private const string FenceOf = """
        SELECT 1
          FROM workflow
         WHERE id = ?1
           AND lease = ?2
           AND execution_count = ?3
           AND executor_id IS NOT NULL
        """;

    /// <summary>Writes the members of a batch one after the other; the caller holds the transaction.</summary>
    public WriteResult Write(WriteBatch batch, SqliteTransaction transaction)
    {
        var changes = new List<WorkflowChange>(batch.Creates.Count + batch.Steps.Count);
        var counts = new CountDeltas();
        var creates = new CreateOutcome[batch.Creates.Count];
        for (var index = 0; index < creates.Length; index++)
        {
            creates[index] = Create(batch.Creates[index], batch.Now, changes, counts);
        }

        var steps = new StepOutcome[batch.Steps.Count];
        for (var index = 0; index < steps.Length; index++)
        {
            var step = batch.Steps[index];
            steps[index] = step.OnCommit is null
                ? Commit(step, batch, changes, counts)
                : CommitWithCallback(step, batch, transaction, changes, counts);
        }

        statements.Apply(counts);
        return new WriteResult(creates, steps, changes);
    }

    private CreateOutcome Create(
        NewWorkflow create,
        DateTimeOffset now,
        List<WorkflowChange> changes,
        CountDeltas counts
    )
    {
        if (statements.Insert(create, parentId: null, now, counts) is not { } created)
        {
            return new CreateOutcome(statements.IdOf(create.ExternalId)!.Value, Existed: true);
        }

        changes.Add(created);
        return new CreateOutcome(created.Id, Existed: false);
    }

    /// <summary>The callback is the author's: whatever it does is undone together with the step when it throws.</summary>
    private StepOutcome CommitWithCallback(
        StepCommit step,
        WriteBatch batch,
        SqliteTransaction transaction,
        List<WorkflowChange> changes,
        CountDeltas counts
    )
    {
        var stepChanges = new List<WorkflowChange>();
        var stepCounts = new CountDeltas();
        transaction.Save(Savepoint);
        try
        {
            var outcome = Commit(step, batch, stepChanges, stepCounts);
            if (outcome.Verdict == StepVerdict.Committed)
            {
                step.OnCommit!(transaction.Connection!, transaction, CancellationToken.None).GetAwaiter().GetResult();
                changes.AddRange(stepChanges);
                counts.AddAll(stepCounts);
            }

            transaction.Release(Savepoint);
            return outcome;
        }
        catch (Exception failure)
        {
            transaction.Rollback(Savepoint);
            transaction.Release(Savepoint);
            return new StepOutcome(StepVerdict.Rejected, failure);
        }
    }

    private StepOutcome Commit(StepCommit step, WriteBatch batch, List<WorkflowChange> changes, CountDeltas counts)
    {
        var before = step.Before;
        if (step.Children.Count > 0 && ExternalIdInUse(step.Children) is { } taken)
        {
            // A commit that is written once more finds its own children: it is fenced out, not faulty.
            return FenceHolds(before)
                ? new StepOutcome(
                    StepVerdict.Rejected,
                    new InvalidOperationException(ActionTexts.ChildExternalIdTaken(taken))
                )
                : new StepOutcome(StepVerdict.LeaseLost);
        }

        var updated = statements
            .Statement(UpdateWorkflow)
            .Bind(before.Id)
            .Bind(before.Lease)
            .Bind(before.ExecutionCount)
            .Bind(step.Status.ToName())
            .Bind(step.State)
            .Bind(step.Advances)
            .Bind(step.RetryCount)
            .Bind(batch.Now)
            .Bind(step.Status.IsFinal() ? batch.Now : (DateTimeOffset?)null)
            .Bind(step.Children.Count)
            .Bind(step.AwaitsChildren)
            .Bind(step.NextActivation)
            .Run();
        if (updated == 0)
        {
            return new StepOutcome(StepVerdict.LeaseLost);
        }

        // Only a workflow that parks has one, which a wake may have set to now.
        var nextActivation = step.Status == WorkflowStatus.InProgress ? NextActivationOf(before.Id) : null;
        counts.Move(before.WorkflowType, before.Version, (before.State, before.Status), (step.State, step.Status));
        changes.Add(ChangeOf(step, nextActivation, batch.Now));
        if (step.StateVars is { } stateVars)
        {
            statements.SetVariables(before.Id, stateVars);
        }

        foreach (var action in step.Actions)
        {
            statements.Log(
                before.Id,
                batch.ExecutorId,
                before.ExecutionCount + 1,
                before.RetryCount,
                action,
                batch.Now
            );
        }

        CreateChildren(step, batch, changes, counts);
        TellParent(step, batch, changes);
        return new StepOutcome(StepVerdict.Committed);
    }

    private bool FenceHolds(WorkflowRecord before)
    {
        var row = statements.Statement(FenceOf).Bind(before.Id).Bind(before.Lease).Bind(before.ExecutionCount);
        var holds = row.Read();
        row.End();
        return holds;
    }

    private DateTimeOffset? NextActivationOf(long id)
    {
        var row = statements.Statement(ActivationOf).Bind(id);
        row.Read();
        var nextActivation = row.OptionalInstant();
        row.End();
        return nextActivation;
    }

    private string? ExternalIdInUse(IReadOnlyList<NewWorkflow> children)
    {
        var mine = new HashSet<string>(StringComparer.Ordinal);
        return children
            .FirstOrDefault(child => !mine.Add(child.ExternalId) || statements.IdOf(child.ExternalId) is not null)
            ?.ExternalId;
    }

    private void CreateChildren(StepCommit step, WriteBatch batch, List<WorkflowChange> changes, CountDeltas counts)
    {
        foreach (var child in step.Children)
        {
            var created = statements.Insert(child, step.Before.Id, batch.Now, counts)!;
            changes.Add(created);
            statements.Log(
                step.Before.Id,
                batch.ExecutorId,
                step.Before.ExecutionCount + 1,
                step.Before.RetryCount,
                new NewAction(
                    ActionTypes.ChildCreated,
                    step.State,
                    ActionTexts.ChildCreated(created.Id, child.WorkflowType)
                ),
                batch.Now
            );
        }
    }

    private void TellParent(StepCommit step, WriteBatch batch, List<WorkflowChange> changes)
    {
        if (step.Before.ParentWorkflowId is not { } parentId)
        {
            return;
        }

        if (step.Status.IsFinal())
        {
            statements.CountOpenChild(parentId, -1, batch.Now, changes);
        }

        if (step.WakesParent)
        {
            statements.WakeParentOf(parentId, step.State, batch, changes);
        }
    }

    private static WorkflowChange ChangeOf(StepCommit step, DateTimeOffset? nextActivation, DateTimeOffset now) =>
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
}
