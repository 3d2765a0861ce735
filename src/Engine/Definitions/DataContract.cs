using System.Text.Json;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>The type that the input or the result of a workflow has to fit.</summary>
public sealed class DataContract
{
    private readonly JsonSerializerOptions serialization;

    /// <summary>A contract.</summary>
    /// <param name="type">The type.</param>
    /// <param name="serialization">How JSON is read as that type; null is the way of variables.</param>
    public DataContract(Type type, JsonSerializerOptions? serialization = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        Type = type;
        this.serialization = new JsonSerializerOptions(serialization ?? Variables.DefaultSerialization)
        {
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
    }

    /// <summary>The type.</summary>
    public Type Type { get; }

    /// <summary>What is wrong with a JSON text, or null when it fits.</summary>
    public ContractFault? FaultOf(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Type, serialization) is null
                ? new ContractFault("", $"a value of type {Type.Name}, not null")
                : null;
        }
        catch (JsonException mismatch)
        {
            return new ContractFault((mismatch.Path ?? "$").TrimStart('$'), $"{Type.Name}: {FirstSentence(mismatch)}");
        }
        catch (Exception mismatch) when (mismatch is NotSupportedException or ArgumentException or FormatException)
        {
            return new ContractFault("", $"{Type.Name}: {mismatch.Message}");
        }
    }

    /// <summary>Throws when a JSON text does not fit: another attempt would give the same.</summary>
    /// <exception cref="NotRetryableException">It does not fit; the message says where.</exception>
    internal void Check(string json, string subject)
    {
        if (FaultOf(json) is { } fault)
        {
            throw fault.Of(subject);
        }
    }

    /// <summary>The serializer adds path and line to its message; the path is given apart.</summary>
    private static string FirstSentence(JsonException mismatch)
    {
        var end = mismatch.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return end < 0 ? mismatch.Message : mismatch.Message[..end];
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
