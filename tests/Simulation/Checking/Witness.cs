using GopherFlow.Storage.InMemory;
using GopherFlow.TestSupport;

namespace GopherFlow.Simulation;

/// <summary>
/// Observes every write of every process, in the order in which they take effect, with the rows as they were just before.
/// </summary>
internal sealed class Witness(SimulatedWorld world, InMemoryStore rows, EffectWatch course)
{
    private readonly HashSet<(long Id, int Step)> made = [];
    private readonly Dictionary<string, long> ids = [];

    /// <summary>Wraps the store so that it is observed.</summary>
    public IWorkflowStore Beside(IWorkflowStore store) =>
        new InterceptedStore(store) { Write = WriteAsync, Claim = ClaimAsync };

    private async Task<WriteResult> WriteAsync(WriteBatch batch, Func<Task<WriteResult>> write)
    {
        if (batch.Creates.Count + batch.Events.Count == 0)
        {
            world.Violated("an empty batch is written");
        }

        var attempts = batch.Events.Where(each => each.Event is AttemptEnded);
        foreach (var twice in attempts.GroupBy(each => each.WorkflowId).Where(same => same.Count() > 1))
        {
            world.Violated($"workflow {twice.Key} has {twice.Count()} attempts in one batch");
        }

        var before = new WorkflowRecord?[batch.Events.Count];
        var signals = new IReadOnlyList<SignalRecord>[batch.Events.Count];
        for (var index = 0; index < before.Length; index++)
        {
            var id = batch.Events[index].WorkflowId;
            before[index] = await rows.FindAsync(id, CancellationToken.None);
            signals[index] = course.SignalsOf(id);
        }

        foreach (var each in batch.Events)
        {
            course.Begin(each);
        }

        WriteResult result;
        try
        {
            result = await write();
        }
        finally
        {
            foreach (var each in batch.Events)
            {
                course.End(each);
            }
        }

        for (var index = 0; index < before.Length; index++)
        {
            var (each, outcome) = (batch.Events[index], result.Events[index]);
            Judge(batch, each, before[index], outcome);
            if (outcome is { Verdict: EventVerdict.Committed, Workflow: { } after } && before[index] is { } row)
            {
                course.Judge(each, row, after, signals[index]);
                Forget(each.Event, row);
            }
        }

        for (var index = 0; index < batch.Creates.Count; index++)
        {
            Judge(batch, batch.Creates[index], result.Creates[index]);
        }

        return result;
    }

    /// <summary>Frees the external id of a deleted workflow.</summary>
    public void Forget(WorkflowEvent happened, WorkflowRecord row)
    {
        if (happened is Deleted && ids.GetValueOrDefault(row.ExternalId) == row.Id)
        {
            ids.Remove(row.ExternalId);
        }
    }

    private void Judge(WriteBatch batch, EventFor each, WorkflowRecord? row, EventOutcome outcome)
    {
        var (id, now) = (each.WorkflowId, outcome.Workflow);
        Tell(
            batch,
            $"{each.Event.GetType().Name} of {id}: {outcome.Verdict}, in {now?.State} {now?.Status}, lease {now?.Lease}"
        );
        if (outcome.Verdict != EventVerdict.Committed || each.Event is not HolderEvent held)
        {
            return;
        }

        if (row is null || row.ExecutorId is null || row.Lease != held.Lease)
        {
            world.Violated($"workflow {id} was written under lease {held.Lease} after it was lost to {row?.Lease}");
        }
        else if (each.Event is StepSucceeded && !made.Add((id, each.Known?.Step ?? row.Step)))
        {
            world.Violated($"step {each.Known?.Step ?? row.Step} of workflow {id} was committed twice");
        }
    }

    private void Judge(WriteBatch batch, NewWorkflow create, CreateOutcome outcome)
    {
        Tell(batch, $"create {create.ExternalId}: {outcome.Id}{(outcome.Existed ? ", existed" : "")}");
        if (
            !course.Removed.ContainsKey(outcome.Id)
            && !ids.TryAdd(create.ExternalId, outcome.Id)
            && ids[create.ExternalId] != outcome.Id
        )
        {
            world.Violated($"'{create.ExternalId}' was created as {ids[create.ExternalId]} and as {outcome.Id}");
        }
    }

    private async Task<ClaimResult> ClaimAsync(ClaimRequest request, Func<Task<ClaimResult>> claim)
    {
        var result = await claim();
        foreach (var workflow in result.Claimed)
        {
            course.JudgeClaim(workflow);
            world.Trace.Add(
                world.Now,
                $"store {request.ExecutorId}",
                $"claim {workflow.Id} in {workflow.State}, lease {workflow.Lease}"
            );
        }

        return result;
    }

    private void Tell(WriteBatch batch, string what) => world.Trace.Add(world.Now, $"store {batch.ExecutorId}", what);
}
