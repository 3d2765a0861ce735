namespace GopherFlow.Tool.Takeover;

/// <summary>A workflow as the Go system's table has it. Its variables are read when they are needed.</summary>
internal sealed record GoWorkflow
{
    public required long Id { get; init; }

    public required string Type { get; init; }

    /// <summary>Its state; empty before its first step.</summary>
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

    /// <summary>The length of its variables as text.</summary>
    public required long VariablesLength { get; init; }

    /// <summary>Whether it has come to a state that is not run: an end, or one that waits for a person.</summary>
    public bool HasEnded => Status == "FINISHED";

    /// <summary>Whether its state has failed for good.</summary>
    public bool HasFailed => Status is "FAILED" or "ERROR";
}

/// <summary>How many workflows the Go system has of a type, in a state, with a status.</summary>
internal readonly record struct GoCount(GoKind Kind, long Workflows);

/// <summary>What a count is about.</summary>
internal readonly record struct GoKind(string Type, string State, string Status)
{
    public static GoKind Of(GoWorkflow workflow) => new(workflow.Type, workflow.State, workflow.Status);
}

/// <summary>An executor of the Go system and when it was last alive.</summary>
internal readonly record struct GoExecutor(string Name, DateTimeOffset LastActive);
