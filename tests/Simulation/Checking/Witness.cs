using GopherFlow.Storage.InMemory;
using GopherFlow.TestSupport;

namespace GopherFlow.Simulation;

/// <summary>
/// Stands beside the store, sees every write of every process in the order in which they take effect, and knows the rows as they
/// were just before.
/// </summary>
internal sealed class Witness(SimulatedWorld world, InMemoryStore rows)
{
    private readonly HashSet<(long Id, int Step)> made = [];
    private readonly Dictionary<string, long> ids = [];

    /// <summary>The store with a witness beside it.</summary>
    public IWorkflowStore Beside(IWorkflowStore store) =>
        new InterceptedStore(store) { Write = WriteAsync, Claim = ClaimAsync };

    private async Task<WriteResult> WriteAsync(WriteBatch batch, Func<Task<WriteResult>> write)
    {
        if (batch.Creates.Count + batch.Steps.Count == 0)
        {
            world.Violated("a batch without members is written");
        }

        foreach (var twice in batch.Steps.GroupBy(step => step.Before.Id).Where(steps => steps.Count() > 1))
        {
            world.Violated($"workflow {twice.Key} has {twice.Count()} steps in one batch");
        }

        var before = new WorkflowRecord?[batch.Steps.Count];
        for (var index = 0; index < before.Length; index++)
        {
            before[index] = await rows.FindAsync(batch.Steps[index].Before.Id, CancellationToken.None);
        }

        var result = await write();
        for (var index = 0; index < before.Length; index++)
        {
            Judge(batch, batch.Steps[index], before[index], result.Steps[index].Verdict);
        }

        for (var index = 0; index < batch.Creates.Count; index++)
        {
            Judge(batch, batch.Creates[index], result.Creates[index]);
        }

        return result;
    }

    private void Judge(WriteBatch batch, StepCommit step, WorkflowRecord? row, StepVerdict verdict)
    {
        var id = step.Before.Id;
        Tell(
            batch,
            $"step {id} {step.Before.State} to {step.State} {step.Status}, lease {step.Before.Lease}: {verdict}"
        );
        if (verdict != StepVerdict.Committed)
        {
            return;
        }

        if (row is null || row.ExecutorId is null || row.Lease != step.Before.Lease)
        {
            world.Violated(
                $"workflow {id} was written under lease {step.Before.Lease} after that was lost to {row?.Lease}"
            );
        }

        if (step.Advances && !made.Add((id, step.Before.Step)))
        {
            world.Violated($"step {step.Before.Step} of workflow {id} was committed twice");
        }
    }

    private void Judge(WriteBatch batch, NewWorkflow create, CreateOutcome outcome)
    {
        Tell(batch, $"create {create.ExternalId}: {outcome.Id}{(outcome.Existed ? ", existed" : "")}");
        if (!ids.TryAdd(create.ExternalId, outcome.Id) && ids[create.ExternalId] != outcome.Id)
        {
            world.Violated($"'{create.ExternalId}' was created as {ids[create.ExternalId]} and as {outcome.Id}");
        }
    }

    private async Task<ClaimResult> ClaimAsync(ClaimRequest request, Func<Task<ClaimResult>> claim)
    {
        var result = await claim();
        foreach (var workflow in result.Claimed)
        {
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
