using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>What a person does to a workflow. A step that runs meanwhile is fenced out.</summary>
internal static class OperatorRule
{
    public static Ruling ChangeState(WorkflowRecord before, StateChanged change, DateTimeOffset now)
    {
        if (change.FromStates.Count > 0 && !change.FromStates.Contains(before.State))
        {
            return new Ruling.Refused(Refusal.WrongState);
        }

        var stateVars = before.StateVars;
        if (
            change.Variable is { } changed
            && !changed.TrySetIn(stateVars, new(change.VariablesLimit), out stateVars, out var expected)
        )
        {
            return Faulty(expected);
        }

        var target = change.Target;
        var due = target.Runs ? change.Due.AsStored() ?? now : (DateTimeOffset?)null;
        var after = before with
        {
            State = target.Name,
            Status = target.Runs ? WorkflowStatus.InProgress : target.StatusOnArrival,
            Step = before.Step + 1,
            RetryCount = 0,
            Lease = before.Lease + 1,
            Revision = before.Revision + 1,
            ExecutorId = null,
            NextActivation = due,
            AwaitsChildren = false,
            Finished = target.StatusOnArrival.IsFinal() ? now : null,
            Modified = now,
            Woken = before.Woken && !target.StatusOnArrival.IsFinal() && !(due <= now),
            StateVars = stateVars,
        };
        List<HistoryEntry> history = [Said(after, before.State, ActionTexts.StateChanged(change.Actor, after.State))];
        if (change.Variable is { } variable)
        {
            history.Add(Said(after, after.State, ActionTexts.VariableSet(change.Actor, variable.Key)));
        }

        return new Ruling.Written(after, history) { ForParent = ForParent(before, after) };
    }

    public static Ruling SetVariable(WorkflowRecord before, VariableSet set, DateTimeOffset now)
    {
        if (!set.Variable.TrySetIn(before.StateVars, new(set.VariablesLimit), out var stateVars, out var expected))
        {
            return Faulty(expected);
        }

        var freed = before.ExecutorId is null
            ? before with
            {
                Modified = now,
                Revision = before.Revision + 1,
            }
            : OwnerRule.Unowned(before, now);
        var after = freed with { StateVars = stateVars };
        return new Ruling.Written(
            after,
            [Said(after, after.State, ActionTexts.VariableSet(set.Actor, set.Variable.Key))]
        );
    }

    /// <summary>
    /// A workflow that is parked stays parked as it was, if its state runs in the new version; one that ran or waited for a person
    /// is due at once. In a state that waits for a person it waits.
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
        var stays =
            target.Runs && before.Status is WorkflowStatus.New or WorkflowStatus.InProgress or WorkflowStatus.Paused;
        var due =
            !target.Runs ? null
            : stays ? before.NextActivation
            : now;
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
            Woken = before.Woken && due != now,
            Modified = now,
        };
        return new Ruling.Written(
            after,
            [
                new HistoryEntry(
                    ActionTypes.Moved,
                    before.State,
                    ActionTexts.Moved(move, before.State, after.State),
                    after.ExecutionCount,
                    after.RetryCount,
                    ByExecutor: false
                ),
            ]
        );
    }

    private static Ruling.Refused Faulty(string expected) => new(Refusal.FaultyVariable) { Expected = expected };

    private static List<WorkflowEvent> ForParent(WorkflowRecord before, WorkflowRecord after) =>
        (before.Status.IsFinal(), after.Status.IsFinal()) switch
        {
            (false, true) => [new ChildEnded()],
            (true, false) => [new ChildReopened()],
            _ => [],
        };

    private static HistoryEntry Said(WorkflowRecord after, string name, string text) =>
        new(ActionTypes.Log, name, text, after.ExecutionCount, after.RetryCount, ByExecutor: false);
}
