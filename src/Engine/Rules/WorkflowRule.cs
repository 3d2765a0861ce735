using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>
/// Decides what happens to a workflow. A pure and total function: the same row, event and instant always give the same ruling, and every
/// event has one. Executors, operations and stores call it; none of them makes such a decision itself. It relies on stored variables being
/// the text of a JSON object, because they were validated before they were written.
/// </summary>
internal static class WorkflowRule
{
    /// <summary>Decides what an event does to a workflow.</summary>
    /// <param name="before">The stored workflow.</param>
    /// <param name="happened">The event.</param>
    /// <param name="now">The current instant, by the database's clock.</param>
    public static Ruling Decide(WorkflowRecord before, WorkflowEvent happened, DateTimeOffset now) =>
        WebhookRule.Announce(before, happened, Settled(before, happened, now), now);

    private static Ruling Settled(WorkflowRecord before, WorkflowEvent happened, DateTimeOffset now) =>
        Limited(before, happened, now) switch
        {
            Ruling.Written written when HasWaits(written.After) && written.After.Status.IsFinal() => written with
            {
                After = WithoutWaits(written.After),
            },
            Ruling.Written { After: { Output: not null } after } written when !after.Status.IsFinal() => written with
            {
                After = after with { Output = null },
            },
            var ruling => ruling,
        };

    private static Ruling Limited(WorkflowRecord before, WorkflowEvent happened, DateTimeOffset now) =>
        Rule(before, happened, now) is var ruling
        && ruling is Ruling.Written written
        && !ReferenceEquals(written.After, before)
            ? PermitRule.Settle(before, happened, written, now)
            : ruling;

    private static Ruling Rule(WorkflowRecord before, WorkflowEvent happened, DateTimeOffset now) =>
        happened switch
        {
            HolderEvent held when !IsHeldBy(before, held) => new Ruling.Refused(Refusal.LeaseLost),
            AttemptEnded ended => AttemptRule.Decide(before, ended, now),
            HandedBack => OwnerRule.HandBack(before, now),
            Claimed claim => OwnerRule.Claim(before, claim, now),
            TakenOver takeover => OwnerRule.TakeOver(before, takeover, now),
            ChildEnded => FamilyRule.ChildEnded(before, now),
            ChildReopened => FamilyRule.ChildReopened(before),
            ChildWoke wake => FamilyRule.ChildWoke(before, wake, now),
            StateChanged change => OperatorRule.ChangeState(before, change, now),
            VariablesChanged changed => OperatorRule.ChangeVariables(before, changed, now),
            Placed placed => OperatorRule.Place(before, placed, now),
            Cancelled cancelled => LifecycleRule.Cancel(before, cancelled, now),
            Paused paused => LifecycleRule.Pause(before, paused, now),
            Resumed resumed => LifecycleRule.Resume(before, resumed, now),
            Retried retried => LifecycleRule.Retry(before, retried, now),
            RunAgain again => LifecycleRule.RunAgain(before, again, now),
            Signalled signalled => SignalRule.Receive(before, signalled, now),
            Deleted => LifecycleRule.Delete(before),
            VersionMoved move => OperatorRule.MoveVersion(before, move, now),
            _ => throw new ArgumentException($"There is no rule for {happened.GetType().Name}.", nameof(happened)),
        };

    /// <summary>The row and the first history entry of a new workflow, still without an id.</summary>
    public static (WorkflowRecord Workflow, HistoryEntry History) Create(
        NewWorkflow request,
        long? parentId,
        DateTimeOffset now
    )
    {
        request = PermitRule.Unclaimed(request);
        var isClaimed = request.ClaimedBy is not null;
        var created = new WorkflowRecord
        {
            Id = 0,
            ExternalId = request.ExternalId,
            WorkflowType = request.WorkflowType,
            Version = request.Version,
            BusinessKey = request.BusinessKey,
            ExecutorGroup = request.ExecutorGroup,
            Priority = request.Priority,
            Status = isClaimed ? WorkflowStatus.Executing : WorkflowStatus.New,
            State = request.State,
            Step = 0,
            RetryCount = 0,
            ExecutionCount = 0,
            Lease = isClaimed ? 1 : 0,
            ExecutorId = request.ClaimedBy,
            Revision = 0,
            Created = now,
            Modified = now,
            NextActivation = isClaimed ? null : request.NextActivation,
            Started = null,
            Finished = null,
            ParentWorkflowId = parentId,
            TraceParent = request.TraceParent,
            OpenChildren = 0,
            AwaitsChildren = false,
            Woken = false,
            Permit = request.Limit is null ? Permit.None : Permit.Needed,
            LimitKey = PermitRule.KeyOf(request),
            StateVars = request.StateVars,
        };
        var history = new HistoryEntry
        {
            Kind = HistoryKind.Created,
            To = created.State,
            Status = created.Status,
            Due = created.NextActivation > now ? created.NextActivation : null,
            Actor = request.CreatedBy?.Storable(),
            Changes = VariableTrace.OfCreation(request.StateVars, request.Tracing),
        };
        return request.Arrival is { } arrival ? ArrivalRule.Settle(created, history, arrival, now) : (created, history);
    }

    /// <summary>
    /// Clears the waits of a workflow that has ended. A failed one keeps its signals, so a retried step receives the same signal again.
    /// </summary>
    private static WorkflowRecord WithoutWaits(WorkflowRecord ended) =>
        (ended.Status, ended.DeadlineState) switch
        {
            (WorkflowStatus.Failed or WorkflowStatus.Error, null) => ended,
            (WorkflowStatus.Failed or WorkflowStatus.Error, _) => ended with { DeadlineState = null },
            _ => ended with { AwaitedSignals = null, KeptSignals = null, DeadlineState = null },
        };

    private static bool HasWaits(WorkflowRecord row) =>
        row.AwaitedSignals is not null || row.KeptSignals is not null || row.DeadlineState is not null;

    private static bool IsHeldBy(WorkflowRecord row, HolderEvent held) =>
        row.ExecutorId is not null
        && row.Lease == held.Lease
        && (held is not AttemptEnded attempt || row.ExecutionCount == attempt.ExecutionCount);
}
