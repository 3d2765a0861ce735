using System.Globalization;
using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>What the end of an attempt does to its workflow. The lease has been checked.</summary>
internal static class AttemptRule
{
    public static Ruling Decide(WorkflowRecord before, AttemptEnded ended, DateTimeOffset now) =>
        ended switch
        {
            StepSucceeded success => Succeed(before, success, now),
            StepFailed failure => Fail(before, failure, now),
            StepRejected rejection => Written(
                before,
                Attempted(before, now) with
                {
                    Status = WorkflowStatus.Error,
                    ExecutorId = null,
                    Finished = now,
                    Woken = false,
                },
                [(ActionTypes.Error, rejection.Name, rejection.Text)]
            ),
            StepGivenUp givenUp => Written(
                before,
                Failed(before, now),
                [(ActionTypes.Failed, before.State, givenUp.Text)]
            ),
            Arrived arrival => Written(
                before,
                Rested(Attempted(before, now), arrival.Target, now) with
                {
                    RetryCount = 0,
                },
                [EndOf(arrival.Target)]
            ),
            Deferred deferral => Defer(before, deferral, now),
            _ => throw new ArgumentException($"There is no rule for {ended.GetType().Name}.", nameof(ended)),
        };

    private static Ruling Succeed(WorkflowRecord before, StepSucceeded success, DateTimeOffset now)
    {
        var target = success.Target;
        var due = DueOf(success.Activation, now);
        var awaits = success.Activation.Kind == ActivationKind.WhenChildrenFinished;
        var advanced = Attempted(before, now) with
        {
            State = target.Name,
            Step = before.Step + 1,
            RetryCount = 0,
            OpenChildren = before.OpenChildren + success.Children.Count,
            StateVars = success.StateVars ?? before.StateVars,
        };
        var after =
            awaits ? Parked(advanced, advanced.OpenChildren > 0 ? null : now)
            : due is { } instant ? Parked(advanced, before.Woken ? now : instant)
            : Rested(advanced, target, now);
        var ruling = Written(before, after, HistoryOf(before, success, awaits, due));
        return ruling with
        {
            Children = success.Children,
            ForParent = success.WakesParent ? [.. ruling.ForParent, new ChildWoke(after.State)] : ruling.ForParent,
        };
    }

    private static Ruling.Written Fail(WorkflowRecord before, StepFailed failure, DateTimeOffset now)
    {
        var error = (ActionTypes.Error, before.State, ActionTexts.Storable(failure.Error));
        if (!failure.IsRetryable || before.RetryCount >= failure.Retry.MaxRetries)
        {
            var why = failure.IsRetryable
                ? $"Max retry count reached for workflow id:{before.Id} count :{before.RetryCount}"
                : "The error is not retryable";
            return Written(before, Failed(before, now), [error, (ActionTypes.Failed, before.State, why)]);
        }

        var due = Later(now, failure.Retry.DelayBefore(before.RetryCount, failure.Random));
        return Written(
            before,
            Attempted(before, now) with
            {
                Status = WorkflowStatus.InProgress,
                ExecutorId = null,
                RetryCount = before.RetryCount + 1,
                NextActivation = due,
            },
            [error, (ActionTypes.Retry, before.State, $"Retry at {Text(due)}")]
        );
    }

    private static Ruling.Written Defer(WorkflowRecord before, Deferred deferral, DateTimeOffset now)
    {
        var due = Later(now, deferral.Delay);
        return Written(
            before,
            Attempted(before, now) with
            {
                Status = WorkflowStatus.InProgress,
                ExecutorId = null,
                NextActivation = due,
            },
            [
                (ActionTypes.Error, deferral.Name, ActionTexts.Storable(deferral.Text)),
                (ActionTypes.Retry, before.State, $"Retry at {Text(due)}"),
            ]
        );
    }

    private static WorkflowRecord Failed(WorkflowRecord before, DateTimeOffset now) =>
        Attempted(before, now) with
        {
            Status = WorkflowStatus.Failed,
            ExecutorId = null,
            Finished = now,
            Woken = false,
        };

    private static WorkflowRecord Attempted(WorkflowRecord before, DateTimeOffset now) =>
        before with
        {
            ExecutionCount = before.ExecutionCount + 1,
            Revision = before.Revision + 1,
            Started = before.Started ?? now,
            Modified = now,
        };

    /// <summary>Until an instant, or without one until the children have finished.</summary>
    private static WorkflowRecord Parked(WorkflowRecord workflow, DateTimeOffset? due) =>
        workflow with
        {
            Status = WorkflowStatus.InProgress,
            ExecutorId = null,
            NextActivation = due,
            AwaitsChildren = due is null,
            Woken = false,
        };

    /// <summary>In a state that goes on at once, waits for a person, or is the end.</summary>
    private static WorkflowRecord Rested(WorkflowRecord workflow, TargetState target, DateTimeOffset now)
    {
        var isFinal = target.StatusOnArrival.IsFinal();
        return workflow with
        {
            Status = target.StatusOnArrival,
            ExecutorId = target.Runs ? workflow.ExecutorId : null,
            Finished = isFinal ? now : null,
            Woken = workflow.Woken && !isFinal,
        };
    }

    /// <summary>When a workflow that parks is due; null for one that does not park, or awaits its children.</summary>
    private static DateTimeOffset? DueOf(Activation activation, DateTimeOffset now) =>
        activation.Kind switch
        {
            ActivationKind.At when activation.Instant > now => activation.Instant.AsStored(),
            ActivationKind.After when activation.Delay > TimeSpan.Zero => Later(now, activation.Delay),
            _ => null,
        };

    private static List<(string, string, string)> HistoryOf(
        WorkflowRecord before,
        StepSucceeded success,
        bool awaits,
        DateTimeOffset? due
    )
    {
        var target = success.Target;
        var history = new List<(string, string, string)>(3)
        {
            (ActionTypes.Transition, before.State, $"From {before.State} to {target.Name}"),
        };
        if (!string.IsNullOrEmpty(success.LogText))
        {
            history.Add((ActionTypes.Log, target.Name, ActionTexts.Storable(success.LogText)));
        }

        if (awaits || due is not null)
        {
            var until = due is { } instant ? Text(instant) : "when the children have finished";
            history.Add((ActionTypes.ScheduleActivation, target.Name, until));
        }
        else if (!target.Runs)
        {
            history.Add(EndOf(target));
        }

        return history;
    }

    private static (string, string, string) EndOf(TargetState target) =>
        (ActionTypes.End, target.Name, target.StatusOnArrival.IsFinal() ? "workflow complete" : "waits for a person");

    private static Ruling.Written Written(
        WorkflowRecord before,
        WorkflowRecord ended,
        IReadOnlyList<(string Type, string Name, string Text)> history
    )
    {
        var after = LifecycleRule.PausedIfRequested(ended, ended.Modified);
        return new(
            after,
            [
                .. history.Select(entry => new HistoryEntry(
                    entry.Type,
                    entry.Name,
                    entry.Text,
                    after.ExecutionCount,
                    before.RetryCount,
                    ByExecutor: true
                )),
            ]
        )
        {
            ForParent = after.Status.IsFinal() ? [new ChildEnded()] : [],
        };
    }

    /// <summary>An instant so far in the future that no calendar has it is the last one that it has.</summary>
    private static DateTimeOffset Later(DateTimeOffset now, TimeSpan delay) =>
        delay > DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue.AsStored() : (now + delay).AsStored();

    private static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFK", CultureInfo.InvariantCulture);
}
