using System.Text.Json;
using System.Text.Json.Serialization;
using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>
/// What happened to a workflow, as data: one entry for each event. Sentences are made where they are shown.
/// </summary>
public sealed record HistoryEntry
{
    /// <summary>What happened.</summary>
    public required HistoryKind Kind { get; init; }

    /// <summary>The state that the workflow was in; null when it was created.</summary>
    public string? From { get; init; }

    /// <summary>The state that it is in since.</summary>
    public required string To { get; init; }

    /// <summary>Its status since.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>How many transitions it had made before: with the external id, the step key.</summary>
    public int Step { get; init; }

    /// <summary>Attempts in all, this one included.</summary>
    public int ExecutionCount { get; init; }

    /// <summary>Failed attempts of the state before this one.</summary>
    public int RetryCount { get; init; }

    /// <summary>Whether an executor wrote it; false for a creation and for what a person did.</summary>
    public bool ByExecutor { get; init; }

    /// <summary>
    /// Who did it: the name of a user, or <c>workflow:5</c> for a parent, <c>job:7</c> for a job, <c>schedule:nightly</c> for a schedule; null for an executor.
    /// </summary>
    public string? Actor { get; init; }

    /// <summary>When the workflow is due next, or its deadline; null when it continues at once or waits without limit.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>How long the state function ran.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>
    /// What brought it about: <c>signal:paid</c>, <c>workflow:17</c> (a child), <c>executor:3</c> (the one that is dead); else null.
    /// </summary>
    public string? Cause { get; init; }

    /// <summary>The line that the author logged, or the state of a child that woke it.</summary>
    public string? Text { get; init; }

    /// <summary>What went wrong, or null.</summary>
    public StepError? Error { get; init; }

    /// <summary>What only some kinds have to say, or null.</summary>
    public HistoryDetails? Details { get; init; }

    /// <summary>What changed in the variables: the JSON text of a <see cref="VariableTrace"/>, or null.</summary>
    public string? Changes { get; init; }

    /// <summary>Whether it says no more than that a step went on, as most entries do.</summary>
    internal bool IsPlain =>
        this is { Actor: null, Due: null, Cause: null, Text: null, Error: null, Details: null, Changes: null };
}

/// <summary>Why an attempt failed.</summary>
/// <param name="Type">The name of the exception, or the kind of fault.</param>
/// <param name="Message">What it says.</param>
public sealed record StepError(string Type, string Message)
{
    /// <summary>Where it was thrown, with inner exceptions; cut at a limit. Null for a fault that is no exception.</summary>
    public string? Stack { get; init; }

    /// <summary>Type and message in one line.</summary>
    public override string ToString() => $"{Type}: {Message}";
}

/// <summary>What only some kinds of history entries have to say. What does not apply is null.</summary>
public sealed record HistoryDetails
{
    private static readonly Dictionary<string, int> None = [];

    private static readonly JsonSerializerOptions Serialization = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Whether it waits for its children.</summary>
    public bool? AwaitsChildren { get; init; }

    /// <summary>The signals that it waits for.</summary>
    public IReadOnlyList<string>? AwaitedSignals { get; init; }

    /// <summary>Where it goes at <see cref="HistoryEntry.Due"/> if what it waits for has not come.</summary>
    public string? DeadlineState { get; init; }

    /// <summary>How many children of each type the step created.</summary>
    public IReadOnlyDictionary<string, int>? Children { get; init; }

    /// <summary>True for an error that another attempt would meet again.</summary>
    public bool? IsNotRetryable { get; init; }

    /// <summary>Whether a move by hand was forced although the definition does not declare it.</summary>
    public bool? IsForced { get; init; }

    /// <summary>The version before the move.</summary>
    public string? FromVersion { get; init; }

    /// <summary>The version after it.</summary>
    public string? ToVersion { get; init; }

    /// <summary>The new priority.</summary>
    public int? Priority { get; init; }

    /// <summary>The new executor group.</summary>
    public string? ExecutorGroup { get; init; }

    /// <summary>As JSON, without what does not apply.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Serialization);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    internal static HistoryDetails? Parse(string json) =>
        JsonSerializer.Deserialize<HistoryDetails>(json, Serialization);

    /// <summary>Whether both say the same, also of signals and children.</summary>
    public bool Equals(HistoryDetails? other) =>
        other is not null
        && (AwaitsChildren, DeadlineState, IsNotRetryable, IsForced, FromVersion, ToVersion, Priority, ExecutorGroup)
            == (
                other.AwaitsChildren,
                other.DeadlineState,
                other.IsNotRetryable,
                other.IsForced,
                other.FromVersion,
                other.ToVersion,
                other.Priority,
                other.ExecutorGroup
            )
        && (AwaitedSignals ?? []).SequenceEqual(other.AwaitedSignals ?? [])
        && (Children ?? None)
            .OrderBy(child => child.Key)
            .SequenceEqual((other.Children ?? None).OrderBy(child => child.Key));

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(AwaitsChildren, DeadlineState, IsNotRetryable, IsForced, FromVersion, ToVersion, Priority);
}
