using System.Globalization;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>
/// Decides what an attempt means: what to write, and where the workflow stands then. Pure: the same attempt, instant and random
/// number always give the same commit.
/// </summary>
internal static class StepPlanner
{
    private const int LongestError = 8000;
    private static readonly TimeSpan PauseWithoutDefinition = TimeSpan.FromSeconds(30);

    /// <summary>The commit of a state that has run.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="state">The state that ran.</param>
    /// <param name="before">The workflow as the attempt found it.</param>
    /// <param name="attempt">How it ended.</param>
    /// <param name="children">The children that the attempt asked for, completed.</param>
    /// <param name="now">The instant from which delays count.</param>
    /// <param name="random">A number from 0 up to 1, for the jitter of a retry.</param>
    public static StepCommit Plan(
        WorkflowDefinition definition,
        StateDefinition state,
        WorkflowRecord before,
        Attempt attempt,
        IReadOnlyList<NewWorkflow> children,
        DateTimeOffset now,
        double random
    ) =>
        attempt switch
        {
            Attempt.Succeeded success when !state.GoesTo.Contains(success.Next.Target) => Undeclared(
                before,
                state,
                success
            ),
            Attempt.Succeeded success when definition.TryFind(success.Next.Target, out var target) => Transition(
                before,
                target,
                success,
                children,
                now
            ),
            Attempt.Failed failure => Failure(before, definition.RetryOf(state), failure.Reason, now, random),
            _ => throw new ArgumentException($"There is nothing to commit of {attempt}.", nameof(attempt)),
        };

    /// <summary>The commit of a workflow that was parked before a state that does not run, and is due now.</summary>
    public static StepCommit Arrival(WorkflowRecord before, StateDefinition state) =>
        new()
        {
            Before = before,
            State = state.Name,
            Status = state.StatusOnArrival,
            Advances = false,
            RetryCount = 0,
            Actions = [EndOf(state)],
        };

    /// <summary>The commit of a workflow whose state the definition does not have.</summary>
    public static StepCommit MissingState(WorkflowRecord before, WorkflowDefinition definition) =>
        Error(
            before,
            "Missing State",
            $"{definition.Name} version {definition.Version} has no state '{before.State}' "
                + $"(the workflow started on version {before.Version})"
        );

    /// <summary>The commit of a workflow that goes from state to state and never waits.</summary>
    public static StepCommit EndlessLoop(WorkflowRecord before, int steps) =>
        new()
        {
            Before = before,
            State = before.State,
            Status = WorkflowStatus.Failed,
            Advances = false,
            RetryCount = before.RetryCount,
            Actions =
            [
                new(
                    ActionTypes.Failed,
                    before.State,
                    $"Made {steps} steps without ever waiting, which is taken for an endless loop. Have a state wait, or raise "
                        + "GFLOW_ENGINE_STEPS_WITHOUT_WAIT"
                ),
            ],
        };

    /// <summary>
    /// The commit of a workflow whose definition this process cannot load, though it should: it is due again a little later, and its
    /// history says why. That costs it no retry.
    /// </summary>
    public static StepCommit Unavailable(
        WorkflowRecord before,
        DefinitionUnavailableException reason,
        DateTimeOffset now
    )
    {
        var due = Later(now, PauseWithoutDefinition);
        return new()
        {
            Before = before,
            State = before.State,
            Status = WorkflowStatus.InProgress,
            Advances = false,
            RetryCount = before.RetryCount,
            NextActivation = due,
            Actions =
            [
                new(ActionTypes.Error, "Missing Definition", Text(reason)),
                new(ActionTypes.Retry, before.State, $"Retry at {Text(due)}"),
            ],
        };
    }

    private static StepCommit Transition(
        WorkflowRecord before,
        StateDefinition target,
        Attempt.Succeeded success,
        IReadOnlyList<NewWorkflow> children,
        DateTimeOffset now
    )
    {
        var next = success.Next;
        var (parked, due) = next.Activation.Kind switch
        {
            ActivationKind.At => (next.Activation.Instant > now, next.Activation.Instant.ToMicroseconds()),
            ActivationKind.After => (next.Activation.Delay > TimeSpan.Zero, Later(now, next.Activation.Delay)),
            ActivationKind.WhenChildrenFinished => (true, (DateTimeOffset?)null),
            _ => (false, null),
        };
        return new StepCommit
        {
            Before = before,
            State = target.Name,
            Status = parked ? WorkflowStatus.InProgress : target.StatusOnArrival,
            Advances = true,
            RetryCount = 0,
            NextActivation = parked ? due : null,
            AwaitsChildren = next.Activation.Kind == ActivationKind.WhenChildrenFinished,
            StateVars = success.StateVars,
            Actions = ActionsOf(before, target, next, parked, due),
            Children = children,
            WakesParent = next.WakesParent && before.ParentWorkflowId is not null,
            OnCommit = success.OnCommit,
        };
    }

    private static List<NewAction> ActionsOf(
        WorkflowRecord before,
        StateDefinition target,
        NextState next,
        bool parked,
        DateTimeOffset? due
    )
    {
        var actions = new List<NewAction>(3)
        {
            new(ActionTypes.Transition, before.State, $"From {before.State} to {target.Name}"),
        };
        if (!string.IsNullOrEmpty(next.LogText))
        {
            actions.Add(new(ActionTypes.Log, target.Name, Storable(next.LogText)));
        }

        if (parked)
        {
            var until = due is { } instant ? Text(instant) : "when the children have finished";
            actions.Add(new(ActionTypes.ScheduleActivation, target.Name, until));
        }
        else if (!target.Runs)
        {
            actions.Add(EndOf(target));
        }

        return actions;
    }

    private static NewAction EndOf(StateDefinition state) =>
        new(ActionTypes.End, state.Name, state.Type == StateType.Manual ? "waits for a person" : "workflow complete");

    private static StepCommit Undeclared(WorkflowRecord before, StateDefinition state, Attempt.Succeeded success) =>
        Error(
            before,
            "Invalid Transition",
            $"'{before.State}' may go to {(state.GoesTo.Count == 0 ? "no state" : string.Join(", ", state.GoesTo))}, "
                + $"but asked for '{success.Next.Target}'"
        );

    private static StepCommit Error(WorkflowRecord before, string name, string text) =>
        new()
        {
            Before = before,
            State = before.State,
            Status = WorkflowStatus.Error,
            Advances = false,
            RetryCount = before.RetryCount,
            Actions = [new(ActionTypes.Error, name, text)],
        };

    private static StepCommit Failure(
        WorkflowRecord before,
        RetryPolicy policy,
        Exception reason,
        DateTimeOffset now,
        double random
    )
    {
        var error = new NewAction(ActionTypes.Error, before.State, Text(reason));
        if (reason is NotRetryableException || before.RetryCount >= policy.MaxRetries)
        {
            var why =
                reason is NotRetryableException
                    ? "The error is not retryable"
                    : $"Max retry count reached for workflow id:{before.Id} count :{before.RetryCount}";
            return new StepCommit
            {
                Before = before,
                State = before.State,
                Status = WorkflowStatus.Failed,
                Advances = false,
                RetryCount = before.RetryCount,
                Actions = [error, new(ActionTypes.Failed, before.State, why)],
            };
        }

        var due = Later(now, policy.DelayBefore(before.RetryCount, random));
        return new StepCommit
        {
            Before = before,
            State = before.State,
            Status = WorkflowStatus.InProgress,
            Advances = false,
            RetryCount = before.RetryCount + 1,
            NextActivation = due,
            Actions = [error, new(ActionTypes.Retry, before.State, $"Retry at {Text(due)}")],
        };
    }

    /// <summary>An instant that far in the future that no calendar has it is the last one that it has.</summary>
    private static DateTimeOffset Later(DateTimeOffset now, TimeSpan delay) =>
        delay > DateTimeOffset.MaxValue - now
            ? DateTimeOffset.MaxValue.ToMicroseconds()
            : (now + delay).ToMicroseconds();

    private static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFK", CultureInfo.InvariantCulture);

    private static string Text(Exception reason)
    {
        var text = Storable($"{reason.GetType().Name}: {reason.Message}");
        return text.Length <= LongestError ? text : text[..LongestError];
    }

    /// <summary>Not every database holds a NUL character in a text, and a message must not cost the step.</summary>
    private static string Storable(string text) => text.Replace('\0', '\uFFFD');
}
