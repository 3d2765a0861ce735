using System.Text.Json;
using System.Text.Json.Nodes;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>The type to which the input, the result or a signal payload of a workflow must deserialize.</summary>
public sealed class DataContract
{
    private readonly JsonSerializerOptions? own;
    private readonly StrictJson json = new();

    /// <summary>Creates a contract.</summary>
    /// <param name="type">The type.</param>
    /// <param name="serialization">The serializer options; null for those of the variables.</param>
    public DataContract(Type type, JsonSerializerOptions? serialization = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        Type = type;
        own = serialization;
    }

    /// <summary>The type.</summary>
    public Type Type { get; }

    /// <summary>Validates a JSON text. Returns null if it fits the type.</summary>
    /// <param name="text">The JSON text.</param>
    /// <param name="variablesJson">
    /// The application's serializer options for variables; null for the default. Ignored if the contract has its own options.
    /// </param>
    public ContractFault? FaultOf(string text, JsonSerializerOptions? variablesJson = null)
    {
        try
        {
            return json.TryRead(
                JsonNode.Parse(text),
                Type,
                own ?? variablesJson ?? Variables.DefaultSerialization,
                out _,
                out var misfit,
                out _
            )
                ? null
                : new ContractFault(misfit.Path, misfit.Expected);
        }
        catch (JsonException notJson)
        {
            var misfit = Misfit.Of(Type, notJson);
            return new ContractFault(misfit.Path, misfit.Expected);
        }
    }

    /// <summary>Throws if a JSON text does not fit. The exception is not retryable, because a retry would fail in the same way.</summary>
    /// <exception cref="NotRetryableException">The text does not fit. The message contains the path of the error.</exception>
    internal void Check(string text, string subject, JsonSerializerOptions? variablesJson)
    {
        if (FaultOf(text, variablesJson) is { } fault)
        {
            throw fault.Of(subject);
        }
    }
}

/// <summary>Why a JSON text does not fit a type.</summary>
/// <param name="Path">The path of the error, such as <c>.order.total</c>; empty for the root.</param>
/// <param name="Expected">A description of the expected value.</param>
public sealed record ContractFault(string Path, string Expected)
{
    /// <summary>The error as an exception. It is not retryable, because a retry would fail in the same way.</summary>
    internal NotRetryableException Of(string subject) =>
        new($"{subject} does not fit at '${Path}'; expected {Expected}");
}
