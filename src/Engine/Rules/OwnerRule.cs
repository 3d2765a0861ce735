using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>
/// Decides changes of ownership: claims, hand-backs and takeovers. Each increases the lease, which fences out the previous owner.
/// </summary>
internal static class OwnerRule
{
    public static Ruling Claim(WorkflowRecord before, Claimed claim, DateTimeOffset now) =>
        before is { ExecutorId: null, NextActivation: { } due }
        && due <= now
        && (before.Permit != Permit.Needed || claim.WithPermit)
            ? new Ruling.Written(
                before with
                {
                    Status = WorkflowStatus.Executing,
                    ExecutorId = claim.ExecutorId,
                    Lease = before.Lease + 1,
                    Revision = before.Revision + 1,
                    NextActivation = null,
                    Modified = now,
                },
                []
            )
            : new Ruling.Refused(Refusal.LeaseLost);

    public static Ruling HandBack(WorkflowRecord before, DateTimeOffset now)
    {
        var after = Unowned(before, now);
        return new Ruling.Written(after, [.. LifecycleRule.PauseOf(before, after)]);
    }

    public static Ruling TakeOver(WorkflowRecord before, TakenOver takeover, DateTimeOffset now) =>
        before.ExecutorId == takeover.Owner && Unowned(before, now) is var unowned
            ? new Ruling.Written(
                unowned,
                [
                    HistoryEntries.Of(HistoryKind.TakenOver, before, unowned) with
                    {
                        ByExecutor = true,
                        Cause = $"executor:{takeover.Owner}",
                    },
                    .. LifecycleRule.PauseOf(before, unowned),
                ]
            )
            : new Ruling.Refused(Refusal.LeaseLost);

    /// <summary>The workflow without an owner, due immediately unless a pause was requested.</summary>
    public static WorkflowRecord Unowned(WorkflowRecord before, DateTimeOffset now) =>
        LifecycleRule.PausedIfRequested(
            before with
            {
                Status = WorkflowStatus.InProgress,
                ExecutorId = null,
                Lease = before.Lease + 1,
                Revision = before.Revision + 1,
                NextActivation = now,
                Modified = now,
            },
            now
        );
}
