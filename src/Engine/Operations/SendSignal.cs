using System.Text.Json;
using GopherFlow.Authoring;

namespace GopherFlow.Operations;

/// <summary>A request to send a signal to one workflow, or to all unfinished ones of a type with a business key.</summary>
public sealed record SendSignal
{
    /// <summary>The workflow, or null when it is named otherwise.</summary>
    public long? WorkflowId { get; init; }

    /// <summary>The external id of the workflow, or null.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The business key of the workflows, with <see cref="WorkflowType"/>; or null.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>The type of the workflows, with <see cref="BusinessKey"/>; or null.</summary>
    public string? WorkflowType { get; init; }

    /// <summary>The name of the signal.</summary>
    public required string Name { get; init; }

    /// <summary>When not null: a workflow that has received a signal with that key before drops this one.</summary>
    public string? Key { get; init; }

    /// <summary>Its payload, as JSON text: at most as many bytes as the variables of a workflow may have. Default: null.</summary>
    public string Payload { get; init; } = "null";

    /// <summary>A workflow to create when there is none to receive the signal, or null.</summary>
    public CreateWorkflow? OrCreate { get; init; }

    /// <summary>Who sends it; entered in the history.</summary>
    public required string Actor { get; init; }

    /// <summary>
    /// A signal whose payload is a type, under the name of the type, for a state that takes it; say who it is for:
    /// <c>SendSignal.Of(new Decision(true), "ann") with { WorkflowId = id }</c>.
    /// </summary>
    /// <param name="payload">The payload.</param>
    /// <param name="actor">Who sends it.</param>
    /// <param name="serialization">How the payload is written; null is the way of variables.</param>
    public static SendSignal Of<T>(T payload, string actor, JsonSerializerOptions? serialization = null) =>
        new()
        {
            Name = SignalName.Of<T>(),
            Payload = JsonSerializer.Serialize(payload, serialization ?? Variables.DefaultSerialization),
            Actor = actor,
        };
}

/// <summary>What became of a signal.</summary>
/// <param name="Verdict">
/// Changed when a workflow has it; a conflict when those that were meant are final, or have as many signals as may be kept.
/// </param>
/// <param name="WorkflowIds">The workflows that have it.</param>
public sealed record SignalResult(OperationVerdict Verdict, IReadOnlyList<long> WorkflowIds);
