using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>Decides what lifecycle actions of a person do to a workflow: cancel, pause, resume, retry, run again, delete.</summary>
internal static class LifecycleRule
{
    /// <summary>Cancels a workflow. If it is already cleaning up, it ends as CANCELLED.</summary>
    public static Ruling Cancel(WorkflowRecord before, Cancelled cancelled, DateTimeOffset now)
    {
        if (before.Status.IsFinal())
        {
            return new Ruling.Refused(Refusal.WrongStatus);
        }

        var after =
            cancelled.CleansUpIn is { Runs: true } target && !before.IsCleaningUp
                ? CleaningUp(before, target, now)
                : OperatorRule.TakenAway(before, now) with
                {
                    Status = WorkflowStatus.Cancelled,
                    NextActivation = null,
                    Finished = now,
                    Woken = false,
                    IsCleaningUp = false,
                };
        return OperatorRule.Changed(before, after, cancelled, HistoryKind.Cancelled);
    }

    /// <summary>Pauses a workflow. If it is already paused, nothing changes.</summary>
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
    /// Resumes a workflow. It is due at its original instant, or immediately if it was woken meanwhile; a wake does not shorten the
    /// back-off before the next attempt. A workflow that waits for a person or its children continues to wait.
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

    /// <summary>
    /// Retries a workflow immediately. A failed workflow gets all its retries again; one that waits for its next attempt keeps its count.
    /// </summary>
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

    /// <summary>Runs a workflow again from a state, as a new step, so external calls with the step key are made again.</summary>
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

    /// <summary>Starts a requested pause of a workflow whose step has ended. A final workflow only drops the request.</summary>
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

    /// <summary>The history entry for the start of a requested pause, if it has started.</summary>
    public static IEnumerable<HistoryEntry> PauseOf(WorkflowRecord before, WorkflowRecord after) =>
        before.PauseRequested && after.Status == WorkflowStatus.Paused
            ? [HistoryEntries.Of(HistoryKind.Paused, after, after) with { ByExecutor = true }]
            : [];

    /// <summary>
    /// The workflow in the clean-up state. If it is already in that state, because it came there without a cancel, it runs it again as the
    /// same step.
    /// </summary>
    private static WorkflowRecord CleaningUp(WorkflowRecord before, TargetState target, DateTimeOffset now) =>
        OperatorRule.MovedTo(before, target, now, now) with
        {
            Step = target.Name == before.State ? before.Step : before.Step + 1,
            IsCleaningUp = true,
        };

    /// <summary>The workflow as it was before the pause. Events that came during the pause make it due.</summary>
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
