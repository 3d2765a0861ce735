using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>Turns the outcome of an attempt into an event. The rule decides what the event does to the workflow.</summary>
internal static class StepPlanner
{
    private const int LongestMessage = 8000;
    private const int LongestStack = 8000;
    private static readonly TimeSpan PauseWithoutDefinition = TimeSpan.FromSeconds(30);

    /// <summary>The event for the end of an attempt.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="state">The state that ran.</param>
    /// <param name="run">The workflow at the start of the attempt, and the signal that it received.</param>
    /// <param name="attempt">How the attempt ended.</param>
    /// <param name="duration">How long the state function ran.</param>
    /// <param name="children">The children to create.</param>
    /// <param name="random">A number between 0 and 1, for the jitter of a retry.</param>
    public static EventFor Plan(
        WorkflowDefinition definition,
        StateDefinition state,
        WorkflowRun run,
        Attempt attempt,
        TimeSpan duration,
        IReadOnlyList<NewWorkflow> children,
        double random
    )
    {
        var before = run.Workflow;
        return attempt switch
        {
            Attempt.Succeeded { Next: { Undoing: Undoing.Undone, IsSettled: false } } => Rejected(
                definition,
                before,
                $"'{before.State}' returns Undone, but it does not undo another state; "
                    + (
                        definition.Compensations?.Compensating is { } compensating
                            ? $"expected it only from {string.Join(", ", compensating)}"
                            : $"no state of {definition.Name} names one with [Compensate]"
                    ),
                duration
            ),
            Attempt.Succeeded success when UndeclaredIn(definition, state, success.Next) is { } undeclared =>
                Undeclared(definition, before, state, undeclared, duration),
            Attempt.Succeeded success when definition.TryFind(success.Next.Target, out var target) => Transition(
                definition,
                run,
                target,
                success,
                duration,
                children
            ),
            Attempt.Failed failure => EventOf(
                definition,
                before,
                new StepFailed(
                    before.Lease,
                    before.ExecutionCount,
                    ErrorOf(failure.Reason),
                    definition.RetryOf(state).For(failure.Reason),
                    random
                )
                {
                    Duration = duration,
                    IsRetryable = failure.Reason is not NotRetryableException,
                    Otherwise = definition.FailureStateOf(state) is { } otherwise ? TargetOf(otherwise) : null,
                }
            ),
            _ => throw new ArgumentException($"There is nothing to commit of {attempt}.", nameof(attempt)),
        };
    }

    /// <summary>The event for a wait whose deadline has passed.</summary>
    public static EventFor Deadline(WorkflowRecord before, WorkflowDefinition definition, string state) =>
        definition.TryFind(state, out var target)
            ? EventOf(definition, before, new DeadlinePassed(before.Lease, before.ExecutionCount, TargetOf(target)))
            : MissingState(before, definition, state);

    /// <summary>The event for a workflow that was parked before a state without a function, and is due now.</summary>
    public static EventFor Arrival(WorkflowDefinition definition, WorkflowRun run, StateDefinition state) =>
        EventOf(
            definition,
            run.Workflow,
            new Arrived(run.Workflow.Lease, run.Workflow.ExecutionCount, TargetOf(state)) { TakenSignal = TakenBy(run) }
        );

    /// <summary>The event for a workflow whose state does not exist in its definition.</summary>
    public static EventFor MissingState(WorkflowRecord before, WorkflowDefinition definition) =>
        MissingState(before, definition, before.State);

    private static EventFor MissingState(WorkflowRecord before, WorkflowDefinition definition, string state) =>
        EventOf(
            definition,
            before,
            new StepRejected(
                before.Lease,
                before.ExecutionCount,
                new StepError(
                    "Missing State",
                    $"{definition.Name} version {definition.Version} has no state '{state}' "
                        + $"(the workflow started on version {before.Version})"
                )
            )
        );

    /// <summary>The event for a workflow that has made too many steps without waiting.</summary>
    public static EventFor EndlessLoop(WorkflowDefinition definition, WorkflowRecord before, int steps) =>
        EventOf(
            definition,
            before,
            new StepGivenUp(
                before.Lease,
                before.ExecutionCount,
                new StepError(
                    "Endless Loop",
                    $"Made {steps} steps without waiting, which counts as an endless loop. Let a state wait, or raise "
                        + "GFLOW_ENGINE_STEPS_WITHOUT_WAIT"
                )
            )
        );

    /// <summary>
    /// The event for a workflow whose definition this process should have but cannot load. The workflow is due again later, without using a
    /// retry. The history records the reason once, until the workflow runs again.
    /// </summary>
    public static EventFor Unavailable(WorkflowRecord before, DefinitionUnavailableException reason) =>
        new(
            before.Id,
            new Deferred(
                before.Lease,
                before.ExecutionCount,
                new StepError("Missing Definition", ErrorOf(reason).ToString()),
                PauseWithoutDefinition
            )
        )
        {
            Known = before,
        };

    /// <summary>Converts a state to the form that the rule uses.</summary>
    public static TargetState TargetOf(StateDefinition state) =>
        new(state.Name, state.StatusOnArrival) { Limit = state.Limit };

    private static EventFor Transition(
        WorkflowDefinition definition,
        WorkflowRun run,
        StateDefinition target,
        Attempt.Succeeded success,
        TimeSpan duration,
        IReadOnlyList<NewWorkflow> children
    ) =>
        EventOf(
            definition,
            run.Workflow,
            new StepSucceeded(run.Workflow.Lease, run.Workflow.ExecutionCount, TargetOf(target))
            {
                Activation = success.Next.Activation,
                AwaitedSignals =
                    success.Next.AwaitedSignals.Count > 0 ? SignalNames.Of(success.Next.AwaitedSignals) : null,
                Deadline = success.Next.Deadline,
                TakenSignal = TakenBy(run),
                LogText = success.Next.LogText,
                Duration = duration,
                StateVars = success.StateVars,
                Changes = success.Changes,
                ContinuesAnew = success.Next.Beginning is not null,
                Output = success.Output,
                WakesParent = success.Next.WakesParent,
                Children = children,
                LimitKey = success.Next.LimitKey,
            }
        ) with
        {
            OnCommit = success.OnCommit,
        };

    private static TakenSignal? TakenBy(WorkflowRun run) =>
        run.Signal is { } signal ? new TakenSignal(signal.Id, signal.Name) : null;

    /// <summary>
    /// The name of an undeclared target, or null. The target must be declared by the state; the state of a deadline by the state or by the
    /// Manual target. A state that waits for a signal may always continue to wait.
    /// </summary>
    private static string? UndeclaredIn(WorkflowDefinition definition, StateDefinition state, NextState next) =>
        next.Undoing != Undoing.Undone
        && next.WhenUndone is var asked
        && !state.GoesTo.Contains(asked ?? next.Target)
        && !(state.Signal is not null && next.Target == state.Name)
            ? asked ?? next.Target
        : next.Deadline is { State: var late }
        && !state.GoesTo.Contains(late)
        && !(
            definition.TryFind(next.Target, out var target)
            && target.Type == StateType.Manual
            && target.GoesTo.Contains(late)
        )
            ? late
        : null;

    private static EventFor Undeclared(
        WorkflowDefinition definition,
        WorkflowRecord before,
        StateDefinition state,
        string target,
        TimeSpan duration
    ) =>
        Rejected(
            definition,
            before,
            $"'{before.State}' may go to {(state.GoesTo.Count == 0 ? "no state" : string.Join(", ", state.GoesTo))}, "
                + $"but asked for '{target}'",
            duration
        );

    private static EventFor Rejected(
        WorkflowDefinition definition,
        WorkflowRecord before,
        string message,
        TimeSpan duration
    ) =>
        EventOf(
            definition,
            before,
            new StepRejected(before.Lease, before.ExecutionCount, new StepError("Invalid Transition", message))
            {
                Duration = duration,
            }
        );

    private static EventFor EventOf(WorkflowDefinition definition, WorkflowRecord before, AttemptEnded ended) =>
        new(before.Id, definition.Webhooks.Count == 0 ? ended : ended with { Webhooks = definition.Webhooks })
        {
            Known = before,
        };

    private static StepError ErrorOf(Exception reason) =>
        new(reason.GetType().Name, reason.Message.CutAt(LongestMessage)) { Stack = StackOf(reason) };

    /// <summary>The stack trace of the exception and of each inner exception.</summary>
    private static string? StackOf(Exception reason)
    {
        var stack = reason.StackTrace ?? "";
        for (var inner = reason.InnerException; inner is not null; inner = inner.InnerException)
        {
            stack += $"\n--- {inner.GetType().Name}: {inner.Message}\n{inner.StackTrace}";
        }

        return stack.Length == 0 ? null : stack.CutAt(LongestStack);
    }
}
