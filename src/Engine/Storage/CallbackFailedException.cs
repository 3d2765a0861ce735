namespace GopherFlow.Storage;

/// <summary>
/// Thrown by a store when an OnCommit callback has failed. Wraps the exception of the callback, which would have another meaning if the
/// store itself had thrown it.
/// </summary>
/// <param name="failure">The exception that the callback has thrown.</param>
internal sealed class CallbackFailedException(Exception failure) : Exception(failure.Message, failure)
{
    /// <summary>The exception that the callback has thrown.</summary>
    public Exception Failure { get; } = failure;
}
