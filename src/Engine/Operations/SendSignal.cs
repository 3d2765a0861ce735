using System.Text.Json;
using GopherFlow.Authoring;

namespace GopherFlow.Operations;

/// <summary>A request to send a signal to one workflow, or to all unfinished ones of a type with a business key.</summary>
public sealed record SendSignal
{
    /// <summary>The id of the workflow, or null if it is identified otherwise.</summary>
    public long? WorkflowId { get; init; }

    /// <summary>The external id of the workflow, or null.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The business key of the workflows, with <see cref="WorkflowType"/>; or null.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>The type of the workflows, with <see cref="BusinessKey"/>; or null.</summary>
    public string? WorkflowType { get; init; }

    /// <summary>The name of the signal.</summary>
    public required string Name { get; init; }

    /// <summary>If not null, a workflow that has already received a signal with this key drops this one.</summary>
    public string? Key { get; init; }

    /// <summary>The payload, as JSON text. It has the same size limit as the variables of a workflow. Default: null.</summary>
    public string Payload { get; init; } = "null";

    /// <summary>A workflow to create if there is none to receive the signal, or null.</summary>
    public CreateWorkflow? OrCreate { get; init; }

    /// <summary>Who sends the signal, as recorded in the history.</summary>
    public required string Actor { get; init; }

    /// <summary>
    /// Creates a signal that is named after the type of its payload. Add the receiver with an expression such as
    /// <c>SendSignal.Of(new Decision(true), "ann") with { WorkflowId = id }</c>.
    /// </summary>
    /// <param name="payload">The payload.</param>
    /// <param name="actor">Who sends the signal.</param>
    /// <param name="serialization">The serializer options for the payload; null for the default options of variables.</param>
    public static SendSignal Of<T>(T payload, string actor, JsonSerializerOptions? serialization = null) =>
        new()
        {
            Name = SignalName.Of<T>(),
            Payload = JsonSerializer.Serialize(payload, serialization ?? Variables.DefaultSerialization),
            Actor = actor,
        };
}

/// <summary>The result of sending a signal.</summary>
/// <param name="Verdict">
/// Changed if at least one workflow has received it. A conflict if all receivers are final, or keep the maximum number of signals.
/// </param>
/// <param name="WorkflowIds">The ids of the workflows that have received it.</param>
public sealed record SignalResult(OperationVerdict Verdict, IReadOnlyList<long> WorkflowIds);
