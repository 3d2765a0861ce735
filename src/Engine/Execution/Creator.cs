using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Telemetry;

namespace GopherFlow.Execution;

/// <summary>
/// Creates workflows durably. A workflow that is due and can run here waits briefly for a free slot. With a slot it is created already
/// claimed, and runs immediately.
/// </summary>
/// <param name="committer">Writes the new workflows.</param>
/// <param name="admission">Limits creates, and gives them slots.</param>
/// <param name="calls">Tracks the claims in flight, including creates that claim.</param>
/// <param name="executorId">The current id of the executor that claims.</param>
/// <param name="canRunNow">Whether a workflow may be created already claimed.</param>
/// <param name="start">Runs a workflow that was created already claimed.</param>
/// <param name="giveSlotBack">Returns a slot that was not used.</param>
/// <param name="metrics">Counts refusals.</param>
/// <param name="clock">The database's clock.</param>
internal sealed class Creator(
    Committer committer,
    Admission admission,
    ClaimCalls calls,
    Func<long> executorId,
    Predicate<NewWorkflow> canRunNow,
    Action<WorkflowRecord> start,
    Action giveSlotBack,
    EngineMetrics metrics,
    DatabaseClock clock
)
{
    /// <summary>Creates a workflow.</summary>
    /// <exception cref="OverloadedException">Too many creates are waiting.</exception>
    public async Task<CreateOutcome> CreateAsync(NewWorkflow create, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var span = EngineTracing.StartCreate(create.WorkflowType);
        var marked = create with
        {
            Token = Random.Shared.NextInt64(1, long.MaxValue),
            TraceParent = EngineTracing.CurrentParent(),
        };
        var outcome = await CreateAdmittedAsync(marked, cancellation).WaitAsync(cancellation);
        span?.SetTag("workflow.id", outcome.Id);
        return outcome;
    }

    private async Task<CreateOutcome> CreateAdmittedAsync(NewWorkflow create, CancellationToken cancellation)
    {
        Begin();
        try
        {
            return canRunNow(create) && await admission.TakeSlotAsync(cancellation)
                ? await CreateClaimedAsync(create with { ClaimedBy = executorId() }, cancellation)
                : await committer.CreateAsync(create, cancellation);
        }
        finally
        {
            admission.End();
        }
    }

    private void Begin()
    {
        try
        {
            admission.Begin();
        }
        catch (OverloadedException)
        {
            metrics.CreatesRefused.Add(1);
            throw;
        }
    }

    private async Task<CreateOutcome> CreateClaimedAsync(NewWorkflow create, CancellationToken cancellation)
    {
        var started = false;
        var call = calls.Begin();
        try
        {
            var outcome = await committer.CreateAsync(create, cancellation);
            if (!outcome.Existed)
            {
                start(WorkflowRule.Create(create, parentId: null, clock.Now()).Workflow with { Id = outcome.Id });
                started = true;
            }

            return outcome;
        }
        finally
        {
            calls.End(call);
            if (!started)
            {
                giveSlotBack();
            }
        }
    }
}
