using System.Text.Json;
using System.Text.Json.Nodes;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>The type that the input or the result of a workflow has to fit.</summary>
public sealed class DataContract
{
    private readonly JsonSerializerOptions? own;
    private readonly StrictJson json = new();

    /// <summary>A contract.</summary>
    /// <param name="type">The type.</param>
    /// <param name="serialization">How JSON is read as that type; null is the way of variables.</param>
    public DataContract(Type type, JsonSerializerOptions? serialization = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        Type = type;
        own = serialization;
    }

    /// <summary>The type.</summary>
    public Type Type { get; }

    /// <summary>What is wrong with a JSON text, or null when it fits.</summary>
    /// <param name="text">The text.</param>
    /// <param name="variablesJson">How the application reads variables; null is the usual way. A contract with a way of its own ignores it.</param>
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

    /// <summary>Throws when a JSON text does not fit: another attempt would give the same.</summary>
    /// <exception cref="NotRetryableException">It does not fit; the message says where.</exception>
    internal void Check(string text, string subject, JsonSerializerOptions? variablesJson)
    {
        if (FaultOf(text, variablesJson) is { } fault)
        {
            throw fault.Of(subject);
        }
    }
}

/// <summary>Why a JSON text does not fit a type.</summary>
/// <param name="Path">Where, such as <c>.order.total</c>; empty for the whole.</param>
/// <param name="Expected">What was expected, in words.</param>
public sealed record ContractFault(string Path, string Expected)
{
    /// <summary>The fault as an exception: another attempt would give the same.</summary>
    internal NotRetryableException Of(string subject) =>
        new($"{subject} does not fit at '${Path}'; expected {Expected}");
}
