using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>Decides what actions of a person do to a workflow. A running step is fenced out.</summary>
internal static class OperatorRule
{
    public static Ruling ChangeState(WorkflowRecord before, StateChanged change, DateTimeOffset now)
    {
        if (
            (change.FromStates.Count > 0 && !change.FromStates.Contains(before.State))
            || change.NotFromStates.Contains(before.State)
        )
        {
            return new Ruling.Refused(Refusal.WrongState);
        }

        var edit = VariableEditor.Apply(change.Variables, before.StateVars);
        return edit is VariableEdit.Done(var stateVars)
            ? Changed(
                before,
                MovedTo(
                    before,
                    change.Target,
                    change.Due.AsStored() ?? now,
                    now,
                    isDeclared: change.DeclaredBy.Contains(before.State)
                ) with
                {
                    StateVars = stateVars,
                },
                change,
                HistoryKind.StateChanged,
                change.Variables,
                change.IsForced ? new() { IsForced = true } : null
            )
            : edit.Refusal();
    }

    public static Ruling ChangeVariables(WorkflowRecord before, VariablesChanged changed, DateTimeOffset now)
    {
        var edit = VariableEditor.Apply(changed.Changes, before.StateVars);
        if (edit is not VariableEdit.Done(var stateVars))
        {
            return edit.Refusal();
        }

        var freed = before.ExecutorId is null
            ? before with
            {
                Modified = now,
                Revision = before.Revision + 1,
            }
            : OwnerRule.Unowned(before, now);
        var after = freed with { StateVars = stateVars };
        return Changed(before, after, changed, HistoryKind.VariablesChanged, changed.Changes);
    }

    public static Ruling Place(WorkflowRecord before, Placed placed, DateTimeOffset now) =>
        before.Status.IsFinal()
            ? new Ruling.Refused(Refusal.WrongStatus)
            : Changed(
                before,
                before with
                {
                    Priority = placed.Priority ?? before.Priority,
                    ExecutorGroup = placed.ExecutorGroup ?? before.ExecutorGroup,
                    Modified = now,
                    Revision = before.Revision + 1,
                },
                placed,
                HistoryKind.Placed,
                details: new() { Priority = placed.Priority, ExecutorGroup = placed.ExecutorGroup }
            );

    /// <summary>
    /// Moves a workflow to another version. A parked workflow stays parked if its state has a function in the new version. A workflow that
    /// was running or waiting for a person is due immediately. In a state that waits for a person, it waits. For a paused workflow, all
    /// this applies from the moment it is resumed.
    /// </summary>
    public static Ruling MoveVersion(WorkflowRecord before, VersionMoved move, DateTimeOffset now)
    {
        if (
            before.Version != move.FromVersion
            || before.Status.IsFinal()
            || !move.States.TryGetValue(before.State, out var target)
        )
        {
            return new Ruling.Refused(Refusal.WrongState);
        }

        var isSame = target.Name == before.State;
        var isPaused = before.Status == WorkflowStatus.Paused;
        var waited = before.Status == WorkflowStatus.Waiting || (isPaused && HasDeadlineOfPerson(before));
        var stays =
            target.Runs
            && !waited
            && before.Status is WorkflowStatus.New or WorkflowStatus.InProgress or WorkflowStatus.Paused;
        var hasArrived =
            before.Status is WorkflowStatus.Waiting or WorkflowStatus.Paused || before.DeadlineState is not null;
        var waits = !target.Runs && isSame && hasArrived;
        var keepsDeadline = waits || (target.Runs && !waited);
        var due =
            stays || (waits && before.ExecutorId is null) ? before.NextActivation
            : target.Runs || waits ? now
            : (DateTimeOffset?)null;
        var after = before with
        {
            Version = move.ToVersion,
            State = target.Name,
            Step = isSame ? before.Step : before.Step + 1,
            RetryCount = isSame ? before.RetryCount : 0,
            Lease = before.Lease + 1,
            Revision = before.Revision + 1,
            ExecutorId = null,
            Status =
                !target.Runs ? target.StatusOnArrival
                : stays ? before.Status
                : WorkflowStatus.InProgress,
            NextActivation = due,
            AwaitsChildren = stays && before.AwaitsChildren,
            AwaitedSignals = target.Runs ? before.AwaitedSignals : null,
            DeadlineState = keepsDeadline ? DeadlineIn(move, before.DeadlineState) : null,
            HeldActivation = stays || waits ? before.HeldActivation : null,
            Woken = before.Woken && due != now,
            Modified = now,
        };
        after = isPaused
            ? after with
            {
                Status = WorkflowStatus.Paused,
                NextActivation = null,
                HeldActivation = stays || waits ? before.HeldActivation : due,
            }
            : LifecycleRule.PausedIfRequested(after, now);
        return new Ruling.Written(
            after,
            [
                HistoryEntries.Of(HistoryKind.VersionMoved, before, after) with
                {
                    Actor = move.Actor,
                    Details = new() { FromVersion = move.FromVersion, ToVersion = move.ToVersion },
                },
            ]
        );
    }

    /// <summary>Whether a paused workflow has a deadline for a person. Waits for children and signals are marked separately.</summary>
    private static bool HasDeadlineOfPerson(WorkflowRecord paused) =>
        paused is { DeadlineState: not null, AwaitsChildren: false, AwaitedSignals: null };

    /// <summary>The state of a deadline in the new version. A state that is not mapped, such as a final one, keeps its name.</summary>
    private static string? DeadlineIn(VersionMoved move, string? state) =>
        state is not null && move.States.TryGetValue(state, out var target) ? target.Name : state;

    /// <summary>
    /// The workflow after a move by hand, without the waits, the owner and the retries of its previous state. A clean-up continues if the
    /// target is the same state, or if the previous state declares it; otherwise the move ends it.
    /// </summary>
    public static WorkflowRecord MovedTo(
        WorkflowRecord before,
        TargetState target,
        DateTimeOffset due,
        DateTimeOffset now,
        bool isDeclared = false
    )
    {
        var isFinal = target.StatusOnArrival.IsFinal();
        return TakenAway(before, now) with
        {
            State = target.Name,
            Status = target.Runs ? WorkflowStatus.InProgress : target.StatusOnArrival,
            Step = before.Step + 1,
            NextActivation = target.Runs ? due : null,
            Finished = isFinal ? now : null,
            Woken = before.Woken && !isFinal && !(target.Runs && due <= now),
            IsCleaningUp = before.IsCleaningUp && !isFinal && (isDeclared || target.Name == before.State),
        };
    }

    /// <summary>The workflow without an owner and without waits. A run in flight is fenced out.</summary>
    public static WorkflowRecord TakenAway(WorkflowRecord before, DateTimeOffset now) =>
        before with
        {
            RetryCount = 0,
            Lease = before.Lease + 1,
            Revision = before.Revision + 1,
            ExecutorId = null,
            AwaitsChildren = false,
            PauseRequested = false,
            HeldActivation = null,
            AwaitedSignals = null,
            DeadlineState = null,
            Output = null,
            Modified = now,
        };

    /// <summary>The ruling, with its history entry and the event for the parent.</summary>
    public static Ruling Changed(
        WorkflowRecord before,
        WorkflowRecord after,
        OperatorEvent happened,
        HistoryKind kind,
        VariableChanges? variables = null,
        HistoryDetails? details = null
    ) =>
        new Ruling.Written(
            after,
            [
                HistoryEntries.Of(kind, before, after) with
                {
                    Actor = happened.Actor,
                    Details = details,
                    Changes = variables?.Trace(),
                },
            ]
        )
        {
            ForParent = (before.Status.IsFinal(), after.Status.IsFinal()) switch
            {
                (false, true) => [new ChildEnded()],
                (true, false) => [new ChildReopened()],
                _ => [],
            },
        };
}
