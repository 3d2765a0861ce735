using GopherFlow.Definitions;
using GopherFlow.Rules;

namespace GopherFlow.Storage.InMemory;

/// <summary>Claims and takeovers in memory.</summary>
internal sealed class InMemoryClaims(InMemoryTables tables, InMemoryChangeLog log)
{
    public ClaimResult Claim(ClaimRequest request)
    {
        var parked = tables
            .Workflows.Values.Where(row =>
                row is { ExecutorId: null, NextActivation: not null, Permit: not Permit.Needed }
                && request.ExecutorGroups.Contains(row.ExecutorGroup)
                && request.Definitions.Contains(new DefinitionKey(row.WorkflowType, row.Version))
            )
            .ToList();
        var due = parked
            .Where(row => row.NextActivation <= request.Now)
            .OrderBy(row => request.RankOf(row.Priority, row.NextActivation!.Value))
            .ThenBy(row => row.Id)
            .Take(request.Limit);
        var plan = new ClaimPlan(request);
        plan.Take(due);
        tables.Write(plan.Rows);
        log.Write(plan.Rows.Changes);
        return plan.Result(parked.Where(row => row.NextActivation > request.Now).Min(row => row.NextActivation));
    }

    /// <summary>Ends executors whose lease has expired, and finds the workflows of executors that are not alive.</summary>
    public (IReadOnlyList<EventFor> Orphans, DateTimeOffset? NextExpiry, int Executors) FindOrphans(
        RepairRequest request,
        DateTimeOffset now
    )
    {
        for (var index = 0; index < tables.Executors.Count; index++)
        {
            var executor = tables.Executors[index];
            if (executor.Ended is null && executor.LeaseUntil < now)
            {
                tables.Executors[index] = executor with { Ended = now };
            }
        }

        var alive = tables
            .Executors.Where(executor => executor.Ended is null)
            .ToDictionary(executor => executor.Id, executor => executor.LeaseUntil);
        var orphans = tables
            .Workflows.Values.Where(row => row.ExecutorId is { } owner && !alive.ContainsKey(owner))
            .Take(request.Limit)
            .Select(row => new EventFor(row.Id, new TakenOver(row.ExecutorId!.Value)))
            .ToList();
        return (orphans, alive.Count == 0 ? null : alive.Values.Min(), alive.Count);
    }
}
