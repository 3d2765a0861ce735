namespace GopherFlow.Client;

/// <summary>Why a call of the workflow client failed.</summary>
public enum CallFailure
{
    /// <summary>The request is invalid, and nothing is stored. The inner exception lists each invalid field.</summary>
    Rejected,

    /// <summary>The workflow does not exist.</summary>
    NotFound,

    /// <summary>The current status of the workflow does not allow the call.</summary>
    Conflict,
}

/// <summary>A call of the workflow client failed and had no effect.</summary>
/// <param name="failure">Why the call failed.</param>
/// <param name="message">A description of the failure.</param>
/// <param name="inner">The error that the engine or the server returned.</param>
public sealed class WorkflowCallException(CallFailure failure, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Why the call failed.</summary>
    public CallFailure Failure { get; } = failure;
}
