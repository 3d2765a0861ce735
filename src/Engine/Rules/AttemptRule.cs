using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>Decides what the end of an attempt does to its workflow. The lease has already been checked.</summary>
internal static class AttemptRule
{
    /// <summary>The row stores only the beginning of an error; the history stores all of it.</summary>
    private const int LongestLastError = 500;

    public static Ruling Decide(WorkflowRecord before, AttemptEnded ended, DateTimeOffset now) =>
        ended switch
        {
            StepSucceeded success => SuccessRule.Decide(before, success, now),
            StepFailed failure => Fail(before, failure, now),
            StepRejected rejection => Wrong(
                before,
                Failed(before, now) with
                {
                    Status = WorkflowStatus.Error,
                },
                HistoryKind.Rejected,
                rejection,
                rejection.Error
            ),
            StepGivenUp givenUp => Wrong(before, Failed(before, now), HistoryKind.GivenUp, givenUp, givenUp.Error),
            Arrived arrival => Arrive(before, arrival, now),
            Deferred deferral => Defer(before, deferral, now),
            DeadlinePassed deadline => SignalRule.Pass(before, deadline, now),
            _ => throw new ArgumentException($"There is no rule for {ended.GetType().Name}.", nameof(ended)),
        };

    /// <summary>The workflow has reached a state without a function. Its wait and its deadline are over.</summary>
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
            HistoryKind.Arrived,
            arrival
        ) with
        {
            Takes = arrival.TakenSignal,
        };

    public static SignalNames? LeftAfter(TakenSignal? taken, WorkflowRecord before) =>
        taken is null ? before.KeptSignals : before.KeptSignals.Without(taken.Name);

    private static Ruling.Written Fail(WorkflowRecord before, StepFailed failure, DateTimeOffset now)
    {
        if (!failure.IsRetryable || before.RetryCount >= failure.Retry.MaxRetries)
        {
            var ended = failure.Otherwise is { } target ? Diverted(before, target, now) : Failed(before, now);
            return Wrong(before, ended, HistoryKind.AttemptFailed, failure, failure.Error);
        }

        var waiting = Attempted(before, now) with
        {
            Status = WorkflowStatus.InProgress,
            ExecutorId = null,
            RetryCount = before.RetryCount + 1,
            NextActivation = Later(now, failure.Retry.DelayBefore(before.RetryCount, failure.Random)),
        };
        return Wrong(before, waiting, HistoryKind.AttemptFailed, failure, failure.Error);
    }

    /// <summary>The workflow in the failure state instead of FAILED. The waits of the failed state are cleared.</summary>
    private static WorkflowRecord Diverted(WorkflowRecord before, TargetState target, DateTimeOffset now) =>
        Rested(Attempted(before, now), target, now) with
        {
            State = target.Name,
            Step = before.Step + 1,
            RetryCount = 0,
            AwaitedSignals = null,
            DeadlineState = null,
        };

    /// <summary>
    /// A deferral is recorded in the history only once until a step runs again, because executors could otherwise take turns forever with
    /// different reasons. The row has the latest reason as its last error.
    /// </summary>
    private static Ruling.Written Defer(WorkflowRecord before, Deferred deferral, DateTimeOffset now)
    {
        var waiting = Attempted(before, now) with
        {
            Status = WorkflowStatus.InProgress,
            ExecutorId = null,
            NextActivation = Later(now, deferral.Delay),
        };
        var ruling = Wrong(before, waiting, HistoryKind.Deferred, deferral, deferral.Error);
        var isDeferredAgain =
            before.LastError?.StartsWith($"{deferral.Error.Type}: ", StringComparison.Ordinal) == true;
        return isDeferredAgain ? Unseen(waiting with { LastError = ruling.After.LastError }) : ruling;
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

    /// <summary>The workflow in a state that continues immediately, waits for a person, or is final.</summary>
    public static WorkflowRecord Rested(WorkflowRecord workflow, TargetState target, DateTimeOffset now)
    {
        var isFinal = target.StatusOnArrival.IsFinal();
        return workflow with
        {
            Status = target.StatusOnArrival,
            ExecutorId = target.Runs ? workflow.ExecutorId : null,
            Finished = isFinal ? now : null,
            Woken = workflow.Woken && !isFinal,
            IsCleaningUp = workflow.IsCleaningUp && !isFinal,
        };
    }

    /// <summary>The ruling for an attempt, with its history entry. A requested pause begins now.</summary>
    public static Ruling.Written Written(
        WorkflowRecord before,
        WorkflowRecord ended,
        HistoryKind kind,
        AttemptEnded attempt,
        Func<HistoryEntry, HistoryEntry>? complete = null
    )
    {
        var entry = HistoryEntries.Of(kind, before, ended) with
        {
            RetryCount = before.RetryCount,
            ByExecutor = true,
            Duration = attempt.Duration,
            Cause = TakenBy(attempt) is { } taken ? HistoryEntries.CauseOf(taken.Name) : null,
        };
        var after = LifecycleRule.PausedIfRequested(ended, ended.Modified);
        return new(after, [complete is null ? entry : complete(entry), .. LifecycleRule.PauseOf(ended, after)])
        {
            ForParent = after.Status.IsFinal() ? [new ChildEnded()] : [],
        };
    }

    /// <summary>The ruling for an attempt without a history entry. The start of a requested pause is still recorded.</summary>
    public static Ruling.Written Unseen(WorkflowRecord ended)
    {
        var after = LifecycleRule.PausedIfRequested(ended, ended.Modified);
        return new(after, [.. LifecycleRule.PauseOf(ended, after)]);
    }

    private static TakenSignal? TakenBy(AttemptEnded attempt) =>
        attempt switch
        {
            StepSucceeded success => success.TakenSignal,
            Arrived arrival => arrival.TakenSignal,
            _ => null,
        };

    private static Ruling.Written Wrong(
        WorkflowRecord before,
        WorkflowRecord ended,
        HistoryKind kind,
        AttemptEnded attempt,
        StepError error
    ) =>
        Written(
            before,
            ended with
            {
                LastError = error.ToString().CutAt(LongestLastError).Storable(),
            },
            kind,
            attempt,
            entry =>
                entry with
                {
                    Error = error with { Message = error.Message.Storable(), Stack = error.Stack?.Storable() },
                    Details = attempt is StepFailed { IsRetryable: false } ? new() { IsNotRetryable = true } : null,
                }
        );

    /// <summary>Adds a delay. If the result would overflow, it is the latest possible instant.</summary>
    public static DateTimeOffset Later(DateTimeOffset now, TimeSpan delay) =>
        delay > DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue.AsStored() : (now + delay).AsStored();
}
