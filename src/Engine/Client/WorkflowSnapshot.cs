using System.Text.Json;
using GopherFlow.Authoring;

namespace GopherFlow.Client;

/// <summary>How a workflow stood when it was read.</summary>
public sealed record WorkflowSnapshot
{
    /// <summary>Its id.</summary>
    public required long Id { get; init; }

    /// <summary>Its external id.</summary>
    public required string Key { get; init; }

    /// <summary>The name of its definition.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>The version of its definition.</summary>
    public required string Version { get; init; }

    /// <summary>What it is about.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>Its status.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>The state in which it is.</summary>
    public required string State { get; init; }

    /// <summary>When it is due next, or its deadline; null when it waits without limit or has ended.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>What its last failed attempt said, until a state succeeds.</summary>
    public string? LastError { get; init; }

    /// <summary>Its variables, a JSON object.</summary>
    public required string Data { get; init; }

    /// <summary>Its result as JSON; null when it has none.</summary>
    public string? Result { get; init; }

    /// <summary>By what <see cref="Data"/> and <see cref="Result"/> were written.</summary>
    public JsonSerializerOptions Serialization { get; init; } = Variables.DefaultSerialization;

    /// <summary>Its variables as a type of yours.</summary>
    /// <exception cref="JsonException">They do not have the shape of <typeparamref name="T"/>.</exception>
    public T DataAs<T>() => Read<T>(Data, "data");

    /// <summary>Its result as a type of yours.</summary>
    /// <exception cref="JsonException">It has none, or the result does not have the shape of <typeparamref name="T"/>.</exception>
    public T ResultAs<T>() => Read<T>(Result ?? "null", "result");

    private T Read<T>(string json, string what) =>
        JsonSerializer.Deserialize<T>(json, Serialization)
        ?? throw new JsonException($"The {what} of {WorkflowType} '{Key}' is null; expected {typeof(T).Name}.");
}
