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
            StepSucceeded success => SuccessRule.Decide(before, success, now),
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

    public static SignalNames? LeftAfter(TakenSignal? taken, WorkflowRecord before) =>
        taken is null ? before.KeptSignals : before.KeptSignals.Without(taken.Name);

    public static IEnumerable<(string, string, string)> TakingOf(TakenSignal? taken) =>
        taken is null ? [] : [(ActionTypes.SignalTaken, taken.Name, $"Signal {taken.Name} taken")];

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
    public static DateTimeOffset Later(DateTimeOffset now, TimeSpan delay) =>
        delay > DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue.AsStored() : (now + delay).AsStored();

    public static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFK", CultureInfo.InvariantCulture);
}
