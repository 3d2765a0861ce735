namespace GopherFlow.Testing;

/// <summary>
/// A workflow did not do what its test expects. The message has what was expected, what came, the path so far with attempts and errors,
/// and the diagram as text.
/// </summary>
public sealed class FlowTestException : Exception
{
    internal FlowTestException(string expected, string actual, string? details = null, Exception? inner = null)
        : base(
            $"Expected: {expected}{Environment.NewLine}But: {actual}"
                + (details is null ? "" : $"{Environment.NewLine}{Environment.NewLine}{details}"),
            inner
        ) => (Expected, Actual) = (expected, actual);

    /// <summary>What was expected, in words.</summary>
    public string Expected { get; }

    /// <summary>What came instead, in words.</summary>
    public string Actual { get; }
}
