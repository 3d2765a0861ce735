namespace GopherFlow.Operations;

/// <summary>A validation error of one field of a request.</summary>
/// <param name="Field">The name of the field in the API.</param>
/// <param name="Received">The received value as text, or null if there was none.</param>
/// <param name="Expected">A description of what is expected.</param>
public sealed record FieldFault(string Field, string? Received, string Expected)
{
    /// <summary>The error as a sentence.</summary>
    public override string ToString() =>
        Received is null ? $"{Field}: expected {Expected}." : $"{Field}: expected {Expected}, but got '{Received}'.";
}

/// <summary>A request is invalid. The exception lists all invalid fields. Nothing was stored.</summary>
public sealed class RejectedRequestException(IReadOnlyList<FieldFault> faults)
    : Exception(string.Join(" ", faults.Select(fault => fault.ToString())))
{
    /// <summary>The errors of all invalid fields.</summary>
    public IReadOnlyList<FieldFault> Faults { get; } = faults;
}
