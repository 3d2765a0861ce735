using System.Text.Json;
using System.Text.Json.Serialization;
using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>
/// An entry of a workflow's history, as data: one entry per event. The readable text is created where it is displayed.
/// </summary>
public sealed record HistoryEntry
{
    /// <summary>What happened.</summary>
    public required HistoryKind Kind { get; init; }

    /// <summary>The state before the event; null for the creation.</summary>
    public string? From { get; init; }

    /// <summary>The state after the event.</summary>
    public required string To { get; init; }

    /// <summary>The status after the event.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>How many transitions the workflow had made before. Together with the external id, this is the step key.</summary>
    public int Step { get; init; }

    /// <summary>The total number of attempts, including this one.</summary>
    public int ExecutionCount { get; init; }

    /// <summary>How many attempts of the state had failed before this one.</summary>
    public int RetryCount { get; init; }

    /// <summary>Whether an executor wrote the entry; false for a creation and for actions of a person.</summary>
    public bool ByExecutor { get; init; }

    /// <summary>
    /// Who caused the event: the name of a user, <c>workflow:5</c> for a parent, <c>job:7</c> for a job, or <c>schedule:nightly</c> for a
    /// schedule; null for an executor.
    /// </summary>
    public string? Actor { get; init; }

    /// <summary>When the workflow is due next, or its deadline; null if it continues immediately or waits without a deadline.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>How long the state function ran, or null.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>
    /// The cause of the event: <c>signal:paid</c>, <c>workflow:17</c> (a child) or <c>executor:3</c> (a dead executor); otherwise null.
    /// </summary>
    public string? Cause { get; init; }

    /// <summary>The line that the author logged, or the state of the child that woke the workflow.</summary>
    public string? Text { get; init; }

    /// <summary>The error, or null.</summary>
    public StepError? Error { get; init; }

    /// <summary>Details that only some kinds have, or null.</summary>
    public HistoryDetails? Details { get; init; }

    /// <summary>The changes of variables: the JSON text of a <see cref="VariableTrace"/>, or null.</summary>
    public string? Changes { get; init; }

    /// <summary>
    /// Whether the entry only records a step, like most entries: it has no actor, due instant, cause, text, error, details or changes.
    /// </summary>
    internal bool IsPlain =>
        this is { Actor: null, Due: null, Cause: null, Text: null, Error: null, Details: null, Changes: null };
}

/// <summary>Why an attempt failed.</summary>
/// <param name="Type">The name of the exception, or the kind of error.</param>
/// <param name="Message">The message.</param>
public sealed record StepError(string Type, string Message)
{
    /// <summary>The stack trace, with inner exceptions, truncated at a limit. Null if the error is not an exception.</summary>
    public string? Stack { get; init; }

    /// <summary>The type and the message.</summary>
    public override string ToString() => $"{Type}: {Message}";
}

/// <summary>Details that only some kinds of history entries have. Values that do not apply are null.</summary>
public sealed record HistoryDetails
{
    private static readonly Dictionary<string, int> None = [];

    private static readonly JsonSerializerOptions Serialization = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Whether the workflow waits for its children.</summary>
    public bool? AwaitsChildren { get; init; }

    /// <summary>The signals that the workflow waits for.</summary>
    public IReadOnlyList<string>? AwaitedSignals { get; init; }

    /// <summary>The state to which it goes if the wait has not ended at <see cref="HistoryEntry.Due"/>.</summary>
    public string? DeadlineState { get; init; }

    /// <summary>How many children of each type the step created.</summary>
    public IReadOnlyDictionary<string, int>? Children { get; init; }

    /// <summary>True if the error was not retryable.</summary>
    public bool? IsNotRetryable { get; init; }

    /// <summary>Whether a move by hand was forced, because the definition does not declare it.</summary>
    public bool? IsForced { get; init; }

    /// <summary>The version before the move.</summary>
    public string? FromVersion { get; init; }

    /// <summary>The version after the move.</summary>
    public string? ToVersion { get; init; }

    /// <summary>The new priority.</summary>
    public int? Priority { get; init; }

    /// <summary>The new executor group.</summary>
    public string? ExecutorGroup { get; init; }

    /// <summary>Serializes the details to JSON, without null values.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Serialization);

    /// <summary>Parses the output of <see cref="ToJson"/>.</summary>
    internal static HistoryDetails? Parse(string json) =>
        JsonSerializer.Deserialize<HistoryDetails>(json, Serialization);

    /// <summary>Compares by value, including the signals and children.</summary>
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
