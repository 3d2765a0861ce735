namespace GopherFlow.Operations;

/// <summary>One field of a request that cannot be taken as it is.</summary>
/// <param name="Field">The name of the field, as on the wire.</param>
/// <param name="Received">What came, as text; null when nothing came.</param>
/// <param name="Expected">What is expected, in words.</param>
public sealed record FieldFault(string Field, string? Received, string Expected)
{
    /// <summary>The fault as a sentence.</summary>
    public override string ToString() =>
        Received is null ? $"{Field}: expected {Expected}." : $"{Field}: expected {Expected}, but '{Received}' came.";
}

/// <summary>A request that cannot be carried out as it is. It names every faulty field; nothing was stored.</summary>
public sealed class RejectedRequestException(IReadOnlyList<FieldFault> faults)
    : Exception(string.Join(" ", faults.Select(fault => fault.ToString())))
{
    /// <summary>Every faulty field.</summary>
    public IReadOnlyList<FieldFault> Faults { get; } = faults;
}
