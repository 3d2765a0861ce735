namespace GopherFlow.Testing;

/// <summary>
/// A workflow did not do what its test expects. The message contains the expected and the actual outcome, the path so far with attempts
/// and errors, and the diagram as text.
/// </summary>
public sealed class FlowTestException : Exception
{
    internal FlowTestException(string expected, string actual, string? details = null, Exception? inner = null)
        : base(
            $"Expected: {expected}{Environment.NewLine}But: {actual}"
                + (details is null ? "" : $"{Environment.NewLine}{Environment.NewLine}{details}"),
            inner
        ) => (Expected, Actual) = (expected, actual);

    /// <summary>A description of the expected outcome.</summary>
    public string Expected { get; }

    /// <summary>A description of the actual outcome.</summary>
    public string Actual { get; }
}
