using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Rules;

/// <summary>
/// Applies limits after every event. A workflow that enters a state with a limit does not continue, but becomes due and waits for a permit.
/// Owning such a workflow is the permit, so whatever ends the ownership frees the permit.
/// </summary>
internal static class PermitRule
{
    /// <summary>Adapts a ruling to the limits.</summary>
    public static Ruling.Written Settle(
        WorkflowRecord before,
        WorkflowEvent happened,
        Ruling.Written ruling,
        DateTimeOffset now
    )
    {
        var after = ruling.After;
        var limit = LimitOf(before, happened, after.State);
        if (limit is null && after.Permit == Permit.None)
        {
            return ruling;
        }

        if (limit is null || after.Status.IsFinal())
        {
            return ruling with { After = after with { Permit = Permit.None } };
        }

        var keyed = limit.PerKey && after.LimitKey.Length == 0 ? after with { LimitKey = after.BusinessKey } : after;
        if (after.ExecutorId is null)
        {
            return ruling with { After = keyed with { Permit = Needs(keyed) } };
        }

        var keeps =
            before.Permit == Permit.Needed
            && (!limit.AsksEachTime || after.Step == before.Step)
            && (!limit.PerKey || keyed.LimitKey == before.LimitKey);
        return happened is AttemptEnded && !keeps ? Parked(ruling, keyed, now)
            : happened is AttemptEnded ? ruling with { After = keyed with { Permit = Permit.Needed } }
            : ruling;
    }

    /// <summary>Removes the claim from a new workflow that needs a permit.</summary>
    public static NewWorkflow Unclaimed(NewWorkflow request) =>
        request.Limit is null ? request : request with { ClaimedBy = null };

    /// <summary>The limit key of a new workflow.</summary>
    public static string KeyOf(NewWorkflow request) =>
        request.LimitKey ?? (request.Limit is { PerKey: true } ? request.BusinessKey : "");

    private static Ruling.Written Parked(Ruling.Written ruling, WorkflowRecord after, DateTimeOffset now)
    {
        var parked = after with
        {
            Status = WorkflowStatus.InProgress,
            ExecutorId = null,
            NextActivation = now,
            Permit = Permit.Needed,
        };
        return ruling with
        {
            After = parked,
            History =
            [
                .. ruling.History.Select(entry =>
                    entry.Status == WorkflowStatus.Executing
                        ? entry with
                        {
                            Status = parked.Status,
                            Due = parked.NextActivation,
                        }
                        : entry
                ),
            ],
        };
    }

    /// <summary>
    /// Which permit a parked workflow needs. A deadline that passes before the wait ends does not run a function, so it needs none.
    /// </summary>
    private static Permit Needs(WorkflowRecord parked) =>
        parked.DeadlineState is not null && !parked.KeptSignals.Meet(parked.AwaitedSignals)
            ? Permit.Later
            : Permit.Needed;

    /// <summary>The limit of the current state: from the event if it has the state, otherwise derived from the row.</summary>
    private static StateLimit? LimitOf(WorkflowRecord before, WorkflowEvent happened, string state) =>
        TargetOf(before, happened) is { } target && target.Name == state ? target.Limit
        : before.Permit == Permit.None || before.State != state ? null
        : new StateLimit(AsksEachTime: true, PerKey: false);

    private static TargetState? TargetOf(WorkflowRecord before, WorkflowEvent happened) =>
        happened switch
        {
            StepSucceeded success => success.Target,
            StepFailed failure => failure.Otherwise,
            Arrived arrival => arrival.Target,
            DeadlinePassed deadline => deadline.Target,
            StateChanged change => change.Target,
            RunAgain again => again.Target,
            Cancelled cancelled => cancelled.CleansUpIn,
            Resumed resumed => resumed.Current,
            Retried retried => retried.Current,
            VersionMoved move => move.States.GetValueOrDefault(before.State),
            _ => null,
        };
}
