namespace GopherFlow.Conformance.Setting;

/// <summary>How an attempt of a workflow's state ends, as an executor would have it written that knows the workflow.</summary>
public sealed record Step
{
    public required WorkflowRecord Before { get; init; }

    /// <summary>Where it goes; null when it failed.</summary>
    public TargetState? Target { get; init; }

    public Activation Activation { get; init; }

    public string? LogText { get; init; }

    public string? StateVars { get; init; }

    public bool WakesParent { get; init; }

    public IReadOnlyList<NewWorkflow> Children { get; init; } = [];

    /// <summary>How often it is tried again, and after how long, when it failed.</summary>
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
