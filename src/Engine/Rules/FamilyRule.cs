using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>Decides what events of children do to their parent.</summary>
internal static class FamilyRule
{
    /// <summary>
    /// The end of the last open child makes a parent due that waits for its children. A paused parent keeps this as a wake. A parent that
    /// is owned because its deadline has passed notices it when it commits the deadline.
    /// </summary>
    public static Ruling ChildEnded(WorkflowRecord parent, DateTimeOffset now)
    {
        var open = parent.OpenChildren - 1;
        var counted = parent with { OpenChildren = open, Revision = parent.Revision + 1 };
        if (!parent.AwaitsChildren || open > 0)
        {
            return new Ruling.Written(counted, []);
        }

        var isPaused = parent.Status == WorkflowStatus.Paused;
        var isOwned = parent.ExecutorId is not null;
        return new Ruling.Written(
            counted with
            {
                AwaitsChildren = false,
                DeadlineState = null,
                HeldActivation = null,
                NextActivation = isPaused || isOwned ? null : now,
                Woken = isPaused || (isOwned && parent.Woken),
                Modified = now,
            },
            []
        );
    }

    public static Ruling ChildReopened(WorkflowRecord parent) =>
        new Ruling.Written(parent with { OpenChildren = parent.OpenChildren + 1, Revision = parent.Revision + 1 }, []);

    /// <summary>
    /// A wake makes a parked parent due immediately. Other parents keep the wake until they park: those that run, are paused, wait for a
    /// person or a signal, or wait for their next attempt, because a back-off is never shortened. A parent that waits for all its children
    /// is not affected; the last child makes it due.
    /// </summary>
    public static Ruling ChildWoke(WorkflowRecord parent, ChildWoke wake, DateTimeOffset now)
    {
        HistoryEntry[] history =
        [
            HistoryEntries.Of(HistoryKind.ChildWoke, parent, parent) with
            {
                ByExecutor = true,
                Cause = $"workflow:{wake.ChildId}",
                Text = wake.ChildState,
            },
        ];
        return parent switch
        {
            _ when parent.AwaitsChildren || parent.Status.IsFinal() => new Ruling.Written(parent, history)
            {
                IsVisible = false,
            },
            { Status: WorkflowStatus.InProgress, RetryCount: 0, AwaitedSignals: null } => new Ruling.Written(
                parent with
                {
                    NextActivation = parent.NextActivation < now ? parent.NextActivation : now,
                    Modified = now,
                    Revision = parent.Revision + 1,
                },
                history
            ),
            _ => new Ruling.Written(parent with { Woken = true, Revision = parent.Revision + 1 }, history)
            {
                IsVisible = false,
            },
        };
    }
}
