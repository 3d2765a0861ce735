using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>Creates the row of a workflow that was started in another system.</summary>
internal static class ArrivalRule
{
    /// <summary>Adapts the row and the first history entry of a new workflow to its progress in the other system.</summary>
    public static (WorkflowRecord Workflow, HistoryEntry History) Settle(
        WorkflowRecord created,
        HistoryEntry history,
        Arrival arrival,
        DateTimeOffset now
    )
    {
        var runs = arrival.Status is WorkflowStatus.New or WorkflowStatus.InProgress;
        var open = arrival.OpenChildren;
        var awaits = runs && arrival.AwaitsChildren && open > 0;
        var settled = created with
        {
            Status = arrival.Status,
            Step = arrival.Step,
            HasBegun = arrival.Step > 0,
            RetryCount = arrival.RetryCount,
            Created = arrival.Created.AsStored() ?? now,
            Started = arrival.Started.AsStored(),
            Finished = arrival.Status.IsFinal() ? arrival.Finished.AsStored() ?? now : null,
            NextActivation = runs && !awaits ? created.NextActivation : null,
            OpenChildren = open,
            AwaitsChildren = awaits,
            Permit = runs ? created.Permit : Permit.None,
        };
        return (
            settled,
            history with
            {
                Status = settled.Status,
                Step = settled.Step,
                RetryCount = settled.RetryCount,
                Due = settled.NextActivation > now ? settled.NextActivation : null,
                Text = arrival.Text.Storable(),
                Details = awaits ? new() { AwaitsChildren = true } : null,
            }
        );
    }
}
