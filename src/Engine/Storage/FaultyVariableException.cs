namespace GopherFlow.Storage;

/// <summary>A variable cannot be set by hand to the value that was given.</summary>
/// <param name="expected">What was expected, as the rest of a sentence.</param>
internal sealed class FaultyVariableException(string expected) : Exception($"Expected {expected}.")
{
    /// <summary>What was expected, as the rest of a sentence.</summary>
    public string Expected { get; } = expected;
}
