using GopherFlow.Authoring;

namespace GopherFlow.Storage.InMemory;

/// <summary>Changes by hand in memory.</summary>
internal sealed class InMemoryManualChanges(InMemoryTables tables, InMemoryWriting writing)
{
    /// <summary>Moves a workflow to a state.</summary>
    public ManualChangeResult ChangeState(StateChange change)
    {
        if (!tables.Workflows.TryGetValue(change.WorkflowId, out var row))
        {
            return ManualChangeResult.NotFound;
        }

        var before = row.Record;
        if (change.FromStates.Count > 0 && !change.FromStates.Contains(before.State))
        {
            return new ManualChangeResult(ManualChangeVerdict.WrongState, before.State, []);
        }

        var after = before with
        {
            State = change.State,
            Status = change.Status,
            Step = before.Step + 1,
            RetryCount = 0,
            Lease = before.Lease + 1,
            ExecutorId = null,
            NextActivation = change.NextActivation,
            AwaitsChildren = false,
            Finished = change.Status.IsFinal() ? change.Now : null,
            Modified = change.Now,
            StateVars = change.Variable?.SetIn(before.StateVars) ?? before.StateVars,
        };
        row.Woken = false;
        var changes = new List<WorkflowChange> { tables.Replace(row, after) };
        tables.Log(
            after,
            null,
            new NewAction(ActionTypes.Log, before.State, ActionTexts.StateChanged(change.Actor, change.State)),
            change.Now
        );
        if (change.Variable is { } variable)
        {
            tables.Log(
                after,
                null,
                new NewAction(ActionTypes.Log, after.State, ActionTexts.VariableSet(change.Actor, variable.Key)),
                change.Now
            );
        }

        if (before.Status.IsFinal() != after.Status.IsFinal())
        {
            writing.CountOpenChild(after.ParentWorkflowId, after.Status.IsFinal() ? -1 : 1, change.Now, changes);
        }

        return new ManualChangeResult(ManualChangeVerdict.Changed, before.State, changes);
    }

    /// <summary>Sets a variable; a running step is fenced out and becomes due again.</summary>
    public ManualChangeResult SetVariable(VariableChange change)
    {
        if (!tables.Workflows.TryGetValue(change.WorkflowId, out var row))
        {
            return ManualChangeResult.NotFound;
        }

        var before = row.Record;
        var after = before with { StateVars = change.Variable.SetIn(before.StateVars), Modified = change.Now };
        if (before.ExecutorId is not null)
        {
            after = after with
            {
                ExecutorId = null,
                Lease = before.Lease + 1,
                Status = WorkflowStatus.InProgress,
                NextActivation = change.Now,
            };
        }

        var changed = tables.Replace(row, after);
        tables.Log(
            after,
            null,
            new NewAction(ActionTypes.Log, after.State, ActionTexts.VariableSet(change.Actor, change.Variable.Key)),
            change.Now
        );
        return new ManualChangeResult(ManualChangeVerdict.Changed, before.State, [changed]);
    }

    /// <summary>Takes unfinished workflows to another version.</summary>
    public IReadOnlyList<WorkflowChange> MoveVersion(VersionMove move)
    {
        var states = move.States.ToDictionary(state => state.From);
        var moved = tables
            .Workflows.Values.Where(row =>
                row.Record.WorkflowType == move.Name
                && row.Record.Version == move.FromVersion
                && !row.Record.Status.IsFinal()
                && states.ContainsKey(row.Record.State)
                && (move.WorkflowIds.Count == 0 || move.WorkflowIds.Contains(row.Record.Id))
            )
            .Take(move.Limit)
            .ToList();
        return moved.ConvertAll(row => MoveOne(row, move, states[row.Record.State]));
    }

    private WorkflowChange MoveOne(InMemoryWorkflow row, VersionMove move, StateMove state)
    {
        var before = row.Record;
        var after = move.Apply(before, state);
        row.Woken &= move.KeepsWake(after);
        var change = tables.Replace(row, after);
        tables.Log(
            after,
            null,
            new NewAction(ActionTypes.Moved, before.State, ActionTexts.Moved(move, state)),
            move.Now
        );
        return change;
    }
}
