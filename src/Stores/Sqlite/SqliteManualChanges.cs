using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Stores.Sqlite;

/// <summary>Changes by hand.</summary>
internal sealed class SqliteManualChanges(SqliteReader statements)
{
    private const string MoveWorkflow = """
        UPDATE workflow
           SET state           = ?2,
               status          = ?3,
               step            = step + 1,
               retry_count     = 0,
               lease           = lease + 1,
               executor_id     = NULL,
               next_activation = ?4,
               finished        = ?5,
               modified        = ?6,
               awaits_children = 0,
               woken           = 0
         WHERE id = ?1
        """;

    private const string FenceOut = """
        UPDATE workflow
           SET status          = 'IN_PROGRESS',
               lease           = lease + 1,
               executor_id     = NULL,
               next_activation = ?2,
               modified        = ?2
         WHERE id = ?1
        """;

    private const string Touch = """
        UPDATE workflow
           SET modified = ?2
         WHERE id = ?1
        """;

    /// <summary>Moves a workflow to a state.</summary>
    public ManualChangeResult ChangeState(StateChange change)
    {
        if (SqliteQueries.Find(statements, change.WorkflowId) is not { } before)
        {
            return ManualChangeResult.NotFound;
        }

        if (change.FromStates.Count > 0 && !change.FromStates.Contains(before.State))
        {
            return new ManualChangeResult(ManualChangeVerdict.WrongState, before.State, []);
        }

        statements
            .Statement(MoveWorkflow)
            .Bind(before.Id)
            .Bind(change.State)
            .Bind(change.Status.ToName())
            .Bind(change.NextActivation)
            .Bind(change.Status.IsFinal() ? change.Now : (DateTimeOffset?)null)
            .Bind(change.Now)
            .Run();
        statements.Log(
            before.Id,
            executorId: null,
            new NewAction(ActionTypes.Log, before.State, ActionTexts.StateChanged(change.Actor, change.State)),
            change.Now
        );
        if (change.Variable is { } variable)
        {
            Set(before, variable, change.State, change.Actor, change.Now);
        }

        return Changed(before, change.Now);
    }

    /// <summary>Sets a variable; a running step is fenced out and becomes due again.</summary>
    public ManualChangeResult SetVariable(VariableChange change)
    {
        if (SqliteQueries.Find(statements, change.WorkflowId) is not { } before)
        {
            return ManualChangeResult.NotFound;
        }

        statements.Statement(before.ExecutorId is null ? Touch : FenceOut).Bind(before.Id).Bind(change.Now).Run();
        Set(before, change.Variable, before.State, change.Actor, change.Now);
        return Changed(before, change.Now);
    }

    private void Set(WorkflowRecord before, VariableValue variable, string state, string actor, DateTimeOffset now)
    {
        statements.SetVariables(before.Id, variable.SetIn(before.StateVars));
        statements.Log(
            before.Id,
            executorId: null,
            new NewAction(ActionTypes.Log, state, ActionTexts.VariableSet(actor, variable.Key)),
            now
        );
    }

    private ManualChangeResult Changed(WorkflowRecord before, DateTimeOffset now)
    {
        var after = SqliteQueries.Find(statements, before.Id)!;
        var changes = new List<WorkflowChange> { WorkflowChange.To(after, before.State) };
        if (before.Status.IsFinal() != after.Status.IsFinal())
        {
            statements.CountOpenChild(after.ParentWorkflowId, after.Status.IsFinal() ? -1 : 1, now, changes);
        }

        var counts = new CountDeltas();
        counts.Move(before.WorkflowType, before.Version, (before.State, before.Status), (after.State, after.Status));
        statements.Apply(counts);
        return new ManualChangeResult(ManualChangeVerdict.Changed, before.State, changes);
    }
}
