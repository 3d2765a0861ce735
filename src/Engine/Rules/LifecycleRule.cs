using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>What a person does to the course of a workflow: cancel, pause, resume, retry, run again, delete.</summary>
internal static class LifecycleRule
{
    /// <summary>One that cleans up already is cancelled for good.</summary>
    public static Ruling Cancel(WorkflowRecord before, Cancelled cancelled, DateTimeOffset now)
    {
        if (before.Status.IsFinal())
        {
            return new Ruling.Refused(Refusal.WrongStatus);
        }

        var cleansUpIn =
            cancelled.CleansUpIn is { Runs: true } target
            && target.Name != before.State
            && !cancelled.CleanUpStates.Contains(before.State)
                ? target
                : null;
        return cleansUpIn is null
            ? OperatorRule.Changed(
                before,
                OperatorRule.TakenAway(before, now) with
                {
                    Status = WorkflowStatus.Cancelled,
                    NextActivation = null,
                    Finished = now,
                    Woken = false,
                },
                cancelled,
                HistoryKind.Cancelled
            )
            : OperatorRule.Changed(
                before,
                OperatorRule.MovedTo(before, cleansUpIn, now, now),
                cancelled,
                HistoryKind.Cancelled
            );
    }

    /// <summary>One that is paused already stays as it is.</summary>
    public static Ruling Pause(WorkflowRecord before, Paused paused, DateTimeOffset now)
    {
        if (before.Status.IsFinal())
        {
            return new Ruling.Refused(Refusal.WrongStatus);
        }

        if (before.Status == WorkflowStatus.Paused || before.PauseRequested)
        {
            return new Ruling.Written(before, []) { IsVisible = false };
        }

        var runs = before.ExecutorId is not null;
        var marked = before with { PauseRequested = true, Modified = now, Revision = before.Revision + 1 };
        return OperatorRule.Changed(before, runs ? marked : PausedIfRequested(marked, now), paused, HistoryKind.Paused);
    }

    /// <summary>
    /// It is due when it would have been, or at once if it was woken meanwhile; a wake does not shorten the wait for the next attempt.
    /// One that waits for a person or its children continues waiting.
    /// </summary>
    public static Ruling Resume(WorkflowRecord before, Resumed resumed, DateTimeOffset now)
    {
        if (before.Status != WorkflowStatus.Paused && !before.PauseRequested)
        {
            return new Ruling.Refused(Refusal.WrongStatus);
        }

        if (before.State != resumed.Current.Name)
        {
            return new Ruling.Refused(Refusal.WrongState);
        }

        var touched = before with { PauseRequested = false, Modified = now, Revision = before.Revision + 1 };
        return OperatorRule.Changed(
            before,
            before.Status == WorkflowStatus.Paused ? Unpaused(touched, resumed.Current, now) : touched,
            resumed,
            HistoryKind.Resumed
        );
    }

    /// <summary>A failed one gets all its retries again; one that waits for its next attempt keeps their count.</summary>
    public static Ruling Retry(WorkflowRecord before, Retried retried, DateTimeOffset now)
    {
        if (before.State != retried.Current.Name)
        {
            return new Ruling.Refused(Refusal.WrongState);
        }

        var touched = before with { Modified = now, Revision = before.Revision + 1 };
        WorkflowRecord? after = before switch
        {
            { Status: WorkflowStatus.Failed or WorkflowStatus.Error } when retried.Current.Runs => touched with
            {
                Status = WorkflowStatus.InProgress,
                RetryCount = 0,
                Finished = null,
                NextActivation = now,
            },
            { Status: WorkflowStatus.InProgress, RetryCount: > 0 } => touched with { NextActivation = now },
            { Status: WorkflowStatus.Paused, RetryCount: > 0 } when retried.Current.Runs => Unpaused(
                touched,
                retried.Current,
                now
            ) with
            {
                NextActivation = now,
            },
            _ => null,
        };
        return after is null
            ? new Ruling.Refused(Refusal.WrongStatus)
            : OperatorRule.Changed(before, after, retried, HistoryKind.Retried);
    }

    /// <summary>A new step, so that calls to the outside that are made once for each step are made again.</summary>
    public static Ruling RunAgain(WorkflowRecord before, RunAgain again, DateTimeOffset now)
    {
        var edit = VariableEditor.Apply(again.Variables, before.StateVars);
        if (edit is not VariableEdit.Done(var stateVars))
        {
            return edit.Refusal();
        }

        return OperatorRule.Changed(
            before,
            OperatorRule.MovedTo(before, again.Target, now, now) with
            {
                StateVars = stateVars,
            },
            again,
            HistoryKind.RunAgain,
            again.Variables
        );
    }

    public static Ruling Delete(WorkflowRecord before) =>
        before.Status.IsFinal() ? new Ruling.Removed() : new Ruling.Refused(Refusal.WrongStatus);

    /// <summary>A workflow that is to be paused and does not run rests; an end needs no pause.</summary>
    public static WorkflowRecord PausedIfRequested(WorkflowRecord workflow, DateTimeOffset now) =>
        workflow switch
        {
            { PauseRequested: false } => workflow,
            _ when workflow.Status.IsFinal() => workflow with { PauseRequested = false },
            _ => workflow with
            {
                Status = WorkflowStatus.Paused,
                PauseRequested = false,
                HeldActivation = workflow.Status == WorkflowStatus.Executing ? now : workflow.NextActivation,
                NextActivation = null,
                ExecutorId = null,
            },
        };

    /// <summary>The entry that says that a pause has begun, if it has.</summary>
    public static IEnumerable<HistoryEntry> PauseOf(WorkflowRecord before, WorkflowRecord after) =>
        before.PauseRequested && after.Status == WorkflowStatus.Paused
            ? [HistoryEntries.Of(HistoryKind.Paused, after, after) with { ByExecutor = true }]
            : [];

    /// <summary>As it was before the pause; what has come meanwhile makes it due.</summary>
    private static WorkflowRecord Unpaused(WorkflowRecord workflow, TargetState current, DateTimeOffset now)
    {
        var held = workflow.HeldActivation;
        var parked = workflow with { Status = WorkflowStatus.InProgress, HeldActivation = null };
        if (workflow.AwaitsChildren)
        {
            return parked with { NextActivation = held };
        }

        if (workflow is { AwaitedSignals: not null, RetryCount: 0 })
        {
            return parked with { NextActivation = workflow.KeptSignals.Meet(workflow.AwaitedSignals) ? now : held };
        }

        var hadArrived = !current.Runs && (held is null || workflow.DeadlineState is not null);
        var waitsOn = workflow.DeadlineState is not null || !workflow.Woken;
        if (hadArrived && waitsOn && !current.StatusOnArrival.IsFinal())
        {
            return parked with { Status = current.StatusOnArrival, NextActivation = held };
        }

        var wakes = workflow is { Woken: true, RetryCount: 0 };
        return parked with { NextActivation = wakes ? now : held ?? now, Woken = workflow.Woken && !wakes };
    }
}
