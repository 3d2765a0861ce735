namespace GopherFlow.Tool.Takeover;

/// <summary>A row of the Go system's workflow table. The variables are read later.</summary>
internal sealed record GoWorkflow
{
    public required long Id { get; init; }

    public required string Type { get; init; }

    /// <summary>The current state; empty before the first step.</summary>
    public required string State { get; init; }

    public required string Status { get; init; }

    public required string ExternalId { get; init; }

    public required string BusinessKey { get; init; }

    public required string Group { get; init; }

    public required int RetryCount { get; init; }

    public required DateTimeOffset? Created { get; init; }

    public required DateTimeOffset? Modified { get; init; }

    public required DateTimeOffset? NextActivation { get; init; }

    public required DateTimeOffset? Started { get; init; }

    public required long? ParentId { get; init; }

    /// <summary>The length of the variables as text.</summary>
    public required long VariablesLength { get; init; }

    /// <summary>Whether it has reached a state that is not run: an end, or a state that waits for a person.</summary>
    public bool HasEnded => Status == "FINISHED";

    /// <summary>Whether its state has failed permanently.</summary>
    public bool HasFailed => Status is "FAILED" or "ERROR";
}

/// <summary>The number of workflows in the Go system with one type, state and status.</summary>
internal readonly record struct GoCount(GoKind Kind, long Workflows);

/// <summary>The type, state and status of a count.</summary>
internal readonly record struct GoKind(string Type, string State, string Status)
{
    public static GoKind Of(GoWorkflow workflow) => new(workflow.Type, workflow.State, workflow.Status);
}

/// <summary>An executor of the Go system and the time of its last heartbeat.</summary>
internal readonly record struct GoExecutor(string Name, DateTimeOffset LastActive);
