using System.Globalization;
using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>What the end of an attempt does to its workflow. The lease has been checked.</summary>
internal static class AttemptRule
{
    /// <summary>The row holds the beginning of an error; the history holds all of it.</summary>
    private const int LongestLastError = 500;

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
                    LastError = ErrorOf(rejection.Text),
                },
                [(ActionTypes.Error, rejection.Name, rejection.Text)]
            ),
            StepGivenUp givenUp => Written(
                before,
                Failed(before, now) with
                {
                    LastError = ErrorOf(givenUp.Text),
                },
                [(ActionTypes.Failed, before.State, givenUp.Text)]
            ),
            Arrived arrival => Arrive(before, arrival, now),
            Deferred deferral => Defer(before, deferral, now),
            DeadlinePassed deadline => SignalRule.Pass(before, deadline, now),
            _ => throw new ArgumentException($"There is no rule for {ended.GetType().Name}.", nameof(ended)),
        };

    private static Ruling Succeed(WorkflowRecord before, StepSucceeded success, DateTimeOffset now)
    {
        var advanced = Attempted(before, now) with
        {
            State = success.Target.Name,
            Step = before.Step + 1,
            RetryCount = 0,
            LastError = null,
            OpenChildren = before.OpenChildren + success.Children.Count,
            AwaitedSignals = success.AwaitedSignals,
            KeptSignals = LeftAfter(success.TakenSignal, before),
            DeadlineState = null,
            StateVars = success.StateVars ?? before.StateVars,
        };
        var ruling = Written(before, Waiting(advanced, success, now), HistoryOf(before, success, now));
        return ruling with
        {
            Children = success.Children,
            Takes = success.TakenSignal,
            ForParent = success.WakesParent
                ? [.. ruling.ForParent, new ChildWoke(success.Target.Name)]
                : ruling.ForParent,
        };
    }

    /// <summary>What it waited for has come, and its deadline with it.</summary>
    private static Ruling.Written Arrive(WorkflowRecord before, Arrived arrival, DateTimeOffset now) =>
        Written(
            before,
            Rested(Attempted(before, now), arrival.Target, now) with
            {
                RetryCount = 0,
                AwaitedSignals = null,
                KeptSignals = LeftAfter(arrival.TakenSignal, before),
                DeadlineState = null,
            },
            [.. TakingOf(arrival.TakenSignal), EndOf(arrival.Target)]
        ) with
        {
            Takes = arrival.TakenSignal,
        };

    private static SignalNames? LeftAfter(TakenSignal? taken, WorkflowRecord before) =>
        taken is null ? before.KeptSignals : before.KeptSignals.Without(taken.Name);

    private static IEnumerable<(string, string, string)> TakingOf(TakenSignal? taken) =>
        taken is null ? [] : [(ActionTypes.SignalTaken, taken.Name, $"Signal {taken.Name} taken")];

    /// <summary>As the step wants it to wait, or not to. A wake that came before makes one due that waits for an instant only.</summary>
    private static WorkflowRecord Waiting(WorkflowRecord advanced, StepSucceeded success, DateTimeOffset now) =>
        success.Activation.Kind switch
        {
            ActivationKind.WhenChildrenFinished when advanced.OpenChildren > 0 => WithDeadline(
                Parked(advanced, null) with
                {
                    AwaitsChildren = true,
                    Woken = false,
                },
                success,
                now
            ),
            ActivationKind.WhenChildrenFinished => Parked(advanced, now) with { Woken = false },
            ActivationKind.WhenSignalled when advanced.KeptSignals.Meet(advanced.AwaitedSignals) => Parked(
                advanced,
                now
            ),
            ActivationKind.WhenSignalled => WithDeadline(Parked(advanced, null), success, now),
            _ when DueOf(success.Activation, now) is { } due => Parked(advanced, advanced.Woken ? now : due) with
            {
                Woken = false,
            },
            _ when success.Target.StatusOnArrival == WorkflowStatus.Waiting => WithDeadline(
                Rested(advanced, success.Target, now),
                success,
                now
            ),
            _ => Rested(advanced, success.Target, now),
        };

    private static WorkflowRecord WithDeadline(WorkflowRecord waiting, StepSucceeded success, DateTimeOffset now) =>
        success.Deadline is { } deadline
            ? waiting with
            {
                NextActivation = DeadlineOf(deadline, now),
                DeadlineState = deadline.State,
            }
            : waiting;

    private static DateTimeOffset DeadlineOf(Deadline deadline, DateTimeOffset now) =>
        deadline.Instant?.AsStored() ?? Later(now, deadline.Delay);

    private static Ruling.Written Fail(WorkflowRecord before, StepFailed failure, DateTimeOffset now)
    {
        var error = (ActionTypes.Error, before.State, ActionTexts.Storable(failure.Error));
        if (!failure.IsRetryable || before.RetryCount >= failure.Retry.MaxRetries)
        {
            var why = failure.IsRetryable
                ? $"Max retry count reached for workflow id:{before.Id} count :{before.RetryCount}"
                : "The error is not retryable";
            return Written(
                before,
                Failed(before, now) with
                {
                    LastError = ErrorOf(failure.Error),
                },
                [error, (ActionTypes.Failed, before.State, why)]
            );
        }

        var due = Later(now, failure.Retry.DelayBefore(before.RetryCount, failure.Random));
        return Written(
            before,
            Attempted(before, now) with
            {
                Status = WorkflowStatus.InProgress,
                ExecutorId = null,
                RetryCount = before.RetryCount + 1,
                LastError = ErrorOf(failure.Error),
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
                LastError = ErrorOf(deferral.Text),
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

    public static WorkflowRecord Attempted(WorkflowRecord before, DateTimeOffset now) =>
        before with
        {
            ExecutionCount = before.ExecutionCount + 1,
            Revision = before.Revision + 1,
            Started = before.Started ?? now,
            Modified = now,
        };

    private static WorkflowRecord Parked(WorkflowRecord workflow, DateTimeOffset? due) =>
        workflow with
        {
            Status = WorkflowStatus.InProgress,
            ExecutorId = null,
            NextActivation = due,
        };

    /// <summary>In a state that goes on at once, waits for a person, or is the end.</summary>
    public static WorkflowRecord Rested(WorkflowRecord workflow, TargetState target, DateTimeOffset now)
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
        DateTimeOffset now
    )
    {
        var target = success.Target;
        var history = new List<(string, string, string)>(3);
        history.AddRange(TakingOf(success.TakenSignal));
        history.Add((ActionTypes.Transition, before.State, $"From {before.State} to {target.Name}"));
        if (!string.IsNullOrEmpty(success.LogText))
        {
            history.Add((ActionTypes.Log, target.Name, ActionTexts.Storable(success.LogText)));
        }

        if (WaitOf(success, now) is { } wait)
        {
            history.Add((ActionTypes.ScheduleActivation, target.Name, wait));
        }
        else if (!target.Runs)
        {
            history.Add(EndOf(target));
        }

        return history;
    }

    /// <summary>What a workflow that parks waits for, in words.</summary>
    private static string? WaitOf(StepSucceeded success, DateTimeOffset now)
    {
        var wait = success.Activation.Kind switch
        {
            ActivationKind.WhenChildrenFinished => "when the children have finished",
            ActivationKind.WhenSignalled => $"when signalled: {string.Join(" or ", success.AwaitedSignals?.All ?? [])}",
            _ when DueOf(success.Activation, now) is { } due => Text(due),
            _ => null,
        };
        return
            wait is not null
            && success.Deadline is { } deadline
            && success.Activation.Kind is not (ActivationKind.At or ActivationKind.After)
            ? $"{wait}, or {deadline.State} at {Text(DeadlineOf(deadline, now))}"
            : wait;
    }

    public static (string, string, string) EndOf(TargetState target) =>
        (ActionTypes.End, target.Name, target.StatusOnArrival.IsFinal() ? "workflow complete" : "waits for a person");

    public static Ruling.Written Written(
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

    private static string ErrorOf(string text) =>
        ActionTexts.Storable(text.Length <= LongestLastError ? text : text[..LongestLastError]);

    /// <summary>An instant so far in the future that no calendar has it is the last one that it has.</summary>
    private static DateTimeOffset Later(DateTimeOffset now, TimeSpan delay) =>
        delay > DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue.AsStored() : (now + delay).AsStored();

    private static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFK", CultureInfo.InvariantCulture);
}
