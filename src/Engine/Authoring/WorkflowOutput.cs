using System.Text.Json;

namespace GopherFlow.Authoring;

/// <summary>The result of a workflow.</summary>
public sealed class WorkflowOutput
{
    private readonly JsonSerializerOptions serialization;

    internal WorkflowOutput(string json, JsonSerializerOptions? serialization)
    {
        Json = json;
        this.serialization = serialization ?? Variables.DefaultSerialization;
    }

    /// <summary>The result as JSON text.</summary>
    public string Json { get; }

    /// <summary>Deserializes the result.</summary>
    /// <exception cref="JsonException">The result cannot be deserialized to <typeparamref name="T"/>.</exception>
    public T As<T>() => As<T>(serialization);

    /// <summary>Deserializes the result with your own serializer options.</summary>
    /// <exception cref="JsonException">The result cannot be deserialized to <typeparamref name="T"/>.</exception>
    public T As<T>(JsonSerializerOptions options) => JsonSerializer.Deserialize<T>(Json, options)!;
}

/// <summary>The status and result of a child workflow, without its variables.</summary>
/// <param name="Id">The child's id.</param>
/// <param name="ExternalId">The child's external id.</param>
/// <param name="WorkflowType">The name of its definition.</param>
/// <param name="BusinessKey">Its business key.</param>
/// <param name="Status">Its status.</param>
/// <param name="State">Its current state.</param>
/// <param name="Finished">When it ended, or null if it is unfinished.</param>
/// <param name="LastError">The error of its last failed attempt, or null.</param>
/// <param name="Output">Its result, or null if it has none.</param>
public sealed record ChildResult(
    long Id,
    string ExternalId,
    string WorkflowType,
    string BusinessKey,
    WorkflowStatus Status,
    string State,
    DateTimeOffset? Finished,
    string? LastError,
    WorkflowOutput? Output
);

/// <summary>A result that has not been serialized yet.</summary>
internal interface IOutput
{
    string ToJson(JsonSerializerOptions? serialization);
}

/// <summary>A result with its declared type.</summary>
internal sealed record Output<T>(T Value, JsonSerializerOptions? Own) : IOutput
{
    public string ToJson(JsonSerializerOptions? serialization) =>
        JsonSerializer.Serialize(Value, Own ?? serialization ?? Variables.DefaultSerialization);
}
