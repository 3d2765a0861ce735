using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Stores.Postgres;

/// <summary>A workflow whose row a transaction has locked.</summary>
internal sealed record LockedWorkflow
{
    public required long Id { get; init; }
    public required string WorkflowType { get; init; }
    public required string Version { get; init; }
    public required string ExecutorGroup { get; init; }
    public required WorkflowStatus Status { get; init; }
    public required string State { get; init; }
    public required int Step { get; init; }
    public required int RetryCount { get; init; }
    public required int ExecutionCount { get; init; }
    public required long Lease { get; init; }
    public required long? ExecutorId { get; init; }
    public required DateTimeOffset Modified { get; init; }
    public required DateTimeOffset? NextActivation { get; init; }
    public required DateTimeOffset? Started { get; init; }
    public required DateTimeOffset? Finished { get; init; }
    public required long? ParentWorkflowId { get; init; }
    public required int OpenChildren { get; init; }
    public required bool AwaitsChildren { get; init; }
    public required bool Woken { get; init; }

    /// <summary>The change that left it so.</summary>
    public WorkflowChange ChangeFrom(string? previousState) =>
        new(
            Id,
            WorkflowType,
            Version,
            ExecutorGroup,
            Status,
            State,
            previousState,
            ParentWorkflowId,
            Lease,
            NextActivation,
            Modified
        );
}

/// <summary>An entry for the history, with all that its row has.</summary>
/// <param name="WorkflowId">Whose history.</param>
/// <param name="ExecutorId">Who writes it; null for a creation and for a change by a person.</param>
/// <param name="ExecutionCount">The attempt.</param>
/// <param name="RetryCount">Failed attempts before it.</param>
/// <param name="Action">What it says.</param>
internal readonly record struct PlannedAction(
    long WorkflowId,
    long? ExecutorId,
    int ExecutionCount,
    int RetryCount,
    NewAction Action
);

/// <summary>A child and the id that it gets.</summary>
internal readonly record struct PlannedChild(long Id, long ParentId, NewWorkflow Workflow);

/// <summary>
/// Steps of parents and children depend on each other within a batch: the second of two children may be the last one, a parent may
/// park before or after it is woken. So their rows are locked, the steps are taken one after the other here, where nothing is
/// written yet, and what comes of all of them is written as sets.
/// </summary>
internal sealed class FamilyPlan(
    IReadOnlyDictionary<long, LockedWorkflow> locked,
    IReadOnlySet<string> takenExternalIds,
    Func<long> nextId,
    long? executorId,
    DateTimeOffset now
)
{
    /// <summary>Every workflow that is different, as it is in the end.</summary>
    public Dictionary<long, LockedWorkflow> Updates { get; } = [];

    public List<PlannedChild> Children { get; } = [];

    public Dictionary<long, string> Variables { get; } = [];

    public List<PlannedAction> Actions { get; } = [];

    public CountDeltas Counts { get; } = new();

    public List<WorkflowChange> Changes { get; } = [];

    private readonly HashSet<string> childExternalIds = new(StringComparer.Ordinal);

    /// <summary>Takes a step on.</summary>
    public StepOutcome Add(StepCommit step)
    {
        if (
            Find(step.Before.Id) is not { ExecutorId: not null } row
            || row.Lease != step.Before.Lease
            || row.ExecutionCount != step.Before.ExecutionCount
        )
        {
            return new StepOutcome(StepVerdict.LeaseLost);
        }

        if (ExternalIdInUse(step) is { } taken)
        {
            return new StepOutcome(
                StepVerdict.Rejected,
                new InvalidOperationException(ActionTexts.ChildExternalIdTaken(taken))
            );
        }

        var after = After(row, step);
        Replace(row, after);
        if (step.StateVars is { } stateVars)
        {
            Variables[row.Id] = stateVars;
        }

        foreach (var action in step.Actions)
        {
            Actions.Add(new PlannedAction(row.Id, executorId, after.ExecutionCount, row.RetryCount, action));
        }

        foreach (var child in step.Children)
        {
            AddChild(child, row, after);
        }

        TellParent(step, after);
        return new StepOutcome(StepVerdict.Committed);
    }

    /// <summary>One open child less, or more; the last one makes a parent that awaits them due.</summary>
    public void CountOpenChild(long? parentId, int by)
    {
        if (parentId is not { } id || Find(id) is not { } parent)
        {
            return;
        }

        var after = parent with { OpenChildren = parent.OpenChildren + by };
        if (after is { AwaitsChildren: true, OpenChildren: 0 })
        {
            after = after with { AwaitsChildren = false, NextActivation = now, Modified = now };
            Changes.Add(after.ChangeFrom(parent.State));
        }

        Updates[id] = after;
    }

    /// <summary>A workflow is different now.</summary>
    public void Replace(LockedWorkflow before, LockedWorkflow after)
    {
        Updates[after.Id] = after;
        Changes.Add(after.ChangeFrom(before.State));
        Counts.Move(after.WorkflowType, after.Version, (before.State, before.Status), (after.State, after.Status));
    }

    private LockedWorkflow? Find(long id) => Updates.GetValueOrDefault(id) ?? locked.GetValueOrDefault(id);

    private string? ExternalIdInUse(StepCommit step)
    {
        var mine = new HashSet<string>(StringComparer.Ordinal);
        return step
            .Children.FirstOrDefault(child =>
                !mine.Add(child.ExternalId)
                || takenExternalIds.Contains(child.ExternalId)
                || childExternalIds.Contains(child.ExternalId)
            )
            ?.ExternalId;
    }

    private LockedWorkflow After(LockedWorkflow before, StepCommit step)
    {
        var openChildren = before.OpenChildren + step.Children.Count;
        return before with
        {
            State = step.State,
            Status = step.Status,
            Step = before.Step + (step.Advances ? 1 : 0),
            RetryCount = step.RetryCount,
            ExecutionCount = before.ExecutionCount + 1,
            ExecutorId = step.Status == WorkflowStatus.Executing ? before.ExecutorId : null,
            Modified = now,
            Started = before.Started ?? now,
            Finished = step.Status.IsFinal() ? now : null,
            OpenChildren = openChildren,
            AwaitsChildren = step.AwaitsChildren && openChildren > 0,
            NextActivation =
                step.AwaitsChildren ? (openChildren > 0 ? null : now)
                : before.Woken && step is { Advances: true, Status: WorkflowStatus.InProgress } ? now
                : step.NextActivation,
            Woken =
                before.Woken
                && step
                    is { Status: WorkflowStatus.Executing }
                        or { Status: WorkflowStatus.InProgress, Advances: false },
        };
    }

    private void AddChild(NewWorkflow child, LockedWorkflow before, LockedWorkflow after)
    {
        var id = nextId();
        childExternalIds.Add(child.ExternalId);
        Children.Add(new PlannedChild(id, after.Id, child));
        var change = child.ChangeOf(id, after.Id, now);
        Changes.Add(change);
        Counts.Add(child.WorkflowType, child.Version, child.State, change.Status);
        Actions.Add(
            new PlannedAction(id, null, 0, 0, new NewAction(ActionTypes.Created, child.State, child.CreatedText))
        );
        Actions.Add(
            new PlannedAction(
                after.Id,
                executorId,
                after.ExecutionCount,
                before.RetryCount,
                new NewAction(ActionTypes.ChildCreated, after.State, ActionTexts.ChildCreated(id, child.WorkflowType))
            )
        );
    }

    private void TellParent(StepCommit step, LockedWorkflow child)
    {
        if (step.Status.IsFinal())
        {
            CountOpenChild(child.ParentWorkflowId, -1);
        }

        if (step.WakesParent && child.ParentWorkflowId is { } parentId && Find(parentId) is { } parent)
        {
            Wake(parent, child.State);
        }
    }

    /// <summary>A parent that runs, or is paused, keeps the wake until it parks; one that awaits all its children is not disturbed.</summary>
    private void Wake(LockedWorkflow parent, string childState)
    {
        Actions.Add(
            new PlannedAction(
                parent.Id,
                executorId,
                parent.ExecutionCount,
                parent.RetryCount,
                new NewAction(ActionTypes.ChildWake, childState, ActionTexts.ChildWake)
            )
        );
        switch (parent)
        {
            case { Status: WorkflowStatus.InProgress, AwaitsChildren: false }:
                Replace(parent, parent with { NextActivation = now, Modified = now });
                break;
            case { Status: WorkflowStatus.Executing or WorkflowStatus.Paused }:
                Updates[parent.Id] = parent with { Woken = true };
                break;
        }
    }
}
