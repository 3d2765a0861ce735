using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Storage.InMemory;

/// <summary>Claims, hand-backs and takeovers in memory.</summary>
internal sealed class InMemoryClaims(InMemoryTables tables)
{
    /// <summary>Takes due workflows.</summary>
    public ClaimResult Claim(ClaimRequest request)
    {
        var parked = tables
            .Workflows.Values.Where(row =>
                row.Record
                    is { ExecutorId: null, NextActivation: not null }
                        and { Status: WorkflowStatus.New or WorkflowStatus.InProgress }
                && request.ExecutorGroups.Contains(row.Record.ExecutorGroup)
            )
            .ToList();
        var due = parked
            .Where(row =>
                row.Record.NextActivation <= request.Now
                && request.Definitions.Contains(new DefinitionKey(row.Record.WorkflowType, row.Record.Version))
            )
            .OrderBy(row => row.Record.Priority)
            .ThenBy(row => row.Record.NextActivation)
            .ThenBy(row => row.Record.Id)
            .Take(request.Limit)
            .ToList();
        var nextDue = parked
            .Where(row => row.Record.NextActivation > request.Now)
            .Min(row => row.Record.NextActivation);
        var changes = due.Select(row => tables.Replace(row, Claimed(row.Record, request))).ToList();
        return new ClaimResult(
            [.. due.Select(row => row.Record)],
            changes,
            due.Count == request.Limit ? null : nextDue
        );
    }

    /// <summary>Gives claims back.</summary>
    public IReadOnlyList<WorkflowChange> Release(ReleaseRequest request) =>
        [
            .. request
                .Claims.Select(claim => (claim, row: tables.Workflows.GetValueOrDefault(claim.WorkflowId)))
                .Where(pair =>
                    pair.row?.Record.Lease == pair.claim.Lease && pair.row.Record.ExecutorId == request.ExecutorId
                )
                .Select(pair => tables.Replace(pair.row!, Unowned(pair.row!.Record, request.Now))),
        ];

    /// <summary>Takes workflows from dead executors.</summary>
    public RepairResult Repair(RepairRequest request, DateTimeOffset now)
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
            .Workflows.Values.Where(row => row.Record.ExecutorId is { } owner && !alive.ContainsKey(owner))
            .Take(request.Limit)
            .ToList();
        return new RepairResult(
            [.. orphans.Select(row => Repaired(row, request, now))],
            alive.Count == 0 ? null : alive.Values.Min(),
            now
        );
    }

    private WorkflowChange Repaired(InMemoryWorkflow row, RepairRequest request, DateTimeOffset now)
    {
        var previous = row.Record.ExecutorId!.Value;
        var change = tables.Replace(row, Unowned(row.Record, now));
        tables.Log(
            row.Record,
            request.ExecutorId,
            new NewAction(ActionTypes.Repaired, row.Record.State, ActionTexts.Repaired(previous)),
            now
        );
        return change;
    }

    private static WorkflowRecord Claimed(WorkflowRecord row, ClaimRequest request) =>
        row with
        {
            ExecutorId = request.ExecutorId,
            Lease = row.Lease + 1,
            Status = WorkflowStatus.Executing,
            NextActivation = null,
            Modified = request.Now,
        };

    private static WorkflowRecord Unowned(WorkflowRecord row, DateTimeOffset now) =>
        row with
        {
            ExecutorId = null,
            Lease = row.Lease + 1,
            Status = WorkflowStatus.InProgress,
            NextActivation = now,
            Modified = now,
        };
}
