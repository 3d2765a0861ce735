using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Creates and step commits: the transaction that the engine lives by. It locks every workflow concerned, decides what becomes of
/// each member, and writes them together. Steps with a callback of the author's follow, each on its own, so that it can be undone.
/// </summary>
internal sealed class MySqlWriting(MySqlSession session, WriteBatch batch)
{
    private readonly Dictionary<string, long> taken = new(StringComparer.Ordinal);
    private readonly MySqlDraft draft = new(session, batch.Now);

    /// <summary>Writes a batch; the caller holds the transaction.</summary>
    public async Task<WriteResult> WriteAsync()
    {
        await draft.LockAsync(batch.Steps.SelectMany(Concerned));
        foreach (var (externalId, id) in await session.IdsOfAsync(ExternalIds()))
        {
            taken.Add(externalId, id);
        }

        var steps = new StepOutcome[batch.Steps.Count];
        var creates = await WriteTogetherAsync(steps);
        for (var index = 0; index < steps.Length; index++)
        {
            if (batch.Steps[index].OnCommit is { } callback)
            {
                steps[index] = await WriteAloneAsync(batch.Steps[index], callback);
            }
        }

        await draft.FinishAsync();
        return new WriteResult(creates, steps, draft.Changes);
    }

    /// <summary>Creates, and steps without a callback: all of them with one statement a table.</summary>
    private async Task<CreateOutcome[]> WriteTogetherAsync(StepOutcome[] steps)
    {
        var inserts = new Inserts(taken);
        var creates = batch.Creates.Select(create => inserts.Add(create, parent: null)).ToArray();
        for (var index = 0; index < steps.Length; index++)
        {
            if (batch.Steps[index].OnCommit is null)
            {
                steps[index] = Decide(batch.Steps[index], inserts);
            }
        }

        await draft.InsertAsync(inserts.Rows);
        var outcomes = new CreateOutcome[creates.Length];
        for (var index = 0; index < creates.Length; index++)
        {
            outcomes[index] = Created(batch.Creates[index], creates[index], inserts);
        }

        for (var index = 0; index < steps.Length; index++)
        {
            if (batch.Steps[index].OnCommit is null && steps[index].Verdict == StepVerdict.Committed)
            {
                Apply(draft, batch.Steps[index], inserts);
            }
        }

        await draft.WriteAsync();
        inserts.Settle();
        return outcomes;
    }

    /// <summary>The callback is the author's: whatever it does is undone together with the step when it throws.</summary>
    private async Task<StepOutcome> WriteAloneAsync(StepCommit step, CommitCallback callback)
    {
        var inserts = new Inserts(taken);
        var outcome = Decide(step, inserts);
        if (outcome.Verdict != StepVerdict.Committed)
        {
            return outcome;
        }

        var part = draft.Part();
        var failure = await session.TryAsync(
            async (connection, transaction) =>
            {
                await part.InsertAsync(inserts.Rows);
                Apply(part, step, inserts);
                await part.WriteAsync();
                await callback(connection, transaction, CancellationToken.None);
            }
        );
        if (failure is not null)
        {
            return new StepOutcome(StepVerdict.Rejected, failure);
        }

        draft.Adopt(part);
        inserts.Settle();
        return outcome;
    }

    private CreateOutcome Created(NewWorkflow create, bool isNew, Inserts inserts)
    {
        if (!isNew)
        {
            return new CreateOutcome(inserts.IdOf(create.ExternalId), Existed: true);
        }

        var row = inserts.Row(create.ExternalId);
        draft.Changes.Add(row.Change(batch.Now));
        return new CreateOutcome(row.Id, Existed: false);
    }

    /// <summary>Whether a step can be written. Nothing that other members do changes its fence.</summary>
    private StepOutcome Decide(StepCommit step, Inserts inserts)
    {
        var before = step.Before;
        var fenceHolds =
            draft.Find(before.Id) is { Record: { ExecutorId: not null } now }
            && now.Lease == before.Lease
            && now.ExecutionCount == before.ExecutionCount;
        if (!fenceHolds)
        {
            return new StepOutcome(StepVerdict.LeaseLost);
        }

        var own = new HashSet<string>(StringComparer.Ordinal);
        var fault = step.Children.FirstOrDefault(child =>
            !own.Add(child.ExternalId) || inserts.IsTaken(child.ExternalId)
        );
        if (fault is not null)
        {
            return new StepOutcome(
                StepVerdict.Rejected,
                new InvalidOperationException(ActionTexts.ChildExternalIdTaken(fault.ExternalId))
            );
        }

        foreach (var child in step.Children)
        {
            inserts.Add(child, before);
        }

        return new StepOutcome(StepVerdict.Committed);
    }

    private void Apply(MySqlDraft target, StepCommit step, Inserts inserts)
    {
        var row = target.Find(step.Before.Id)!;
        var after = After(row, step);
        var keepsWake =
            step is { Status: WorkflowStatus.Executing } or { Status: WorkflowStatus.InProgress, Advances: false };
        target.Replace(row, after, row.Woken && keepsWake);
        if (step.StateVars is { } stateVars)
        {
            target.SetVariables(after.Id, stateVars);
        }

        // The history counts the attempt, and the retries before it.
        var attempt = row.Record with
        {
            ExecutionCount = after.ExecutionCount,
        };
        foreach (var action in step.Actions)
        {
            target.Log(attempt, batch.ExecutorId, action);
        }

        foreach (var child in step.Children)
        {
            var created = inserts.Row(child.ExternalId);
            target.Changes.Add(created.Change(batch.Now));
            var text = ActionTexts.ChildCreated(created.Id, child.WorkflowType);
            target.Log(attempt, batch.ExecutorId, new NewAction(ActionTypes.ChildCreated, step.State, text));
        }

        if (after.Status.IsFinal())
        {
            target.CountOpenChild(after.ParentWorkflowId, -1);
        }

        if (step.WakesParent)
        {
            target.WakeParent(after, batch.ExecutorId);
        }
    }

    private WorkflowRecord After(MySqlWorkflow row, StepCommit step)
    {
        var before = row.Record;
        var openChildren = before.OpenChildren + step.Children.Count;
        var heedsWake = row.Woken && step is { Status: WorkflowStatus.InProgress, Advances: true };
        return before with
        {
            State = step.State,
            Status = step.Status,
            Step = before.Step + (step.Advances ? 1 : 0),
            RetryCount = step.RetryCount,
            ExecutionCount = before.ExecutionCount + 1,
            ExecutorId = step.Status == WorkflowStatus.Executing ? before.ExecutorId : null,
            Started = before.Started ?? batch.Now,
            Finished = step.Status.IsFinal() ? batch.Now : null,
            Modified = batch.Now,
            OpenChildren = openChildren,
            AwaitsChildren = step.AwaitsChildren && openChildren > 0,
            NextActivation =
                step.AwaitsChildren ? (openChildren > 0 ? null : batch.Now)
                : heedsWake ? batch.Now
                : step.NextActivation,
        };
    }

    /// <summary>The workflow of a step, and its parent if the step may change it.</summary>
    private static IEnumerable<long> Concerned(StepCommit step)
    {
        yield return step.Before.Id;
        if (step.Before.ParentWorkflowId is { } parent && (step.WakesParent || step.Status.IsFinal()))
        {
            yield return parent;
        }
    }

    private HashSet<string> ExternalIds() =>
        [
            .. batch
                .Creates.Concat(batch.Steps.SelectMany(step => step.Children))
                .Select(workflow => workflow.ExternalId),
        ];

    /// <summary>What is to be inserted together, beside the external ids that are in use already.</summary>
    private sealed class Inserts(Dictionary<string, long> taken)
    {
        private readonly Dictionary<string, MySqlNewWorkflow> planned = new(StringComparer.Ordinal);

        /// <summary>In the order of writing.</summary>
        public List<MySqlNewWorkflow> Rows { get; } = [];

        public bool IsTaken(string externalId) => taken.ContainsKey(externalId) || planned.ContainsKey(externalId);

        public MySqlNewWorkflow Row(string externalId) => planned[externalId];

        public long IdOf(string externalId) => taken.TryGetValue(externalId, out var id) ? id : planned[externalId].Id;

        /// <summary>False when the external id is in use.</summary>
        public bool Add(NewWorkflow workflow, WorkflowRecord? parent)
        {
            if (IsTaken(workflow.ExternalId))
            {
                return false;
            }

            var row = new MySqlNewWorkflow(workflow, parent);
            planned.Add(workflow.ExternalId, row);
            Rows.Add(row);
            return true;
        }

        /// <summary>They are written: their external ids are in use.</summary>
        public void Settle()
        {
            foreach (var row in Rows)
            {
                taken.Add(row.Workflow.ExternalId, row.Id);
            }
        }
    }
}
