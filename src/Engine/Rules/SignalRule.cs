using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>Decides what signals and deadlines do to a workflow.</summary>
internal static class SignalRule
{
    /// <summary>
    /// Every signal is kept until a step takes it. A signal that the workflow waits for makes it due. A paused workflow finds it when it is
    /// resumed. A back-off before the next attempt is not shortened.
    /// </summary>
    public static Ruling Receive(WorkflowRecord before, Signalled signalled, DateTimeOffset now)
    {
        if (before.Status.IsFinal())
        {
            return new Ruling.Refused(Refusal.WrongStatus);
        }

        if (before.KeptSignals.Count() >= signalled.KeptLimit)
        {
            return new Ruling.Refused(Refusal.TooManySignals);
        }

        var kept = before with
        {
            KeptSignals = before.KeptSignals.With(signalled.Signal.Name),
            Modified = now,
            Revision = before.Revision + 1,
        };
        var wakes =
            before is { Status: WorkflowStatus.InProgress, RetryCount: 0 }
            && kept.KeptSignals.Meet(kept.AwaitedSignals);
        return new Ruling.Written(
            wakes ? kept with { NextActivation = now } : kept,
            [
                HistoryEntries.Of(HistoryKind.Signalled, before, kept) with
                {
                    Actor = signalled.Actor,
                    Cause = HistoryEntries.CauseOf(signalled.Signal.Name),
                },
            ]
        )
        {
            Keeps = signalled,
        };
    }

    /// <summary>
    /// A deadline has passed. If a person, the last child or a signal has come in the meantime, the deadline no longer applies, and the
    /// workflow continues normally.
    /// </summary>
    public static Ruling.Written Pass(WorkflowRecord before, DeadlinePassed deadline, DateTimeOffset now)
    {
        var ended = AttemptRule.Attempted(before, now);
        if (before.DeadlineState != deadline.Target.Name || before.KeptSignals.Meet(before.AwaitedSignals))
        {
            return AttemptRule.Unseen(ended with { DeadlineState = null });
        }

        var moved = ended with
        {
            State = deadline.Target.Name,
            Step = before.Step + 1,
            RetryCount = 0,
            AwaitsChildren = false,
            AwaitedSignals = null,
            DeadlineState = null,
        };
        return AttemptRule.Written(
            before,
            AttemptRule.Rested(moved, deadline.Target, now),
            HistoryKind.DeadlinePassed,
            deadline
        );
    }
}
