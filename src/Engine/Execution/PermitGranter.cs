using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;

namespace GopherFlow.Execution;

/// <summary>
/// Claims due workflows that need permits into free slots, type by type. Claiming grants the permit. It runs when a commit has requested a
/// permit or may have freed one, when the next workflow is due or a rate limit allows the next start, and in regular polls.
/// </summary>
internal sealed class PermitGranter(
    IWorkflowStore store,
    DefinitionRegistry registry,
    LimitCatalogue limits,
    RunningWorkflows running,
    EngineOptions options,
    Func<long?> claimant,
    Action<IReadOnlyList<WorkflowRecord>> start,
    Action slotsReturned,
    ChangeFeed feed,
    ClaimCalls calls,
    Crowd crowd,
    EngineMetrics metrics,
    DatabaseClock clock
)
{
    /// <summary>A turn ends after this many claims that granted no permit.</summary>
    private const int MostEmptyClaims = 20;

    private readonly Lock gate = new();
    private readonly LimitedTypes types = new(registry, options, crowd, clock);
    private bool lacksSlots;
    private bool isItsTurn;
    private int given;

    /// <summary>Checks committed changes for workflows that have requested or returned a permit.</summary>
    public void Notice(IReadOnlyList<WorkflowChange> changes) => types.Notice(changes);

    /// <summary>Handles a hint from another process about a workflow that may need a permit.</summary>
    /// <returns>Whether all workflows of its type need permits, so the dispatcher cannot claim it.</returns>
    public bool Notice(DueHint hint) => types.Notice(hint);

    /// <summary>
    /// Handles a free slot. While the granter lacks slots it takes every second one, so workflows without permits do not take them all.
    /// </summary>
    public void SlotIsFree()
    {
        if (!Volatile.Read(ref lacksSlots))
        {
            return;
        }

        lock (gate)
        {
            isItsTurn = !isItsTurn;
            given += isItsTurn && lacksSlots ? running.Reserve(1) : 0;
        }

        types.Signal.Set();
    }

    /// <summary>Handles the end of a run that was claimed with a permit.</summary>
    public void RunHasEnded(string workflowType, ClaimKey claim) => types.RunHasEnded(workflowType, claim);

    /// <summary>Makes all types due immediately.</summary>
    public void PollNow() => types.PollNow();

    /// <summary>Claims until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await GrantAsync(stop);
                var isBlocked = claimant() is null || Volatile.Read(ref lacksSlots);
                await types.Signal.WaitUntilAsync(
                    isBlocked ? clock.Monotonic + options.CheckDbInterval : types.NextPoll,
                    stop
                );
            }
        }
        finally
        {
            ReturnGiven();
        }
    }

    private async Task GrantAsync(CancellationToken stop)
    {
        foreach (var type in types.Due())
        {
            if (stop.IsCancellationRequested || claimant() is not { } executorId)
            {
                return;
            }

            await GrantAsync(type, executorId, stop);
        }
    }

    private void ReturnGiven()
    {
        lock (gate)
        {
            lacksSlots = false;
            running.Return(given);
            given = 0;
        }
    }

    private async Task GrantAsync(string type, long executorId, CancellationToken stop)
    {
        var allowed = await limits.LimitsOfAsync(type, stop);
        for (var empty = 0; empty < MostEmptyClaims; )
        {
            var slots = TakeSlots(allowed);
            if (slots == 0)
            {
                types.ClaimAgain(type);
                return;
            }

            types.BeginClaim(type);
            var result = await ClaimAsync(type, executorId, slots, allowed);
            if (!result.IsMore)
            {
                types.Settle(type, result, allowed);
                return;
            }

            empty += result.Claimed.Count == 0 ? 1 : 0;
        }

        types.EndTurn(type);
    }

    /// <summary>Takes no more slots than useful, and at most half of the free ones, because creates may be waiting for slots.</summary>
    private int TakeSlots(LimitSet allowed)
    {
        var wanted = int.Min(int.Min(allowed.MostAtOnce, options.BatchSize), int.Max(running.Free / 2, 1));
        lock (gate)
        {
            var slots = given + running.Reserve(wanted);
            given = 0;
            Volatile.Write(ref lacksSlots, slots == 0);
            return slots;
        }
    }

    private async Task<LimitedClaimResult> ClaimAsync(string type, long executorId, int slots, LimitSet allowed)
    {
        var call = calls.Begin();
        var returned = slots;
        try
        {
            var now = clock.Now();
            var result = await store.ClaimLimitedAsync(
                new LimitedClaimRequest(
                    executorId,
                    type,
                    [.. registry.Runnable.Where(key => key.Name == type).Select(key => key.Version)],
                    options.ExecutorGroups,
                    allowed,
                    slots,
                    now
                ),
                CancellationToken.None
            );
            returned -= result.Claimed.Count;
            foreach (var (workflow, dueSince) in result.Claimed.Zip(result.DueSince))
            {
                metrics.Claimed(workflow.WorkflowType, now - dueSince);
            }

            types.BeginHolds(type, result.Claimed);
            feed.Publish(result.Changes);
            start(result.Claimed);
            return result;
        }
        catch
        {
            types.ClaimAgain(type);
            throw;
        }
        finally
        {
            running.Return(returned);
            slotsReturned();
            calls.End(call);
        }
    }
}
