namespace GopherFlow.Storage;

/// <summary>A variable cannot be set by hand to the given value.</summary>
/// <param name="expected">What was expected; completes the sentence "Expected …".</param>
internal sealed class InvalidVariableException(string expected) : Exception($"Expected {expected}.")
{
    /// <summary>What was expected; completes the sentence "Expected …".</summary>
    public string Expected { get; } = expected;
}
