using GopherFlow.Authoring;

namespace GopherFlow.Storage.InMemory;

/// <summary>Creates and step commits in memory.</summary>
internal sealed class InMemoryWriting(InMemoryTables tables)
{
    /// <summary>Writes the members of a batch one after the other.</summary>
    public WriteResult Write(WriteBatch batch)
    {
        var changes = new List<WorkflowChange>();
        var creates = batch.Creates.Select(create => Create(create, batch, changes)).ToArray();
        var steps = batch.Steps.Select(step => Commit(step, batch, changes)).ToArray();
        return new WriteResult(creates, steps, changes);
    }

    /// <summary>A child reached, or by hand left, a final status: its parent has one open child less or more.</summary>
    public void CountOpenChild(long? parentId, int by, DateTimeOffset now, List<WorkflowChange> changes)
    {
        if (parentId is null || !tables.Workflows.TryGetValue(parentId.Value, out var parent))
        {
            return;
        }

        var after = parent.Record with { OpenChildren = parent.Record.OpenChildren + by };
        if (after is { AwaitsChildren: true, OpenChildren: 0 })
        {
            after = after with { AwaitsChildren = false, NextActivation = now, Modified = now };
            changes.Add(tables.Replace(parent, after));
        }
        else
        {
            parent.Record = after;
        }
    }

    private CreateOutcome Create(NewWorkflow create, WriteBatch batch, List<WorkflowChange> changes)
    {
        if (tables.ExternalIds.TryGetValue(create.ExternalId, out var existing))
        {
            return new CreateOutcome(existing, Existed: true);
        }

        var record = tables.Insert(create, parent: null, batch.Now);
        changes.Add(WorkflowChange.To(record, previousState: null));
        return new CreateOutcome(record.Id, Existed: false);
    }

    private StepOutcome Commit(StepCommit step, WriteBatch batch, List<WorkflowChange> changes)
    {
        if (
            !tables.Workflows.TryGetValue(step.Before.Id, out var row)
            || row.Record.Lease != step.Before.Lease
            || row.Record.ExecutionCount != step.Before.ExecutionCount
            || row.Record.ExecutorId is null
        )
        {
            return new StepOutcome(StepVerdict.LeaseLost);
        }

        if (Objection(step) is { } objection)
        {
            return new StepOutcome(StepVerdict.Rejected, objection);
        }

        var before = row.Record;
        var after = After(row, step, batch.Now);
        row.Woken &=
            step is { Status: WorkflowStatus.Executing } or { Status: WorkflowStatus.InProgress, Advances: false };
        changes.Add(tables.Replace(row, after));
        foreach (var action in step.Actions)
        {
            tables.Log(before with { ExecutionCount = after.ExecutionCount }, batch.ExecutorId, action, batch.Now);
        }

        foreach (var child in step.Children)
        {
            var created = tables.Insert(child, after, batch.Now);
            changes.Add(WorkflowChange.To(created, previousState: null));
            tables.Log(
                before with
                {
                    ExecutionCount = after.ExecutionCount,
                },
                batch.ExecutorId,
                new NewAction(
                    ActionTypes.ChildCreated,
                    step.State,
                    ActionTexts.ChildCreated(created.Id, child.WorkflowType)
                ),
                batch.Now
            );
        }

        if (after.Status.IsFinal())
        {
            CountOpenChild(after.ParentWorkflowId, -1, batch.Now, changes);
        }

        if (step.WakesParent)
        {
            Wake(after, batch, changes);
        }

        return new StepOutcome(StepVerdict.Committed);
    }

    private Exception? Objection(StepCommit step)
    {
        if (step.OnCommit is not null)
        {
            return new NotSupportedException("The in-memory store has no connection to give to an OnCommit callback.");
        }

        var taken = step
            .Children.Where(
                (child, index) =>
                    tables.ExternalIds.ContainsKey(child.ExternalId)
                    || step.Children.Take(index).Any(earlier => earlier.ExternalId == child.ExternalId)
            )
            .FirstOrDefault();
        return taken is null ? null : new InvalidOperationException(ActionTexts.ChildExternalIdTaken(taken.ExternalId));
    }

    private static WorkflowRecord After(InMemoryWorkflow row, StepCommit step, DateTimeOffset now)
    {
        var before = row.Record;
        var keeps = step.Status == WorkflowStatus.Executing;
        var openChildren = before.OpenChildren + step.Children.Count;
        return before with
        {
            State = step.State,
            Status = step.Status,
            Step = before.Step + (step.Advances ? 1 : 0),
            RetryCount = step.RetryCount,
            ExecutionCount = before.ExecutionCount + 1,
            ExecutorId = keeps ? before.ExecutorId : null,
            Started = before.Started ?? now,
            Finished = step.Status.IsFinal() ? now : null,
            Modified = now,
            OpenChildren = openChildren,
            AwaitsChildren = step.AwaitsChildren && openChildren > 0,
            NextActivation =
                step.AwaitsChildren ? (openChildren > 0 ? null : now)
                : step is { Status: WorkflowStatus.InProgress, Advances: true } && row.Woken ? now
                : step.NextActivation,
            StateVars = step.StateVars ?? before.StateVars,
        };
    }

    /// <summary>A parent that runs, or is paused, keeps the wake until it parks; one that awaits all its children is not disturbed.</summary>
    private void Wake(WorkflowRecord child, WriteBatch batch, List<WorkflowChange> changes)
    {
        if (child.ParentWorkflowId is not { } parentId || !tables.Workflows.TryGetValue(parentId, out var parent))
        {
            return;
        }

        tables.Log(
            parent.Record,
            batch.ExecutorId,
            new NewAction(ActionTypes.ChildWake, child.State, ActionTexts.ChildWake),
            batch.Now
        );
        switch (parent.Record)
        {
            case { Status: WorkflowStatus.InProgress, AwaitsChildren: false }:
                changes.Add(
                    tables.Replace(parent, parent.Record with { NextActivation = batch.Now, Modified = batch.Now })
                );
                break;
            case { Status: WorkflowStatus.Executing or WorkflowStatus.Paused }:
                parent.Woken = true;
                break;
        }
    }
}
