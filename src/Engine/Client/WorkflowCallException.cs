namespace GopherFlow.Client;

/// <summary>Why a call to a workflow did nothing.</summary>
public enum CallFailure
{
    /// <summary>What was given is faulty; nothing is stored. The inner exception names each field.</summary>
    Rejected,

    /// <summary>There is no such workflow.</summary>
    NotFound,

    /// <summary>The workflow is not in a status in which that can be done.</summary>
    Conflict,
}

/// <summary>A call to a workflow that did nothing.</summary>
/// <param name="failure">Why.</param>
/// <param name="message">The same in words.</param>
/// <param name="inner">What the engine or the server said.</param>
public sealed class WorkflowCallException(CallFailure failure, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Why it did nothing.</summary>
    public CallFailure Failure { get; } = failure;
}
