namespace GopherFlow.Storage;

/// <summary>
/// Thrown by a store when an OnCommit callback has failed, whatever the same exception would mean if the store itself had thrown it.
/// </summary>
/// <param name="failure">What the callback has thrown.</param>
internal sealed class CallbackFailedException(Exception failure) : Exception(failure.Message, failure)
{
    /// <summary>What the callback has thrown.</summary>
    public Exception Failure { get; } = failure;
}
