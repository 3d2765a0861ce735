using GopherFlow.Authoring;
using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Changes by hand: the workflow and its parent are locked, and what comes of the change is written like that of a step.</summary>
internal sealed class PostgresManualChanges(PostgresDatabase database)
{
    private const string FamilyOf = """
        SELECT id, parent_workflow_id
          FROM workflow
         WHERE id = $1
        """;

    private const string VariablesOf = """
        SELECT state_vars
          FROM workflow_variables
         WHERE workflow_id = $1
        """;

    /// <summary>Moves a workflow to a state.</summary>
    public Task<ManualChangeResult> ChangeStateAsync(StateChange change, CancellationToken cancellation) =>
        ChangeAsync(
            change.WorkflowId,
            change.Now,
            (before, plan) =>
            {
                if (change.FromStates.Count > 0 && !change.FromStates.Contains(before.State))
                {
                    return null;
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
                    Woken = false,
                };
                Log(plan, after, before.State, ActionTexts.StateChanged(change.Actor, change.State));
                return after;
            },
            change.Variable,
            change.Actor,
            cancellation
        );

    /// <summary>Sets a variable; a running step is fenced out and becomes due again.</summary>
    public Task<ManualChangeResult> SetVariableAsync(VariableChange change, CancellationToken cancellation) =>
        ChangeAsync(
            change.WorkflowId,
            change.Now,
            (before, _) =>
                before.ExecutorId is null
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
                    },
            change.Variable,
            change.Actor,
            cancellation
        );

    private async Task<ManualChangeResult> ChangeAsync(
        long id,
        DateTimeOffset now,
        Func<LockedWorkflow, FamilyPlan, LockedWorkflow?> changed,
        VariableValue? variable,
        string actor,
        CancellationToken cancellation
    )
    {
        await using var connection = await database.Work.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var locked = await LockFamilyAsync(connection, id, cancellation);
        if (!locked.TryGetValue(id, out var before))
        {
            return ManualChangeResult.NotFound;
        }

        var plan = new FamilyPlan(
            locked,
            new HashSet<string>(),
            static () => throw new InvalidOperationException("A change by hand creates no workflow."),
            executorId: null,
            now
        );
        if (changed(before, plan) is not { } after)
        {
            return new ManualChangeResult(ManualChangeVerdict.WrongState, before.State, []);
        }

        if (variable is not null)
        {
            plan.Variables[id] = variable.SetIn(await StateVarsAsync(connection, id, cancellation));
            Log(plan, after, after.State, ActionTexts.VariableSet(actor, variable.Key));
        }

        plan.Replace(before, after);
        if (before.Status.IsFinal() != after.Status.IsFinal())
        {
            plan.CountOpenChild(after.ParentWorkflowId, after.Status.IsFinal() ? -1 : 1);
        }

        await PostgresFamilies.WriteAsync(connection, plan, now, cancellation);
        await transaction.CommitAsync(cancellation);
        return new ManualChangeResult(ManualChangeVerdict.Changed, before.State, plan.Changes);
    }

    /// <summary>A workflow never changes its parent, so which rows to lock can be asked before they are.</summary>
    private static async Task<Dictionary<long, LockedWorkflow>> LockFamilyAsync(
        NpgsqlConnection connection,
        long id,
        CancellationToken cancellation
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Statement(FamilyOf).With(id);
        var family = await batch.ReadAllAsync(row => (Id: row.Number(), Parent: row.OptionalNumber()), cancellation);
        return await PostgresFamilies.LockAsync(
            connection,
            [.. family.Select(member => member.Id), .. family.Select(member => member.Parent).OfType<long>()],
            cancellation
        );
    }

    /// <summary>Read when the row is locked: nobody changes them without it.</summary>
    private static async Task<string> StateVarsAsync(
        NpgsqlConnection connection,
        long id,
        CancellationToken cancellation
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Statement(VariablesOf).With(id);
        return (await batch.ReadAllAsync(row => row.Text(), cancellation)).FirstOrDefault(Variables.EmptyJson);
    }

    private static void Log(FamilyPlan plan, LockedWorkflow after, string name, string text) =>
        plan.Actions.Add(
            new PlannedAction(
                after.Id,
                ExecutorId: null,
                after.ExecutionCount,
                after.RetryCount,
                new NewAction(ActionTypes.Log, name, text)
            )
        );
}
