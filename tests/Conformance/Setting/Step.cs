namespace GopherFlow.Conformance.Setting;

/// <summary>The end of an attempt, as an executor that knows the workflow would write it.</summary>
public sealed record Step
{
    public required WorkflowRecord Before { get; init; }

    /// <summary>The next state; null for a failed attempt.</summary>
    public TargetState? Target { get; init; }

    public Activation Activation { get; init; }

    public string? LogText { get; init; }

    public string? StateVars { get; init; }

    public bool WakesParent { get; init; }

    public IReadOnlyList<NewWorkflow> Children { get; init; } = [];

    /// <summary>The retry policy for a failed attempt.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.None;

    public CommitCallback? OnCommit { get; init; }

    public AttemptEnded Ended =>
        Target is { } target
            ? new StepSucceeded(Before.Lease, Before.ExecutionCount, target)
            {
                Activation = Activation,
                LogText = LogText,
                StateVars = StateVars,
                WakesParent = WakesParent,
                Children = Children,
            }
            : new StepFailed(Before.Lease, Before.ExecutionCount, new StepError("Fault", "broken"), Retry, Random: 0.5);

    public EventFor ToEvent() => new(Before.Id, Ended) { Known = Before, OnCommit = OnCommit };

    public static implicit operator EventFor(Step step) => step.ToEvent();
}
