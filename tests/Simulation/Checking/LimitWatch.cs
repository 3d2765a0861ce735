using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>At no instant do more workflows run than their limits allow.</summary>
internal sealed class LimitWatch(SimulatedWorld world, InMemoryStore rows)
{
    /// <summary>Checks the running workflows. Call this before the clock advances.</summary>
    public void Look()
    {
        var running = rows.SearchAsync(
                new WorkflowSearch
                {
                    Limit = int.MaxValue,
                    Filter = new() { WorkflowTypes = [Workload.Ticket], Statuses = [WorkflowStatus.Executing] },
                },
                CancellationToken.None
            )
            .Result.Workflows.Where(row => row is { Permit: Permit.Needed, State: Workload.Seat })
            .ToList();
        if (running.Count > Workload.Seats)
        {
            world.Violated($"{running.Count} are in {Workload.Seat} at once, which has a limit of {Workload.Seats}");
        }

        foreach (var key in running.CountBy(row => row.LimitKey).Where(key => key.Value > 1))
        {
            world.Violated(
                $"{key.Value} workflows of key {key.Key} run {Workload.Seat} at once, which has a limit of 1 per key"
            );
        }
    }
}
