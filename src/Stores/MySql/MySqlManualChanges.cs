using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>Changes by hand.</summary>
internal sealed class MySqlManualChanges(MySqlSession session)
{
    private const string ParentOf = """
        SELECT parent_workflow_id
          FROM workflow
         WHERE id = @id
        """;

    /// <summary>Moves a workflow to a state.</summary>
    public async Task<ManualChangeResult> ChangeStateAsync(StateChange change)
    {
        var draft = new MySqlDraft(session, change.Now);
        if (await LockedAsync(draft, change.WorkflowId) is not { } row)
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
            Finished = change.Status.IsFinal() ? change.Now : null,
            Modified = change.Now,
            AwaitsChildren = false,
        };
        draft.Replace(row, after, woken: false);
        draft.Log(
            after,
            executorId: null,
            new NewAction(ActionTypes.Log, before.State, ActionTexts.StateChanged(change.Actor, change.State))
        );
        if (change.Variable is { } variable)
        {
            await SetAsync(draft, after, variable, change.Actor);
        }

        if (before.Status.IsFinal() != after.Status.IsFinal())
        {
            draft.CountOpenChild(after.ParentWorkflowId, after.Status.IsFinal() ? -1 : 1);
        }

        return await ChangedAsync(draft, before);
    }

    /// <summary>Sets a variable; a running step is fenced out and becomes due again.</summary>
    public async Task<ManualChangeResult> SetVariableAsync(VariableChange change)
    {
        var draft = new MySqlDraft(session, change.Now);
        if (await LockedAsync(draft, change.WorkflowId) is not { } row)
        {
            return ManualChangeResult.NotFound;
        }

        var before = row.Record;
        var after = before.ExecutorId is null
            ? before with
            {
                Modified = change.Now,
            }
            : before with
            {
                Status = WorkflowStatus.InProgress,
                Lease = before.Lease + 1,
                ExecutorId = null,
                NextActivation = change.Now,
                Modified = change.Now,
            };
        draft.Replace(row, after, row.Woken);
        await SetAsync(draft, after, change.Variable, change.Actor);
        return await ChangedAsync(draft, before);
    }

    /// <summary>The workflow, locked together with its parent, which is the older one and so comes first.</summary>
    private async Task<MySqlWorkflow?> LockedAsync(MySqlDraft draft, long id)
    {
        foreach (var parent in await session.QueryAsync(ParentOf, row => row.OptionalNumber(), ("@id", id)))
        {
            await draft.LockAsync(parent is { } known ? [known, id] : [id]);
        }

        return draft.Find(id);
    }

    private async Task SetAsync(MySqlDraft draft, WorkflowRecord workflow, VariableValue variable, string actor)
    {
        var all = await session.VariablesOfAsync([workflow.Id]);
        var stored = all.GetValueOrDefault(workflow.Id, Variables.EmptyJson);
        draft.SetVariables(workflow.Id, variable.SetIn(stored));
        draft.Log(
            workflow,
            executorId: null,
            new NewAction(ActionTypes.Log, workflow.State, ActionTexts.VariableSet(actor, variable.Key))
        );
    }

    private static async Task<ManualChangeResult> ChangedAsync(MySqlDraft draft, WorkflowRecord before)
    {
        await draft.FinishAsync();
        return new ManualChangeResult(ManualChangeVerdict.Changed, before.State, draft.Changes);
    }
}
