using System.Text.Json;
using GopherFlow.Authoring;

namespace GopherFlow.Client;

/// <summary>A workflow as it was when it was read.</summary>
public sealed record WorkflowSnapshot
{
    /// <summary>Its id, assigned by the store.</summary>
    public required long Id { get; init; }

    /// <summary>Its external id.</summary>
    public required string Key { get; init; }

    /// <summary>The name of its definition.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>The version of its definition.</summary>
    public required string Version { get; init; }

    /// <summary>Its business key.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>Its status.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>Its current state.</summary>
    public required string State { get; init; }

    /// <summary>When it is due next, or its deadline; null if it waits without a deadline or has ended.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>The error of its last failed attempt; null again once a state has succeeded.</summary>
    public string? LastError { get; init; }

    /// <summary>Its variables, as the text of a JSON object.</summary>
    public required string Data { get; init; }

    /// <summary>Its result as JSON text, or null if it has none.</summary>
    public string? Result { get; init; }

    /// <summary>The options with which <see cref="Data"/> and <see cref="Result"/> are deserialized.</summary>
    public JsonSerializerOptions Serialization { get; init; } = Variables.DefaultSerialization;

    /// <summary>Deserializes its variables.</summary>
    /// <exception cref="JsonException">They cannot be deserialized to <typeparamref name="T"/>.</exception>
    public T DataAs<T>() => Read<T>(Data, "data");

    /// <summary>Deserializes its result.</summary>
    /// <exception cref="JsonException">It has no result, or the result cannot be deserialized to <typeparamref name="T"/>.</exception>
    public T ResultAs<T>() => Read<T>(Result ?? "null", "result");

    private T Read<T>(string json, string what) =>
        JsonSerializer.Deserialize<T>(json, Serialization)
        ?? throw new JsonException($"The {what} of {WorkflowType} '{Key}' is null; expected {typeof(T).Name}.");
}
