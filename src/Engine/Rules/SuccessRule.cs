using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>Decides what a successful step does to its workflow: the next state, and what it waits for.</summary>
internal static class SuccessRule
{
    public static Ruling Decide(WorkflowRecord before, StepSucceeded success, DateTimeOffset now)
    {
        var advanced = AttemptRule.Attempted(before, now) with
        {
            State = success.Target.Name,
            Step = before.Step + 1,
            RetryCount = 0,
            LastError = null,
            HasBegun = true,
            IsCleaningUp = before.IsCleaningUp && !success.ContinuesAnew,
            OpenChildren = before.OpenChildren + success.Children.Count,
            AwaitedSignals = success.AwaitedSignals,
            KeptSignals = AttemptRule.LeftAfter(success.TakenSignal, before),
            DeadlineState = null,
            LimitKey = success.LimitKey ?? before.LimitKey,
            StateVars = success.StateVars ?? before.StateVars,
            Output = success.Output,
        };
        var waiting = Waiting(advanced, success, now);
        var ruling = AttemptRule.Written(
            before,
            waiting,
            success.ContinuesAnew ? HistoryKind.ContinuedAnew : HistoryKind.Transition,
            success,
            entry =>
                entry with
                {
                    Text = string.IsNullOrEmpty(success.LogText) ? null : success.LogText.Storable(),
                    Details = DetailsOf(waiting, success),
                    Changes = success.Changes,
                }
        );
        return ruling with
        {
            Children = success.Children,
            Takes = success.TakenSignal,
            ClosesHistory = success.ContinuesAnew,
            ForParent = success.WakesParent
                ? [.. ruling.ForParent, new ChildWoke(before.Id, success.Target.Name)]
                : ruling.ForParent,
        };
    }

    /// <summary>
    /// The workflow with the wait that the step requests. An earlier wake makes it due immediately if it only waits for an instant.
    /// </summary>
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
                AttemptRule.Rested(advanced, success.Target, now),
                success,
                now
            ),
            _ => AttemptRule.Rested(advanced, success.Target, now),
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
        deadline.Instant?.AsStored() ?? AttemptRule.Later(now, deadline.Delay);

    private static WorkflowRecord Parked(WorkflowRecord workflow, DateTimeOffset? due) =>
        workflow with
        {
            Status = WorkflowStatus.InProgress,
            ExecutorId = null,
            NextActivation = due,
        };

    /// <summary>When a workflow that waits for an instant is due, or null.</summary>
    private static DateTimeOffset? DueOf(Activation activation, DateTimeOffset now) =>
        activation.Kind switch
        {
            ActivationKind.At when activation.Instant > now => activation.Instant.AsStored(),
            ActivationKind.After when activation.Delay > TimeSpan.Zero => AttemptRule.Later(now, activation.Delay),
            _ => null,
        };

    private static HistoryDetails? DetailsOf(WorkflowRecord waiting, StepSucceeded success) =>
        success.Activation.Kind is ActivationKind.WhenChildrenFinished or ActivationKind.WhenSignalled
        || waiting.DeadlineState is not null
        || success.Children.Count > 0
            ? new HistoryDetails
            {
                AwaitsChildren = success.Activation.Kind == ActivationKind.WhenChildrenFinished ? true : null,
                AwaitedSignals = success.AwaitedSignals?.All,
                DeadlineState = waiting.DeadlineState,
                Children =
                    success.Children.Count == 0
                        ? null
                        : success.Children.CountBy(child => child.WorkflowType).ToDictionary(StringComparer.Ordinal),
            }
            : null;
}
